/** Describes each line of the log that is not a JSON object, or that reports an internal error. */
export function faultsOfLog(stderr: string): string[] {
  return stderr.split('\n').flatMap((line) => {
    if (line === '') return [];
    try {
      const { level, msg, stack } = JSON.parse(line) as Record<string, unknown>;
      return level === 'error' ? [`the log says: ${String(msg)} ${String(stack).slice(0, 800)}`] : [];
    } catch {
      return [`stderr held no line of the log: ${line.slice(0, 300)}`];
    }
  });
}

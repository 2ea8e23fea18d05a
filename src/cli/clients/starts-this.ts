import { type Place, pathsOf } from './find-clients.ts';

/** Whether a command is this program: by name; a clone may lie in a folder of any name, and then says what it is. */
export function startsThis(words: readonly string[], { platform, read }: Pick<Place, 'platform' | 'read'>): boolean {
  const { dirname, isAbsolute, join } = pathsOf(platform);
  return words.some((word) => {
    if (/cwm[-_]api[-_]gateway/i.test(word)) return true;
    if (!isAbsolute(word) || !/\.[cm]?[jt]s$/.test(word)) return false;
    const description = read(join(dirname(dirname(word)), 'package.json')) ?? '';
    return /"name"\s*:\s*"cwm-api-gateway-mcp"/.test(description);
  });
}

import { median } from '../figures.ts';
import type { Result } from './run-task.ts';
import type { Task } from './tasks.ts';

export interface Totals {
  kind: Task['kind'] | 'all';
  tasks: number;
  right: number;
  calls: number;
  callsMedian: number;
  inputTokens: number;
  outputTokens: number;
}

const kinds = ['question', 'change', 'ambiguous'] as const;

export function sumUp(results: readonly Result[]): Totals[] {
  const groups = kinds.map((kind) => ({ kind, of: results.filter(({ task }) => task.kind === kind) }));
  const all = { kind: 'all' as const, of: results };
  return [...groups.filter(({ of }) => of.length > 0), all].map(({ kind, of }) => {
    const sum = (value: (result: Result) => number) => of.map(value).reduce((total, one) => total + one, 0);
    return {
      kind,
      tasks: of.length,
      right: of.filter(({ wrong }) => wrong === undefined).length,
      calls: sum(({ calls }) => calls),
      callsMedian: of.length === 0 ? 0 : median(of.map(({ calls }) => calls)),
      inputTokens: sum(({ inputTokens }) => inputTokens),
      outputTokens: sum(({ outputTokens }) => outputTokens),
    };
  });
}

const count = (value: number) => value.toLocaleString('en');

export function renderTable(results: readonly Result[]): string[] {
  const failures = results.filter(({ wrong }) => wrong !== undefined);
  return [
    '| tasks | right | of | calls, median | calls | input tokens | output tokens |',
    '| --- | --: | --: | --: | --: | --: | --: |',
    ...sumUp(results).map(
      (one) =>
        `| ${[one.kind, one.right, one.tasks, one.callsMedian, ...[one.calls, one.inputTokens, one.outputTokens].map(count)].join(' | ')} |`,
    ),
    ...(failures.length > 0 ? [''] : []),
    ...failures.map(({ task, wrong }) => `- ${task.kind} ${task.id}: ${wrong}`),
  ];
}

/** Failures for reading: what was asked, said, called and answered. */
export function renderFailures(results: readonly Result[]): string {
  const failures = results.filter(({ wrong }) => wrong !== undefined);
  const parts = failures.map(({ task, wrong, said }) => {
    const lines = said.map(({ who, text }) => `**${who}**\n\n${fence(text)}`);
    return [`## ${task.kind} ${task.id}`, `Wrong: ${wrong}`, ...lines].join('\n\n');
  });
  return `# ${failures.length} failures\n\n${parts.join('\n\n')}\n`;
}

/** Longer than any fence in the text. */
function fence(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const ticks = '`'.repeat(longest + 1);
  return `${ticks}text\n${text}\n${ticks}`;
}

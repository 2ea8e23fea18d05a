import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

const file = join(import.meta.dirname, '..', 'docs', 'benchmarks.md');

/** What was run, where and when. */
export function describeRun(how: string, command: string): string {
  const machine = `Node ${process.versions.node}, ${process.platform} ${process.arch}, ${cpus().length} processors`;
  return `\`${command}\`, ${how}; ${machine}; ${new Date().toISOString().slice(0, 10)}.`;
}

/** Replaces the block `name` of docs/benchmarks.md by what a run just measured. */
export function writeFigures(name: string, how: string, command: string, lines: readonly string[]): void {
  const text = readFileSync(file, 'utf8');
  const block = new RegExp(`(<!-- begin ${name} -->\\n)[\\s\\S]*?(<!-- end ${name} -->)`);
  const body = `${lines.join('\n')}\n\n${describeRun(how, command)}\n`;
  writeFileSync(
    file,
    text.replace(block, (_whole, begin: string, end: string) => `${begin}${body}${end}`),
  );
}

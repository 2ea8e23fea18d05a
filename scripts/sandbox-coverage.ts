import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** Sections of docs/connectwise.md that the sandbox emulates; each of their facts needs its own test. */
const played = [
  '2.2',
  '2.3',
  '2.4',
  '2.5',
  '2.6',
  '2.7',
  '3',
  '4.2',
  '5.1',
  '5.2',
  '5.3',
  '5.4',
  '5.5',
  '5.6',
  '5.7',
  '5.8',
];

/** Numbers of the facts in those sections; a section without items is a fact itself. */
function listFacts(): string[] {
  const doc = readFileSync(join(root, 'docs/connectwise.md'), 'utf8');
  return played.flatMap((section) => {
    const items = [...doc.matchAll(/^- (\d+(?:\.\d+)+) /gm)].map(([, number = '']) => number);
    const own = items.filter((number) => number.replace(/\.\d+$/, '') === section);
    return own.length > 0 ? own : [section];
  });
}

/** Test files by fact, one entry for each test, group of tests or row of a table of tests that is named after it. */
function listTests(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const file of globSync('tests/sandbox/*.test.ts', { cwd: root }).sort()) {
    const text = readFileSync(join(root, file), 'utf8').replace(/^\s*\/\/.*$/gm, '');
    for (const [, list = ''] of text.matchAll(/['"`][^'"`\n]*?\bCW ((?:\d+(?:\.\d+)*(?:, (?:CW )?)?)+)/g)) {
      for (const [number] of list.matchAll(/\d+(?:\.\d+)*/g)) {
        found.set(number, [...(found.get(number) ?? []), basename(file)]);
      }
    }
  }
  return found;
}

/** The table for docs/sandbox.md: which facts have how many tests, and where. */
export function renderCoverage(): string {
  const tests = listTests();
  const facts = listFacts();
  const rows = facts.map((fact) => {
    const files = tests.get(fact) ?? [];
    const where = [...new Set(files)].map((file) => `\`${file}\``).join(', ');
    return `| ${fact} | ${files.length} | ${where} |`;
  });
  const covered = facts.filter((fact) => tests.has(fact));
  const total = covered.reduce((sum, fact) => sum + (tests.get(fact)?.length ?? 0), 0);
  return `${covered.length} of ${facts.length} facts of these sections have a test named after their number, ${total} in all.

| fact | tests | in \`tests/sandbox\` |
| --- | --- | --- |
${rows.join('\n')}
`;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './source-files.ts';

/** Numbers of the facts in docs/connectwise.md that rest on grade C or D, also in part. */
export function readWeakFacts(): string[] {
  const text = readFileSync(join(root, 'docs/connectwise.md'), 'utf8');
  // The letters are explained above the first section.
  const sections = text.slice(text.indexOf('\n## 1.'));
  const facts: { number: string; text: string }[] = [];
  let heading = '';
  for (const block of sections.split(/\n(?=#|- \d)|\n\n/)) {
    const [, section] = /^#+ (\d+(?:\.\d+)*)/.exec(block) ?? [];
    const [, item] = /^- (\d+(?:\.\d+)+) /.exec(block) ?? [];
    if (section !== undefined) heading = section;
    facts.push({ number: item ?? heading, text: block });
  }
  // `(C)`, `(A, C)`, `(D; the sandbox says yes)`, `(B for searches, C for records)`.
  const weak = facts.filter(({ text: said }) => /\((?:[^()]*[,;] )?[CD](?![\w-])[^()]*\)/.test(said));
  return [...new Set(weak.map(({ number }) => number))];
}

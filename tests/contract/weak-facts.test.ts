import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { probes } from '../../src/connectwise/probe/run-probes.ts';
import { root } from './source-files.ts';
import { readWeakFacts } from './weak-facts.ts';

const weak = readWeakFacts();
const document = readFileSync(join(root, 'docs/doctor.md'), 'utf8');
const excused = [...document.matchAll(/^\| (\d[\d., ]*) \| .{10,} \|$/gm)].flatMap(([, list = '']) => list.split(', '));
// A section whose items have no grades of their own is asked about by its items.
const isProbed = (fact: string) => probes.some((probe) => probe.fact === fact || probe.fact.startsWith(`${fact}.`));

test('every weak fact about ConnectWise is probed, or docs/doctor.md says why not', () => {
  expect(weak.length).toBeGreaterThan(80);
  expect(excused.length).toBeGreaterThan(30);
  expect(weak.filter((fact) => !isProbed(fact) && !excused.includes(fact))).toEqual([]);
});

test('docs/doctor.md excuses no fact that is probed, strong or unknown', () => {
  expect(excused.filter((fact) => isProbed(fact) || !weak.includes(fact))).toEqual([]);
});

test('probes name facts that docs/connectwise.md numbers', () => {
  const facts = readFileSync(join(root, 'docs/connectwise.md'), 'utf8');
  const numbered = new Set([...facts.matchAll(/^(?:- |#+ )(\d+(?:\.\d+)*)/gm)].map(([, number]) => number));
  expect(probes.filter(({ fact }) => !numbered.has(fact))).toEqual([]);
});

import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { backUp, rewriteFile } from '../../src/cli/user-files.ts';
import { makeFolder } from '../support/folders.ts';

const now = new Date('2026-03-10T15:00:00Z');
const isPosix = process.platform !== 'win32';
const modeOf = (file: string) => statSync(file).mode & 0o777;

function write(file: string, text: string, expected: string | undefined, holdsKeys = false): Promise<void> {
  const before = expected === undefined ? undefined : Buffer.from(expected);
  return rewriteFile(file, Buffer.from(text), { expected: before, holdsKeys });
}

test('a copy never takes the place of another, and is its owner’s alone', () => {
  using folder = makeFolder();
  const file = join(folder.path, 'a.json');
  expect(backUp(file, now)).toBeUndefined();
  writeFileSync(file, 'one', { mode: 0o644 });
  const first = backUp(file, now) ?? '';
  writeFileSync(file, 'two');
  const second = backUp(file, now) ?? '';
  expect([first, second].map((name) => name.slice(file.length))).toEqual([
    '.backup-2026-03-10-150000',
    '.backup-2026-03-10-150000-2',
  ]);
  expect([first, second].map((name) => readFileSync(name, 'utf8'))).toEqual(['one', 'two']);
  if (isPosix) expect(modeOf(first)).toBe(0o600);
});

test('a file keeps its mode; one with keys becomes its owner’s alone; nothing is left beside it', async () => {
  using folder = makeFolder();
  const file = join(folder.path, 'deep', 'a.json');
  await write(file, 'one', undefined);
  if (isPosix) expect(modeOf(file)).toBe(0o600);
  chmodSync(file, 0o644);
  await write(file, 'two', 'one');
  if (isPosix) expect(modeOf(file)).toBe(0o644);
  await write(file, 'three', 'two', true);
  if (isPosix) expect(modeOf(file)).toBe(0o600);
  expect(readdirSync(join(folder.path, 'deep'))).toEqual(['a.json']);
  expect(readFileSync(file, 'utf8')).toBe('three');
});

test.skipIf(!isPosix)('a link stays a link, and its target is written, there or not', async () => {
  using folder = makeFolder();
  const [real, link, further] = ['kept/real.json', 'link.json', 'further.json'].map((name) => join(folder.path, name));
  if (real === undefined || link === undefined || further === undefined) return;
  mkdirSync(join(folder.path, 'kept'));
  symlinkSync('kept/real.json', link);
  symlinkSync(link, further);
  await write(further, 'one', undefined);
  await write(further, 'two', 'one');
  expect(readlinkSync(link)).toBe('kept/real.json');
  expect(readlinkSync(further)).toBe(link);
  expect(readFileSync(real, 'utf8')).toBe('two');
});

test('a file that another program changed meanwhile is not touched', async () => {
  using folder = makeFolder();
  const file = join(folder.path, 'a.json');
  writeFileSync(file, 'theirs');
  await expect(write(file, 'ours', 'before')).rejects.toThrow(/changed by another program in the meantime/);
  await expect(write(file, 'ours', undefined)).rejects.toThrow(/changed by another program in the meantime/);
  expect(readFileSync(file, 'utf8')).toBe('theirs');
  expect(readdirSync(folder.path)).toEqual(['a.json']);
});

test('what cannot be written says which file and what to do', async () => {
  using folder = makeFolder();
  const file = join(folder.path, 'a.json');
  mkdirSync(join(file, 'x'), { recursive: true });
  await expect(write(file, 'ours', undefined)).rejects.toThrow(/a\.json cannot be (read|written) \(\w+\)/);
});

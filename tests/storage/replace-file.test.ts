import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { renamePatiently, replaceFile } from '../../src/core/files.ts';
import { createLog } from '../../src/core/log.ts';
import { makeFolder } from '../support/folders.ts';

test('a file is replaced as a whole, and a writing that fails leaves the old one and nothing else', async () => {
  using folder = makeFolder();
  const file = join(folder.path, 'x.txt');
  writeFileSync(file, 'old');
  const failing = replaceFile(file, (partial) => {
    writeFileSync(partial, 'half');
    throw new Error('disk full');
  });
  await expect(failing).rejects.toMatchObject({
    code: 'storage_failed',
    message: expect.stringContaining('disk full'),
  });
  expect(readFileSync(file, 'utf8')).toBe('old');
  await replaceFile(file, (partial) => writeFileSync(partial, 'new'));
  expect(readFileSync(file, 'utf8')).toBe('new');
  expect(readdirSync(folder.path)).toEqual(['x.txt']);
});

test('what a killed process left of the same file is removed after an hour, and nothing else', async () => {
  using folder = makeFolder();
  const file = join(folder.path, 'x.txt');
  const old = new Date(Date.now() - 3_700_000);
  for (const name of ['x.txt.partial-abc123', 'x.txt.partial-new456', 'y.txt.partial-abc123', 'x.txt.partial-mine']) {
    mkdirSync(join(folder.path, name));
    writeFileSync(join(folder.path, name, 'partial'), 'half');
    if (!name.includes('new')) utimesSync(join(folder.path, name), old, old);
  }
  await replaceFile(file, (partial) => writeFileSync(partial, 'new'));
  expect(readdirSync(folder.path).sort()).toEqual([
    'x.txt',
    'x.txt.partial-mine',
    'x.txt.partial-new456',
    'y.txt.partial-abc123',
  ]);
});

/** As Windows refuses while a virus scanner looks at the file. */
const held = (code: string) => Object.assign(new Error(code), { code });

test.each(['EPERM', 'EACCES', 'EBUSY'])('%s for a moment is waited for', async (code) => {
  let attempts = 0;
  await renamePatiently(() => {
    attempts += 1;
    if (attempts < 3) throw held(code);
  });
  expect(attempts).toBe(3);
});

test('what does not pass is an error: at once, or after ten attempts', async () => {
  let attempts = 0;
  const count = (code: string) => () => {
    attempts += 1;
    throw held(code);
  };
  await expect(renamePatiently(count('ENOENT'))).rejects.toThrow('ENOENT');
  expect(attempts).toBe(1);
  attempts = 0;
  await expect(renamePatiently(count('EPERM'))).rejects.toThrow('EPERM');
  expect(attempts).toBe(10);
});

test('a log that cannot be set aside goes on', async () => {
  using folder = makeFolder();
  const file = join(folder.path, 'gateway.log');
  writeFileSync(file, 'x'.repeat(200));
  // What Windows does where another server has the older log open: it does not let it be replaced.
  mkdirSync(join(folder.path, 'gateway.log.1', 'in the way'), { recursive: true });
  const log = createLog({ level: 'info', file, maxBytes: 100, redact: (text) => text, stderr: { write: () => true } });
  log.info('still here');
  await log.flush();
  expect(readFileSync(file, 'utf8')).toContain('still here');
  expect(existsSync(join(folder.path, 'gateway.log.1', 'in the way'))).toBe(true);
});

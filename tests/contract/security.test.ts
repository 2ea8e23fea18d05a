import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { options } from '../../src/config/settings.ts';
import { root } from './source-files.ts';

const security = readFileSync(join(root, 'SECURITY.md'), 'utf8');

const testsIn = (text: string) => [...text.matchAll(/`((?:tests|src)\/\S+\.test\.ts)`/g)].map(([, path = '']) => path);

test('each threat of SECURITY.md names the tests that show its defence', () => {
  const threats = security.split(/^\*\*\d+\. /m).slice(1);
  expect(threats.length).toBeGreaterThan(0);
  expect(threats.filter((threat) => testsIn(threat).length === 0)).toEqual([]);
});

test('every test that SECURITY.md names exists', () => {
  const named = testsIn(security);
  expect(new Set(named).size).toBeGreaterThan(20);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test('keys have no command-line flag', () => {
  const secret = Object.values(options).filter((option) => 'secret' in option);
  expect(secret.map(({ variable }) => variable)).toEqual([
    'CONNECTWISE_PUBLIC_KEY',
    'CONNECTWISE_PRIVATE_KEY',
    'CONNECTWISE_CLIENT_ID',
  ]);
  expect(secret.filter((option) => 'flag' in option)).toEqual([]);
});

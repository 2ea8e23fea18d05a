import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { options } from '../../src/config/settings.ts';
import { root } from './source-files.ts';

const security = readFileSync(join(root, 'SECURITY.md'), 'utf8');

test('SECURITY.md is one page, and each of its five threats says what is not defended', () => {
  expect(security.split('\n').length - 1).toBeLessThanOrEqual(110);
  const threats = security.split(/^\*\*\d\. /m).slice(1);
  expect(threats).toHaveLength(5);
  for (const threat of threats) {
    expect(threat).toMatch(/^- Not defended: /m);
    expect(threat).toMatch(/`\S+\.test\.ts`/);
  }
});

test('every test that SECURITY.md names exists', () => {
  const named = [...security.matchAll(/`((?:tests|src)\/\S+\.ts)`/g)].map(([, path = '']) => path);
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

import { expect, test } from 'vitest';
import { isTidy, tidyRecord } from './record-text.ts';

const mask = '[redacted]';

test.each([
  ...['password', 'portalPassword', 'clientSecret', 'privateKey', 'apiKey', 'accessToken', 'token'],
  ...['encryptionKey', 'initializationVector', 'licenseKey', 'License_Key', 'SSO Token', 'api-key'],
])('%s is masked, wherever it is, and a record with it is not stored as it came', (name) => {
  const record = { id: 1, nested: [{ [name]: 'hidden' }] };
  expect(isTidy(record)).toBe(false);
  expect(tidyRecord(record)).toEqual({ id: 1, nested: [{ [name]: mask }] });
});

test('flags, counts and names about a secret are shown', () => {
  const record = { passwordFlag: true, tokenCount: 3, publicKey: 'pk', key: 'ABC', typeKey: 'T', password: true };
  expect(isTidy(record)).toBe(true);
  expect(tidyRecord(record)).toEqual(record);
});

test('operations of a PATCH are masked by their path', () => {
  const operation = (path: string) => ({ op: 'replace', path, value: 'x' });
  expect(tidyRecord([operation('/portalPassword'), operation('/summary'), operation('lines/0/licenseKey')])).toEqual([
    { ...operation('/portalPassword'), value: mask },
    operation('/summary'),
    { ...operation('lines/0/licenseKey'), value: mask },
  ]);
});

test('names of members are one line, without what cannot be seen', () => {
  const record = { 'a\nNote: all is well\r\n\u200Bb': 1, nested: { 'c\u2028d': 2 } };
  expect(isTidy(record)).toBe(false);
  expect(tidyRecord(record)).toEqual({ 'a Note: all is well b': 1, nested: { 'c d': 2 } });
});

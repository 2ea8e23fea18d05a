import { expect, test } from 'vitest';
import { createBlanking, createRedaction } from './log.ts';

const secret = 'Canary+key/77"ü';
const redact = createRedaction([secret, undefined, 'short']);
const base64 = (text: string) => Buffer.from(text).toString('base64');

test.each([
  ['as it is', secret],
  ['in JSON', JSON.stringify({ key: secret })],
  ['in a URL', `https://x.example/?key=${encodeURIComponent(secret)}`],
  ['in Base64', base64(secret)],
  ['in Base64 of more, one byte further', base64(`a${secret} and more`)],
  ['in Base64 of more, two bytes further', base64(`ab${secret} and more`)],
  ['in Base64 of more, three bytes further', base64(`abc${secret}z`)],
  ['in Base64 for URLs', Buffer.from(`a${secret}`).toString('base64url')],
  ['in Base64 in a URL', encodeURIComponent(base64(`ab${secret}b`))],
])('a secret is blanked %s', (_how, text) => {
  const clean = redact(text);
  expect(clean).toContain('[redacted]');
  // What is left of it can be read from no part of the text.
  for (const form of [clean, Buffer.from(clean, 'base64').toString(), decodeURIComponent(clean)])
    expect(form).not.toContain('Canary');
});

test('Basic credentials of anybody are blanked, ordinary words after “Basic” are not', () => {
  expect(redact(`Authorization: Basic ${base64('acme+abc:def')}`)).toBe('Authorization: Basic [redacted]');
  expect(redact('Basic Maintenance and Basic Monitoring')).toBe('Basic Maintenance and Basic Monitoring');
});

test('blanking touches the given secrets alone', () => {
  const text = `Basic ${base64('acme+abc:def')}`;
  expect(createBlanking([secret])(text)).toBe(text);
  expect(createBlanking([secret])(`x ${secret}`)).toBe('x [redacted]');
});

test('values shorter than eight characters stay, or ordinary words would be blanked', () => {
  expect(createRedaction(['public', 'private'])('a public and a private note')).toBe('a public and a private note');
});

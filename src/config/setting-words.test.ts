import { expect, test } from 'vitest';
import { GatewayError } from '../core/errors.ts';
import { createSettingWords } from './setting-words.ts';

const words = createSettingWords({
  CONNECTWISE_EXTENSION_FIELDS: 'publicKey privateKey',
  CONNECTWISE_COMPANY_ID: 'acme',
});

test.each([
  ['CONNECTWISE_PUBLIC_KEY is not set.', '“Public key” is not set.'],
  ['Check CONNECTWISE_COMPANY_ID.', 'Check “Company id” (built into this extension).'],
  ['Put it into CONNECTWISE_CA_FILE.', 'Put it into caFile in config.json of the data folder.'],
  ['CONNECTWISE_DATA_DIR "x" is not a folder.', 'CONNECTWISE_DATA_DIR "x" is not a folder.'],
  ['CONNECTWISE_UNHEARD_OF', 'CONNECTWISE_UNHEARD_OF'],
  ['`doctor` tests them.', '`GET /gateway/status` tests them.'],
])('in an extension, %j reads %j', (text, expected) => {
  expect(words.inText(text)).toBe(expected);
});

test('an error that names a field says where the fields are, once', () => {
  const error = new GatewayError('not_configured', 'CONNECTWISE_PUBLIC_KEY, CONNECTWISE_PRIVATE_KEY are not set.');
  const { code, message, hint } = words.inError(error);
  expect(code).toBe('not_configured');
  expect(message).toBe('“Public key”, “Private key” are not set.');
  expect(hint.match(/Settings > Extensions/g)).toHaveLength(1);
});

test('an error that names no field has nothing to look for', () => {
  const error = new GatewayError('record_not_found', 'There is no ticket 5.');
  expect(words.inError(error)).toMatchObject({ message: error.message, hint: error.hint });
});

test('elsewhere, and where the host left its placeholder, variables stay variables', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: hosts leave it as it stands in the manifest
  for (const environment of [{}, { CONNECTWISE_EXTENSION_FIELDS: '${user_config.fields}' }]) {
    const error = new GatewayError('not_configured', 'CONNECTWISE_PUBLIC_KEY is not set.');
    expect(createSettingWords(environment).inError(error)).toBe(error);
  }
});

import { describe, expect, test } from 'vitest';
import { GatewayError } from '../core/errors.ts';
import {
  basicAuthorization,
  type CredentialSettings,
  findCredentialMistakes,
  readCredentials,
  secretsOf,
} from './credentials.ts';
import { readConnection } from './site.ts';

const guid = '0f8fad5b-d9cb-469f-a165-70867728950e';
const keys = { publicKey: 'pubKey1234567890', privateKey: 'privKey1234567890' };

describe('the user name is made of company and public key', () => {
  test.each<[string, CredentialSettings, string, string]>([
    ['the company without a prefix', { companyId: 'acme', clientId: guid }, 'acme+pubKey1234567890', 'acme'],
    [
      'a prefix with its plus',
      { companyId: 'acme', authPrefix: 'acme+', clientId: guid },
      'acme+pubKey1234567890',
      'acme',
    ],
    ['a prefix without', { companyId: 'acme', authPrefix: 'acme', clientId: guid }, 'acme+pubKey1234567890', 'acme'],
    [
      'a prefix that differs',
      { companyId: 'acme', authPrefix: 'other+', clientId: guid },
      'other+pubKey1234567890',
      'other',
    ],
    ['a company with a plus', { companyId: 'acme+', clientId: guid }, 'acme+pubKey1234567890', 'acme'],
    [
      'a client id in the company, company in the prefix',
      { companyId: guid, authPrefix: 'acme+' },
      'acme+pubKey1234567890',
      'acme',
    ],
    ['white space around', { companyId: ' acme ', clientId: ` {${guid}} ` }, 'acme+pubKey1234567890', 'acme'],
    ['a prefix alone', { authPrefix: 'acme', clientId: guid }, 'acme+pubKey1234567890', 'acme'],
  ])('%s', (_, settings, userName, company) => {
    expect(readCredentials({ ...keys, ...settings })).toEqual({
      userName,
      company,
      clientId: guid,
      password: keys.privateKey,
    });
  });

  test('a client id of its own wins over one in the company', () => {
    const credentials = readCredentials({
      ...keys,
      companyId: guid,
      authPrefix: 'acme+',
      clientId: 'another-client-id',
    });
    expect(credentials.clientId).toBe('another-client-id');
  });
});

describe('what is missing is named, all of it', () => {
  test.each<[CredentialSettings, string[]]>([
    [{}, ['CONNECTWISE_COMPANY_ID', 'CONNECTWISE_PUBLIC_KEY', 'CONNECTWISE_PRIVATE_KEY', 'CONNECTWISE_CLIENT_ID']],
    [{ ...keys, companyId: 'acme' }, ['CONNECTWISE_CLIENT_ID']],
    [{ ...keys, companyId: guid }, ['CONNECTWISE_COMPANY_ID']],
    [{ companyId: 'acme', clientId: guid, publicKey: '  ', privateKey: 'x' }, ['CONNECTWISE_PUBLIC_KEY']],
  ])('%j', (settings, missing) => {
    expect(() => readCredentials(settings)).toThrow(
      expect.objectContaining({ code: 'not_configured', details: { settings: missing } }),
    );
  });

  test('a client id instead of the company is explained', () => {
    expect(() => readCredentials({ ...keys, companyId: guid })).toThrow(/holds a client id .* CONNECTWISE_AUTH_PREFIX/);
  });

  test('the site counts too', () => {
    expect(() => readConnection({ ...keys, companyId: 'acme' })).toThrow(
      expect.objectContaining({ details: { settings: ['CONNECTWISE_API_URL', 'CONNECTWISE_CLIENT_ID'] } }),
    );
    expect(
      readConnection({ ...keys, companyId: 'acme', clientId: guid, apiUrl: 'eu.myconnectwise.net' }).site.host,
    ).toBe('api-eu.myconnectwise.net');
  });
});

describe('what cannot be sent is refused without repeating it', () => {
  test.each<[CredentialSettings, string]>([
    [{ companyId: 'ac:me', clientId: guid }, 'CONNECTWISE_COMPANY_ID'],
    [{ authPrefix: 'ac:me', clientId: guid }, 'CONNECTWISE_AUTH_PREFIX'],
    [{ companyId: 'acme', publicKey: 'c4n4ry:key', clientId: guid }, 'CONNECTWISE_PUBLIC_KEY'],
    [{ companyId: 'acme', clientId: 'c4n4ry\r\nx-evil: 1' }, 'CONNECTWISE_CLIENT_ID'],
  ])('%j', (settings, name) => {
    const refuse = () => readCredentials({ ...keys, ...settings });
    expect(refuse).toThrow(expect.objectContaining({ code: 'configuration_invalid', details: { field: name } }));
    expect(refuse).toThrow(GatewayError);
    expect(refuse).not.toThrow(/c4n4ry/);
  });
});

test('the secrets are both keys, the client id and their encoded form', () => {
  const credentials = readCredentials({ ...keys, companyId: 'acme', clientId: guid });
  const encoded = Buffer.from('acme+pubKey1234567890:privKey1234567890').toString('base64');
  expect(basicAuthorization(credentials)).toBe(`Basic ${encoded}`);
  expect(secretsOf(credentials)).toEqual([keys.privateKey, keys.publicKey, guid, encoded]);
});

const good = {
  companyId: 'acme',
  publicKey: 'Ab1Cd2Ef3Gh4Ij5K',
  privateKey: 'Zy9Xw8Vu7Ts6Rq5P',
  clientId: '6f0ad7a0-6f0c-4e6e-9a3b-2f1c54c1f1aa',
};
const anyGuid = '11111111-2222-4333-8444-555555555555';

describe('what people copy wrongly is named, not shown', () => {
  test.each([
    ['quotes around a key', { privateKey: '"Zy9Xw8Vu7Ts6Rq5P"' }, 'CONNECTWISE_PRIVATE_KEY', 'quotes'],
    ['curly quotes', { publicKey: '“Ab1Cd2Ef3Gh4Ij5K”' }, 'CONNECTWISE_PUBLIC_KEY', 'quotes'],
    ['a key in two pieces', { privateKey: 'Zy9Xw8Vu 7Ts6Rq5P' }, 'CONNECTWISE_PRIVATE_KEY', 'white space'],
    [
      'a line break',
      { clientId: `${anyGuid.slice(0, 9)}\n${anyGuid.slice(9)}` },
      'CONNECTWISE_CLIENT_ID',
      'white space',
    ],
    ['the text of an example', { publicKey: 'your public key' }, 'CONNECTWISE_PUBLIC_KEY', 'placeholder'],
    ['the GUID of an example', { clientId: '00000000-0000-0000-0000-000000000000' }, 'CLIENT_ID', 'placeholder'],
    ['the site as company', { companyId: 'https://na.myconnectwise.net' }, 'CONNECTWISE_COMPANY_ID', 'address'],
    ['company and key as company', { companyId: 'acme+Ab1Cd2Ef3Gh4Ij5K' }, 'CONNECTWISE_COMPANY_ID', 'more than'],
    ['company and key as key', { publicKey: 'acme+Ab1Cd2Ef3Gh4Ij5K' }, 'CONNECTWISE_PUBLIC_KEY', 'plus sign'],
    ['the same key twice', { privateKey: good.publicKey }, 'CONNECTWISE_PRIVATE_KEY', 'the same'],
    ['a client id as key', { publicKey: anyGuid }, 'CONNECTWISE_PUBLIC_KEY', 'GUID'],
    ['a key as client id', { clientId: good.publicKey }, 'CONNECTWISE_CLIENT_ID', 'not a GUID'],
  ])('%s', (_, wrong, setting, problem) => {
    const mistakes = findCredentialMistakes({ ...good, ...wrong });
    expect(mistakes[0]?.setting).toContain(setting);
    expect(mistakes[0]?.problem).toContain(problem);
    const said = JSON.stringify(mistakes);
    for (const value of Object.values(wrong)) expect(said).not.toContain(value.slice(0, 12));
  });

  test('settings that are as they should be, or missing, are none', () => {
    expect(findCredentialMistakes(good)).toEqual([]);
    expect(findCredentialMistakes({})).toEqual([]);
    expect(findCredentialMistakes({ ...good, companyId: 'acme+', clientId: `{${anyGuid}}` })).toEqual([]);
    expect(findCredentialMistakes({ ...good, companyId: anyGuid, authPrefix: 'acme+' })).toEqual([]);
  });
});

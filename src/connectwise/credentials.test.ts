import { describe, expect, test } from 'vitest';
import { GatewayError } from '../core/errors.ts';
import { readConnection } from './connection.ts';
import { basicAuthorization, type CredentialSettings, readCredentials, secrets } from './credentials.ts';

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

  test('a client id in the place of the company is explained', () => {
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
  expect(secrets(credentials)).toEqual([keys.privateKey, keys.publicKey, guid, encoded]);
});

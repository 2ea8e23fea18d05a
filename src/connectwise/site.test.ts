import { describe, expect, test } from 'vitest';
import { GatewayError } from '../core/errors.ts';
import { findRecordLink, parseSite, parseWrittenSite } from './site.ts';

const cloud = 'https://api-na.myconnectwise.net/v4_6_release/apis/3.0';

describe('a site is understood however it is written', () => {
  test.each([
    ['https://na.myconnectwise.net/v4_6_release/apis/3.0', cloud],
    ['https://api-na.myconnectwise.net/v4_6_release/apis/3.0/', cloud],
    ['na.myconnectwise.net', cloud],
    ['  API-NA.MyConnectWise.net  ', cloud],
    ['https://na.myconnectwise.net/', cloud],
    ['https://na.myconnectwise.net:443/v4_6_release', cloud],
    ['https://na.myconnectwise.net/apis/3.0', cloud],
    ['https://na.myconnectwise.net/v4_6_release/apis/3.0/apis/3.0', cloud],
    ['https://na.myconnectwise.net//v4_6_release/apis/3.0/v4_6_release/apis/3.0//', cloud],
    ['https://eu.myconnectwise.net/v2025_1/apis/3.0', 'https://api-eu.myconnectwise.net/v2025_1/apis/3.0'],
    ['au.myconnectwise.net', 'https://api-au.myconnectwise.net/v4_6_release/apis/3.0'],
    ['aus.myconnectwise.net', 'https://api-aus.myconnectwise.net/v4_6_release/apis/3.0'],
    ['za.myconnectwise.net', 'https://api-za.myconnectwise.net/v4_6_release/apis/3.0'],
    ['staging.connectwisedev.com', 'https://api-staging.connectwisedev.com/v4_6_release/apis/3.0'],
    ['sandbox-na.myconnectwise.net', 'https://sandbox-na.myconnectwise.net/v4_6_release/apis/3.0'],
    ['connect.example.com:8443', 'https://connect.example.com:8443/v4_6_release/apis/3.0'],
    ['https://connect.example.com/v4_6_release', 'https://connect.example.com/v4_6_release/apis/3.0'],
    ['http://127.0.0.1:9000/v4_6_release/apis/3.0', 'http://127.0.0.1:9000/v4_6_release/apis/3.0'],
    ['http://localhost:9000', 'http://localhost:9000/v4_6_release/apis/3.0'],
    ['http://[::1]:9000', 'http://[::1]:9000/v4_6_release/apis/3.0'],
    ['https://na.myconnectwise.net/v2025_1/ConnectWise.aspx?locale=en_US#startscreen', cloud],
    ['na.myconnectwise.net/v4_6_release/connectwise.aspx', cloud],
  ])('%s', (written, root) => {
    expect(parseSite(written).root).toBe(root);
  });

  test('host and code base are read apart', () => {
    expect(parseSite('Connect.Example.com:8443/v2025_1')).toEqual({
      origin: 'https://connect.example.com:8443',
      host: 'connect.example.com:8443',
      codebase: 'v2025_1',
      root: 'https://connect.example.com:8443/v2025_1/apis/3.0',
    });
  });
});

describe('what cannot be a site is refused with the name of the setting', () => {
  test.each([
    ['', 'not a host'],
    ['https://', 'not a host'],
    ['two words', 'not a host'],
    ['https://na.myconnectwise.net\\@evil.example', 'not a host'],
    ['http://na.myconnectwise.net', 'https://'],
    ['http://localhost.evil.example', 'https://'],
    ['http://127.0.0.1.evil.example', 'https://'],
    ['ftp://na.myconnectwise.net', 'https://'],
    ['file:///etc/passwd', 'not a host'],
    ['https://na.myconnectwise.net/v4_6_release/apis/3.0/service/tickets', 'path'],
    ['https://na.myconnectwise.net/login', 'path'],
    ['https://na.myconnectwise.net/v4_6_release/apis/3.0?x=1', 'more than'],
    ['https://na.myconnectwise.net/#x', 'more than'],
  ])('%s', (written, reason) => {
    expect(() => parseSite(written)).toThrow(
      expect.objectContaining({
        code: 'configuration_invalid',
        message: expect.stringContaining(`CONNECTWISE_API_URL${written === '' ? '' : ` "${written}"`}`),
      }),
    );
    expect(() => parseSite(written)).toThrow(reason);
  });

  test('a password in the URL is not repeated', () => {
    const refuse = () => parseSite('https://acme+key:c4n4ry-private@na.myconnectwise.net');
    expect(refuse).toThrow(GatewayError);
    expect(refuse).not.toThrow(/c4n4ry/);
  });
});

const codebase = 'v4_6_release';

test.each([
  [
    'api-na.myconnectwise.net',
    '/service/tickets/4711',
    'https://na.myconnectwise.net/v4_6_release/services/system_io/Service/fv_sr100_request.rails?service_recid=4711',
  ],
  [
    'psa.example.com:8443',
    '/project/tickets/5',
    'https://psa.example.com:8443/v4_6_release/services/system_io/Service/fv_sr100_request.rails?service_recid=5',
  ],
])('a ticket at %s %s is opened at its page', (host, path, link) => {
  expect(findRecordLink({ host, codebase }, path)).toBe(link);
});

test.each([
  ['127.0.0.1:8080', '/service/tickets/1'],
  ['', '/service/tickets/1'],
  ['api-na.myconnectwise.net', '/service/tickets/1/notes'],
  ['api-na.myconnectwise.net', '/company/companies/1'],
])('nothing is invented for %s %s', (host, path) => {
  expect(findRecordLink({ host, codebase }, path)).toBeUndefined();
});

const cloudSite = 'https://api-na.myconnectwise.net/v4_6_release/apis/3.0';

test.each([
  ['na', cloudSite],
  ['NA', cloudSite],
  ['na.myconnectwise.net', cloudSite],
  ['https://na.myconnectwise.net/', cloudSite],
  ['<https://na.myconnectwise.net>', cloudSite],
  ['http://na.myconnectwise.net', cloudSite],
  ['https://na.myconnectwise.net/v2025_1/ConnectWise.aspx?fullscreen=false&locale=en_US#startscreen=sr200', cloudSite],
  ['https://na.myconnectwise.net/v4_6_release/services/system_io/router/openrecord.rails?recordType=1', cloudSite],
  ['https://na.myconnectwise.net/v2024_1/apis/3.0', cloudSite],
  ['https://eu.myconnectwise.net/login', 'https://api-eu.myconnectwise.net/v4_6_release/apis/3.0'],
  ['psa.example.com/v4_6_release/ConnectWise.aspx', 'https://psa.example.com/v4_6_release/apis/3.0'],
  ['https://psa.example.com:8443/x', 'https://psa.example.com:8443/v4_6_release/apis/3.0'],
  ['http://psa.example.com:80/x', 'https://psa.example.com/v4_6_release/apis/3.0'],
  ['http://127.0.0.1:8080/anything', 'http://127.0.0.1:8080/v4_6_release/apis/3.0'],
])('%s is understood as its API', (written, root) => {
  expect(parseWrittenSite(written).root).toBe(root);
});

test.each([
  ['keys in the address', 'https://acme+key:secret@na.myconnectwise.net/x'],
  ['a sentence', 'our server'],
  ['another protocol', 'ftp://na.myconnectwise.net/x'],
])('%s is refused, and what may be a secret is not repeated', (_name, written) => {
  expect(() => parseWrittenSite(written)).toThrow(/site|CONNECTWISE_API_URL/i);
  try {
    parseWrittenSite(written);
  } catch (error) {
    expect(String(error)).not.toContain('secret');
  }
});

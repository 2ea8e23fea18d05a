import { expect, test } from 'vitest';
import { parseWrittenSite } from './written-site.ts';

const cloud = 'https://api-na.myconnectwise.net/v4_6_release/apis/3.0';

test.each([
  ['na', cloud],
  ['NA', cloud],
  ['na.myconnectwise.net', cloud],
  ['https://na.myconnectwise.net/', cloud],
  ['<https://na.myconnectwise.net>', cloud],
  ['http://na.myconnectwise.net', cloud],
  ['https://na.myconnectwise.net/v2025_1/ConnectWise.aspx?fullscreen=false&locale=en_US#startscreen=sr200', cloud],
  ['https://na.myconnectwise.net/v4_6_release/services/system_io/router/openrecord.rails?recordType=1', cloud],
  ['https://na.myconnectwise.net/v2024_1/apis/3.0', cloud],
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

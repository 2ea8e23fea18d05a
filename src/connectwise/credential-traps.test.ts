import { describe, expect, test } from 'vitest';
import { findCredentialTraps } from './credential-traps.ts';

const good = {
  companyId: 'acme',
  publicKey: 'Ab1Cd2Ef3Gh4Ij5K',
  privateKey: 'Zy9Xw8Vu7Ts6Rq5P',
  clientId: '6f0ad7a0-6f0c-4e6e-9a3b-2f1c54c1f1aa',
};
const guid = '11111111-2222-4333-8444-555555555555';

describe('what people copy wrongly is named, not shown', () => {
  test.each([
    ['quotes around a key', { privateKey: '"Zy9Xw8Vu7Ts6Rq5P"' }, 'CONNECTWISE_PRIVATE_KEY', 'quotes'],
    ['curly quotes', { publicKey: '“Ab1Cd2Ef3Gh4Ij5K”' }, 'CONNECTWISE_PUBLIC_KEY', 'quotes'],
    ['a key in two pieces', { privateKey: 'Zy9Xw8Vu 7Ts6Rq5P' }, 'CONNECTWISE_PRIVATE_KEY', 'white space'],
    ['a line break', { clientId: `${guid.slice(0, 9)}\n${guid.slice(9)}` }, 'CONNECTWISE_CLIENT_ID', 'white space'],
    ['the text of an example', { publicKey: 'your public key' }, 'CONNECTWISE_PUBLIC_KEY', 'placeholder'],
    ['the GUID of an example', { clientId: '00000000-0000-0000-0000-000000000000' }, 'CLIENT_ID', 'placeholder'],
    ['the site as company', { companyId: 'https://na.myconnectwise.net' }, 'CONNECTWISE_COMPANY_ID', 'address'],
    ['company and key as company', { companyId: 'acme+Ab1Cd2Ef3Gh4Ij5K' }, 'CONNECTWISE_COMPANY_ID', 'more than'],
    ['company and key as key', { publicKey: 'acme+Ab1Cd2Ef3Gh4Ij5K' }, 'CONNECTWISE_PUBLIC_KEY', 'plus sign'],
    ['the same key twice', { privateKey: good.publicKey }, 'CONNECTWISE_PRIVATE_KEY', 'the same'],
    ['a client id as key', { publicKey: guid }, 'CONNECTWISE_PUBLIC_KEY', 'GUID'],
    ['a key as client id', { clientId: good.publicKey }, 'CONNECTWISE_CLIENT_ID', 'no GUID'],
  ])('%s', (_, wrong, setting, problem) => {
    const traps = findCredentialTraps({ ...good, ...wrong });
    expect(traps[0]?.setting).toContain(setting);
    expect(traps[0]?.problem).toContain(problem);
    const said = JSON.stringify(traps);
    for (const value of Object.values(wrong)) expect(said).not.toContain(value.slice(0, 12));
  });

  test('settings that are as they should be, or missing, are none', () => {
    expect(findCredentialTraps(good)).toEqual([]);
    expect(findCredentialTraps({})).toEqual([]);
    expect(findCredentialTraps({ ...good, companyId: 'acme+', clientId: `{${guid}}` })).toEqual([]);
    expect(findCredentialTraps({ ...good, companyId: guid, authPrefix: 'acme+' })).toEqual([]);
  });
});

import { generateKeyPairSync, sign } from 'node:crypto';

export interface Certificate {
  cert: string;
  key: string;
}

const tag = { integer: 0x02, bits: 0x03, octets: 0x04, oid: 0x06, text: 0x0c, time: 0x18, sequence: 0x30, set: 0x31 };

/** A value in DER: tag, length, content. */
function der(type: number, ...contents: Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.of(type, ...size), content]);
}

const oid = (hex: string) => der(tag.oid, Buffer.from(hex, 'hex'));
const time = (date: Date) =>
  der(tag.time, Buffer.from(`${date.toISOString().replace(/\D/g, '').slice(0, 14)}Z`, 'latin1'));

/** A certificate for 127.0.0.1 that signs itself (RFC 5280), so that no key is in the repository. */
export function makeCertificate(validFrom: Date, validTo: Date): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const ecdsaWithSha256 = der(tag.sequence, oid('2a8648ce3d040302'));
  const name = der(tag.sequence, der(tag.set, der(tag.sequence, oid('550403'), der(tag.text, Buffer.from('test')))));
  const isAuthority = der(tag.sequence, oid('551d13'), der(tag.octets, der(tag.sequence, Buffer.of(1, 1, 255))));
  const address = der(0x87, Buffer.of(127, 0, 0, 1));
  const alternativeName = der(tag.sequence, oid('551d11'), der(tag.octets, der(tag.sequence, address)));
  const body = der(
    tag.sequence,
    der(0xa0, der(tag.integer, Buffer.of(2))),
    der(tag.integer, Buffer.of(1)),
    ecdsaWithSha256,
    name,
    der(tag.sequence, time(validFrom), time(validTo)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(tag.sequence, isAuthority, alternativeName)),
  );
  const signature = der(tag.bits, Buffer.of(0), sign('sha256', body, privateKey));
  const base64 = der(tag.sequence, body, ecdsaWithSha256, signature).toString('base64');
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

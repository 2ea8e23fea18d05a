import * as z from 'zod';
import { options } from '../../config/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { readJson } from '../../core/json.ts';

const names = ['publicKey', 'privateKey', 'clientId'] as const;
type Keys = Partial<Record<(typeof names)[number], string>>;

/** Far more than keys are. */
const maxBytes = 20_000;

/** @throws GatewayError `usage` for anything but lines or a JSON object of keys; the text is never repeated */
export async function readKeysFrom(stdin: AsyncIterable<Uint8Array | string>): Promise<Keys> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    chunks.push(Buffer.from(chunk));
    size += chunk.length;
    if (size > maxBytes) throw unreadable();
  }
  return parseKeys(Buffer.concat(chunks).toString('utf8'));
}

/** JSON by the names of settings or of variables; otherwise public key, private key and client id, a line each. */
export function parseKeys(text: string): Keys {
  const clean = text.replace(/^\uFEFF/, '').trim();
  if (clean.startsWith('{')) return parseObject(clean);
  const lines = clean.split(/\r?\n/).map((line) => line.trim());
  if (clean === '' || lines.length > names.length) throw unreadable();
  return Object.fromEntries(lines.flatMap((line, index) => (line === '' ? [] : [[names[index] ?? '', line]])));
}

function parseObject(text: string): Keys {
  const parsed = z.record(z.string(), z.string()).safeParse(readJson(text));
  if (!parsed.success) throw unreadable();
  const found = names.map((name) => [name, parsed.data[name] ?? parsed.data[options[name].variable]] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined));
}

function unreadable(): GatewayError {
  return new GatewayError('usage', 'What stands on stdin is not what --keys-from-stdin takes.', {
    hint: 'Give the public key, the private key and the client id, a line each; or JSON: {"publicKey": …, "privateKey": …, "clientId": …}.',
  });
}

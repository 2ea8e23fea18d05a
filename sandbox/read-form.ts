import type { Call } from './call.ts';
import { refusal } from './refusal.ts';

/** A form as a browser sends it; of members that come twice the last one counts. */
export interface Form {
  texts: ReadonlyMap<string, string>;
  file?: { name: string; mediaType: string; bytes: Uint8Array<ArrayBuffer> };
}

export function isForm(headers: Headers): boolean {
  return headers.get('content-type')?.toLowerCase().startsWith('multipart/form-data') === true;
}

/** @throws GatewayError 415 for any other kind of body (CW 4.2.24), 400 for a form that is broken off */
export async function readForm({ headers, content }: Pick<Call, 'headers' | 'content'>): Promise<Form> {
  if (!isForm(headers))
    throw refusal(415, { code: 'ConnectWiseApi', message: 'The request must be multipart/form-data.' });
  const texts = new Map<string, string>();
  let file: Form['file'];
  for (const [name, value] of await parse(headers, content)) {
    if (typeof value === 'string') texts.set(name.toLowerCase(), value);
    else file = { name: value.name, mediaType: value.type, bytes: new Uint8Array(await value.arrayBuffer()) };
  }
  return file === undefined ? { texts } : { texts, file };
}

/** The platform knows how to read forms; a response is its way in for bytes at hand. */
async function parse(headers: Headers, content: Uint8Array<ArrayBuffer>): Promise<FormData> {
  try {
    return await new Response(content, {
      headers: { 'content-type': headers.get('content-type') ?? '' },
    }).formData();
  } catch {
    throw refusal(400, { code: 'ConnectWiseApi', message: 'The multipart form could not be read.' });
  }
}

import type { GatewayError } from '../../src/core/errors.ts';
import type { Schemas } from '../definitions.ts';
import { shortName } from '../definitions.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import type { Call } from './call.ts';
import { refusal } from './refusal.ts';

/** @throws GatewayError 400 for text that is not JSON */
export function parseBody(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw refusal(400, { code: 'ConnectWiseApi', message: 'The request body is not valid JSON.' });
  }
}

/**
 * The body of a POST or PUT, with every member known to the schema, nested objects included: the deserialiser of
 * ConnectWise is strict (CW 5.1).
 * @throws GatewayError 400
 */
export function readRecordBody(schemas: Schemas, schema: string, text: string): JsonObject {
  const body = parseBody(text);
  if (!isObject(body)) {
    throw refusal(400, {
      code: 'InvalidObject',
      message: `The body must be an object of type '${shortName(schema)}'.`,
    });
  }
  refuseUnknownMembers(schemas, schema, body, { text, path: '' });
  return body;
}

/** The body that the definition names for a call's endpoint; an empty one counts as `{}` where that is allowed. */
export function readCallBody({ context, endpoint, body }: Call, { mayBeEmpty = false } = {}): JsonObject {
  return mayBeEmpty && body.trim() === '' ? {} : readRecordBody(context.schemas, endpoint.body?.schema ?? '', body);
}

interface Place {
  text: string;
  path: string;
}

function refuseUnknownMembers(schemas: Schemas, schema: string, body: JsonObject, place: Place): void {
  if (schemas.find(schema) === undefined) return;
  for (const [name, value] of Object.entries(body)) {
    const member = schemas.member(schema, name);
    const path = place.path === '' ? name : `${place.path}.${name}`;
    if (member === undefined) throw missingMember(schema, name, { text: place.text, path });
    // `_info` holds whatever hrefs the record has.
    if (name === '_info' || member.schema === undefined) continue;
    const elements = Array.isArray(value) ? value : [value];
    for (const [index, element] of elements.entries()) {
      const inner = Array.isArray(value) ? `${path}[${index}]` : path;
      if (isObject(element)) refuseUnknownMembers(schemas, member.schema, element, { text: place.text, path: inner });
    }
  }
}

/** CW 2.7, 4.2: verbatim, without a space before "Check". Line and position are those behind the member's colon. */
export function missingMember(schema: string, name: string, { text, path }: Place): GatewayError {
  const quoted = JSON.stringify(name).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const found = new RegExp(`${quoted}\\s*:`).exec(text);
  const before = text.slice(0, found === null ? text.length : found.index + found[0].length);
  const line = before.split('\n').length;
  const position = before.length - (before.lastIndexOf('\n') + 1);
  return refusal(400, {
    code: 'ConnectWiseApi',
    message:
      `Could not find member '${name}' on object of type '${shortName(schema)}'. Path '${path}', line ${line}, ` +
      `position ${position}.Check your accept header to make sure you are using the correct version.`,
  });
}

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
  for (const [name, value] of await parseForm(headers, content)) {
    if (typeof value === 'string') texts.set(name.toLowerCase(), value);
    else file = { name: value.name, mediaType: value.type, bytes: new Uint8Array(await value.arrayBuffer()) };
  }
  return file === undefined ? { texts } : { texts, file };
}

/** The platform knows how to read forms; a response is its way in for bytes at hand. */
async function parseForm(headers: Headers, content: Uint8Array<ArrayBuffer>): Promise<FormData> {
  try {
    return await new Response(content, {
      headers: { 'content-type': headers.get('content-type') ?? '' },
    }).formData();
  } catch {
    throw refusal(400, { code: 'ConnectWiseApi', message: 'The multipart form could not be read.' });
  }
}

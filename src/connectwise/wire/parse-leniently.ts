import { decodeText } from '../answer.ts';
import type { HttpAnswer } from '../client.ts';

/** JSON where it is JSON, text otherwise, nothing for nothing: whoever examines a server wants what it says. */
export function parseLeniently({ body, headers }: Pick<HttpAnswer, 'body' | 'headers'>): unknown {
  const text = decodeText(body, headers['content-type'] ?? '').replace(/^\uFEFF/, '');
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

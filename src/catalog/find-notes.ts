import type { Endpoint } from './endpoint.ts';
import { notes } from './notes.ts';
import { pathKey } from './path-template.ts';

/** What people learnt the hard way about an endpoint, or about the schema it takes or answers with. */
export function findNotes({ method, path, body, response }: Endpoint): readonly string[] {
  const key = pathKey(path);
  const subjects = new Set([
    key,
    `${method.toLowerCase()} ${key}`,
    ...(isCount(key) ? [] : [body?.schema, response?.schema]),
  ]);
  return known.filter(({ about }) => about.some((subject) => subjects.has(subject))).map(({ text }) => text);
}

const isCount = (key: string) => key.endsWith('/count');

/** Paths and methods in lower case, as `pathKey` has them; names of schemas as they are. */
const normalise = (subject: string) => (subject.includes('/') ? subject.toLowerCase() : subject);

const known = notes.map(({ about, text }) => ({ about: about.map(normalise), text }));

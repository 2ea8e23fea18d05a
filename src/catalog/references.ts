import { isRecord, type JsonObject } from '../core/json.ts';

const deepest = 32;

/** Follows `$ref`s inside the document until something else is found; undefined for what leads nowhere or in a circle. */
export function resolveReference(document: JsonObject, node: unknown): JsonObject | undefined {
  let current: unknown = node;
  for (let step = 0; step < deepest; step++) {
    if (!isRecord(current)) return undefined;
    if (typeof current.$ref !== 'string') return current;
    current = lookUp(document, current.$ref);
  }
  return undefined;
}

/** The raw name of the component schema that `node` refers to, such as `Company.Configuration`. */
export function referredSchema(node: JsonObject): string | undefined {
  const prefix = '#/components/schemas/';
  if (typeof node.$ref !== 'string' || !node.$ref.startsWith(prefix)) return undefined;
  return unescapePointer(node.$ref.slice(prefix.length));
}

function lookUp(document: JsonObject, reference: string): unknown {
  if (!reference.startsWith('#/')) return undefined;
  let current: unknown = document;
  for (const step of reference.slice(2).split('/')) {
    if (!isRecord(current)) return undefined;
    current = current[unescapePointer(step)];
  }
  return current;
}

/** RFC 6901 within a URI fragment: percent encoding outside, `~1` and `~0` inside. */
function unescapePointer(step: string): string {
  const plain = /%[0-9a-f]{2}/i.test(step) ? decodeSafely(step) : step;
  return plain.replaceAll('~1', '/').replaceAll('~0', '~');
}

function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

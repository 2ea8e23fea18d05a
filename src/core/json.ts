export type JsonObject = Record<string, unknown>;

/**
 * A plain object, as JSON makes them: the guard before members are listed or spread. Arrays, bytes, dates and maps are
 * objects of the language too, and a file would have a member for each of its bytes.
 */
export function isRecord(value: unknown): value is JsonObject {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** The value where it is an object with members, else an empty one. */
export function asObject(value: unknown): JsonObject {
  return isRecord(value) ? value : {};
}

/** The value where it is an array, else an empty one. */
export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value of a JSON text, also behind the byte order mark of Windows editors; undefined where it is not JSON. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

/** The array of a JSON text, which some clients send in place of an array; undefined for any other text. */
export function readArray(text: string): unknown[] | undefined {
  const value = /^\s*\[/.test(text) ? readJson(text) : undefined;
  return Array.isArray(value) ? value : undefined;
}

/** An id without the `#` that people write before the number of a ticket. */
export const withoutHash = (text: string): string => text.replace(/^\s*#\s*(?=\d+\s*$)/, '').trim();

/** More levels than any record or body of ConnectWise has; without a limit, recursion over a value exhausts the stack. */
export const maxLevels = 100;

/** Whether a value holds more than `maxLevels` of objects and arrays inside each other. */
export function isTooDeep(value: unknown, levels = maxLevels): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) return value.some((item) => isTooDeep(item, levels - 1));
  for (const name in value) if (isTooDeep((value as JsonObject)[name], levels - 1)) return true;
  return false;
}

/** The trimmed text; undefined for a blank one and for other values. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** A copy without the members that are undefined, which `exactOptionalPropertyTypes` does not accept for absent ones. */
export function defined<T extends object>(value: { [K in keyof T]: T[K] | undefined }): T {
  // One pass without intermediate lists: a reply about one endpoint makes dozens of these.
  const copy: Partial<T> = {};
  for (const name of Object.keys(value) as (keyof T)[]) {
    if (value[name] !== undefined) copy[name] = value[name];
  }
  return copy as T;
}

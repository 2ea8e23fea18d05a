/** What a record is made of. */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

export interface JsonObject {
  [name: string]: JsonValue;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The id inside a stored reference `{ id }`, or undefined where there is none. */
export function referenceId(value: JsonValue | undefined): number | undefined {
  return isObject(value) && typeof value.id === 'number' ? value.id : undefined;
}

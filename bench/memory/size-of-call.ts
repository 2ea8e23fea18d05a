import type { Reply } from '../../tests/support/connect.ts';

/** Bytes of the arguments and of the reply without the records that were asked for. */
export function sizeOfCall(given: Readonly<Record<string, unknown>>, { data, text, isError }: Reply): number {
  const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value) ?? '');
  if (isError || data === undefined) return bytes(given) + Buffer.byteLength(text);
  const { table: _table, profile: _profile, record: _record, ...instructions } = data;
  return bytes(given) + bytes(instructions);
}

import type { Member } from '../../src/catalog/endpoint.ts';
import type { Context } from '../context.ts';
import { isPostOnly } from '../definitions.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { expandReference } from '../references.ts';
import type { StoredRecord } from '../store.ts';

/** `fields` as a tree, in lower case: `id,status/id` holds `id`, and `status` which holds `id`. A leaf is empty. */
export type Wanted = ReadonlyMap<string, Wanted>;

interface Branch extends Map<string, Branch> {}

/** Undefined where all members are wanted. */
export function parseFields(text: string | undefined): Wanted | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  // Since 2018.4 a star gives only the id (CW 2.6).
  if (text.trim() === '*') return new Map([['id', new Map()]]);
  const wanted: Branch = new Map();
  for (const path of text.toLowerCase().split(',')) {
    let branch = wanted;
    for (const name of path.trim().split('/')) {
      const next: Branch = branch.get(name) ?? new Map();
      branch.set(name, next);
      branch = next;
    }
  }
  return wanted;
}

export interface Showing {
  /** Answer with this schema's members: `BoardInfo` shows fewer than `Board`. */
  schema: string;
  wanted?: Wanted | undefined;
  /** Address of the API root, for the hrefs. */
  root: string;
}

/**
 * A record as an answer shows it: references expanded, members without a value left out (CW 5.1), `_info` last and
 * only where no `fields` were named or it is among them (CW 2.6). Unknown names in `fields` are ignored.
 */
export function showRecord(
  context: Context,
  record: StoredRecord,
  { schema, wanted, root }: Showing,
  hrefs: JsonObject,
): JsonObject {
  const shown: JsonObject = {};
  if (context.schemas.member(schema, 'id') !== undefined && (wanted === undefined || wanted.has('id')))
    shown.id = record.id;
  for (const member of context.schemas.find(schema)?.members ?? []) {
    const { name } = member;
    const inner = wanted?.get(name.toLowerCase());
    if (name === 'id' || name === '_info' || (wanted !== undefined && inner === undefined) || isPostOnly(member))
      continue;
    if (context.role.hidden.has(name)) continue;
    const value = showMember(context, member, record.value[name], root);
    if (value !== undefined && value !== null) shown[name] = prune(value, inner);
  }
  if (wanted === undefined || wanted.has('_info')) {
    shown._info = prune({ ...record.stamps, ...hrefs }, wanted?.get('_info'));
  }
  return shown;
}

function showMember(
  context: Context,
  { name, schema, type }: Member,
  value: JsonValue | undefined,
  root: string,
): JsonValue | undefined {
  // A few twins show the name of what the record refers to.
  if (type !== 'object' && isObject(value)) return value.name;
  if (schema === undefined || value === undefined) return value;
  if (isObject(value)) return showObject(context, schema, name, value, root);
  if (!Array.isArray(value)) return value;
  return value.map((element) => (isObject(element) ? showObject(context, schema, name, element, root) : element));
}

function showObject(context: Context, schema: string, name: string, value: JsonObject, root: string): JsonObject {
  if (schema.endsWith('Reference')) return expandReference(context, schema, name, value, root);
  // Rows of custom fields show their null; nothing else does (CW 5.13).
  if (schema === 'CustomFieldValue') return value;
  const shown: JsonObject = {};
  for (const member of context.schemas.find(schema)?.members ?? []) {
    const inner = showMember(context, member, value[member.name], root);
    if (inner !== undefined && inner !== null) shown[member.name] = inner;
  }
  return shown;
}

function prune(value: JsonValue, wanted: Wanted | undefined): JsonValue {
  if (wanted === undefined || wanted.size === 0) return value;
  if (Array.isArray(value)) return value.map((element) => prune(element, wanted));
  if (!isObject(value)) return value;
  const kept: JsonObject = {};
  for (const [name, inner] of Object.entries(value)) {
    const deeper = wanted.get(name.toLowerCase());
    if (deeper !== undefined) kept[name] = prune(inner, deeper);
  }
  return kept;
}

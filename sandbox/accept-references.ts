import type { Member } from '../src/catalog/endpoint.ts';
import type { Collection } from './collections.ts';
import { isObject, type JsonObject, type JsonValue, referenceId } from './json.ts';
import { resolveReference } from './references.ts';
import type { FieldError } from './refusal.ts';
import type { World } from './world.ts';

/**
 * Turns every reference of a body into what is stored, `{ id }`, in place. References to records of a parent are
 * looked up among the records of the same parent as the draft's own: a ticket's status among those of its board.
 */
export function acceptReferences(
  world: World,
  collection: Collection,
  draft: JsonObject,
  id: number | undefined,
): FieldError[] {
  const errors: FieldError[] = [];
  const members = world.schemas.find(collection.schema)?.members ?? [];
  const isNested = (member: Member) => world.collections.find(targetOf(world, member) ?? '')?.parentKey !== undefined;
  // Those that confine others come first, so that the others find them resolved.
  for (const member of [...members.filter((one) => !isNested(one)), ...members.filter(isNested)]) {
    const given = draft[member.name];
    if (given === undefined || given === null || member.schema === undefined) continue;
    const scope = parentScope(world, collection, draft, member, id);
    draft[member.name] = acceptValue(world, member, given, scope, member.name, errors);
  }
  return errors;
}

function targetOf(world: World, { schema }: Member): string | undefined {
  return schema === undefined ? undefined : world.targetOf(schema);
}

/** Id of the record below which a reference must lie, where the draft names one. */
function parentScope(world: World, collection: Collection, draft: JsonObject, member: Member, id: number | undefined) {
  const parentKey = world.collections.find(targetOf(world, member) ?? '')?.parentKey;
  if (parentKey === undefined) return undefined;
  // A company's own site.
  if (parentKey === collection.key) return id;
  // `billToSite` belongs to `billToCompany`, and to `company` where that is not given.
  const prefix = /^(billTo|shipTo)/.exec(member.name)?.[1];
  const owners = (world.schemas.find(collection.schema)?.members ?? []).filter(
    (other) => targetOf(world, other) === parentKey,
  );
  const named = owners.filter(
    ({ name }) => prefix !== undefined && name.startsWith(prefix) && referenceId(draft[name]) !== undefined,
  );
  const owner = named[0] ?? owners[0];
  return owner === undefined ? undefined : referenceId(draft[owner.name]);
}

function acceptValue(
  world: World,
  member: Member,
  given: JsonValue,
  scope: number | undefined,
  path: string,
  errors: FieldError[],
): JsonValue {
  if (Array.isArray(given)) {
    return given.map((element, index) => acceptValue(world, member, element, scope, `${path}[${index}]`, errors));
  }
  if (!isObject(given) || member.schema === undefined) return given;
  const key = world.targetOf(member.schema);
  if (key === undefined) return acceptObject(world, member.schema, given, path, errors);
  const resolved = resolveReference(world, key, given, scope);
  if (!('message' in resolved)) return { id: resolved.id };
  errors.push({ code: 'NotFound', message: resolved.message, field: `${path}/${resolved.by}` });
  return given;
}

/** An object that is no reference may hold references: a communication item its type. */
function acceptObject(world: World, schema: string, given: JsonObject, path: string, errors: FieldError[]): JsonObject {
  const accepted: JsonObject = {};
  for (const [name, value] of Object.entries(given)) {
    const member = world.schemas.member(schema, name);
    accepted[name] =
      member === undefined ? value : acceptValue(world, member, value, undefined, `${path}/${name}`, errors);
  }
  return accepted;
}

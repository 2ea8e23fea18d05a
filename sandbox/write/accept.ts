import type { Member } from '../../src/catalog/index.ts';
import type { Context } from '../context.ts';
import type { Collection } from '../definitions.ts';
import { resourceOf } from '../definitions.ts';
import { isObject, type JsonObject, type JsonValue, referenceId } from '../json.ts';
import { resolveReference } from '../references.ts';
import type { Draft } from '../rules/rule.ts';
import { ruleOf } from '../rules/rules.ts';
import { type FieldError, invalidObject } from '../server/refusal.ts';
import { checkRecord, missing, type Origin } from './check-record.ts';

/** Brings a draft into the form that is stored, or throws every error at once. */
export function accept(context: Context, draft: Draft, origin: Origin): void {
  const { collection, before } = draft;
  setParent(context, draft);
  const rule = ruleOf(collection.key);
  for (const name of rule.computed ?? []) {
    const stored = before?.value[name];
    if (stored === undefined) delete draft.value[name];
    else draft.value[name] = stored;
  }
  settleReferences(context, draft);
  rule.complete?.(context, draft);
  if (origin.kind === 'post') fillForUpdates(context, draft);
  for (const [name, value] of Object.entries(draft.value)) if (value === null) delete draft.value[name];
  joinLines(context, draft);
  const errors = acceptReferences(context, collection, draft.value, draft.id);
  errors.push(...checkRecord(context.schemas, collection.schema, draft.value, origin));
  errors.push(...neededErrors(context, draft, rule.needed ?? [], errors));
  // Rules look at what references mean, so these must hold first.
  if (errors.length === 0) errors.push(...(rule.check?.(context, draft) ?? []));
  if (errors.length > 0) throw invalidObject(resourceOf(collection.schema), errors);
  rule.derive?.(context, draft);
}

/** Members that are required although the definition does not say so, unless their absence is already reported. */
function neededErrors(
  context: Context,
  { collection, value }: Draft,
  names: readonly string[],
  errors: readonly FieldError[],
) {
  const { schema } = collection;
  return names
    .filter((name) => value[name] === undefined)
    .map((name) => missing({ name, schema: context.schemas.member(schema, name)?.schema }))
    .filter(({ field }) => !errors.some((error) => error.field === field));
}

/** Texts up to this length are one-line fields, which lose their line breaks (CW 5.1.7). */
const longestLine = 100;

function joinLines(context: Context, { collection, value }: Draft): void {
  for (const [name, text] of Object.entries(value)) {
    if (typeof text !== 'string' || !/[\r\n]/.test(text)) continue;
    const { maxLength = Number.POSITIVE_INFINITY } = context.schemas.member(collection.schema, name) ?? {};
    if (maxLength <= longestLine) value[name] = text.replace(/[\r\n]+/g, ' ');
  }
}

/** What later updates will require is filled in when a record is made (CW 5.1); location and department are numbers 1. */
function fillForUpdates(context: Context, { collection, value }: Draft): void {
  for (const { name, requiredOnUpdate, enum: allowed } of context.schemas.find(collection.schema)?.members ?? []) {
    if (requiredOnUpdate !== true) continue;
    const standard = allowed?.[0] ?? (name === 'locationId' || name === 'businessUnitId' ? 1 : undefined);
    if (standard !== undefined) value[name] ??= standard;
  }
}

/** A record below another names its parent: `ticketId` of a note, `company` of a site. */
function setParent(context: Context, { collection, parents, value }: Draft): void {
  const parent = context.collections.find(collection.parentKey ?? '');
  const id = parents.at(-1);
  if (parent === undefined || id === undefined) return;
  for (const [name, link] of Object.entries(parentLinks(context, collection, parent, id))) value[name] = link;
}

function parentLinks(
  context: Context,
  collection: Collection,
  parent: Collection,
  id: number,
): Record<string, JsonValue> {
  const segment = parent.template.split('/').at(-1) ?? '';
  const singular = segment
    .replace(/ies$/, 'y')
    .replace(/(ss|us)es$/, '$1')
    .replace(/s$/, '');
  const links: Record<string, JsonValue> = {};
  for (const member of context.schemas.find(collection.schema)?.members ?? []) {
    if (member.schema !== undefined && member.type === 'object' && context.targetOf(member.schema) === parent.key) {
      // Other references of the same kind, such as a parent company, come after the owner.
      if (!Object.values(links).some(isObject)) links[member.name] = { id };
    } else if (member.type === 'integer' && member.name.toLowerCase() === `${singular.toLowerCase()}id`) {
      links[member.name] = id;
    }
  }
  return links;
}

/**
 * Defaults follow from what references mean: a board's default status, a company's site. So those that a body gives by
 * name are looked up first. One that means nothing, or that waits for its parent's default, is left to the checks.
 */
function settleReferences(context: Context, { collection, value, id }: Draft): void {
  const settled: JsonObject = { ...value };
  acceptReferences(context, collection, settled, id);
  for (const member of context.schemas.find(collection.schema)?.members ?? []) {
    const { name, type } = member;
    const given = settled[name];
    if (type !== 'object' || given === undefined) continue;
    const parentKey = context.collections.find(targetOf(context, member) ?? '')?.parentKey;
    if (parentKey === undefined || parentScope(context, collection, settled, member, id) !== undefined)
      value[name] = given;
  }
}

/**
 * Turns every reference of a body into what is stored, `{ id }`, in place. References to records of a parent are
 * looked up among the records of the same parent as the draft's own: a ticket's status among those of its board.
 */
function acceptReferences(
  context: Context,
  collection: Collection,
  draft: JsonObject,
  id: number | undefined,
): FieldError[] {
  const errors: FieldError[] = [];
  const members = context.schemas.find(collection.schema)?.members ?? [];
  const isNested = (member: Member) =>
    context.collections.find(targetOf(context, member) ?? '')?.parentKey !== undefined;
  // Parents first: a status is looked up on the board that is already resolved.
  for (const member of [...members.filter((one) => !isNested(one)), ...members.filter(isNested)]) {
    const given = draft[member.name];
    if (given === undefined || given === null || member.schema === undefined) continue;
    const scope = parentScope(context, collection, draft, member, id);
    draft[member.name] = acceptValue(context, member, given, scope, member.name, errors);
  }
  return errors;
}

function targetOf(context: Context, { schema }: Member): string | undefined {
  return schema === undefined ? undefined : context.targetOf(schema);
}

/** Id of the record that must be the parent of a referenced record, where the draft names one. */
function parentScope(
  context: Context,
  collection: Collection,
  draft: JsonObject,
  member: Member,
  id: number | undefined,
) {
  const parentKey = context.collections.find(targetOf(context, member) ?? '')?.parentKey;
  if (parentKey === undefined) return undefined;
  // A company's own site.
  if (parentKey === collection.key) return id;
  // `billToSite` belongs to `billToCompany`, and to `company` where that is not given.
  const prefix = /^(billTo|shipTo)/.exec(member.name)?.[1];
  const owners = (context.schemas.find(collection.schema)?.members ?? []).filter(
    (other) => targetOf(context, other) === parentKey,
  );
  const named = owners.filter(
    ({ name }) => prefix !== undefined && name.startsWith(prefix) && referenceId(draft[name]) !== undefined,
  );
  const owner = named[0] ?? owners[0];
  return owner === undefined ? undefined : referenceId(draft[owner.name]);
}

function acceptValue(
  context: Context,
  member: Member,
  given: JsonValue,
  scope: number | undefined,
  path: string,
  errors: FieldError[],
): JsonValue {
  if (Array.isArray(given)) {
    return given.map((element, index) => acceptValue(context, member, element, scope, `${path}[${index}]`, errors));
  }
  if (!isObject(given) || member.schema === undefined) return given;
  const key = context.targetOf(member.schema);
  if (key === undefined) return acceptObject(context, member.schema, given, path, errors);
  const resolved = resolveReference(context, key, given, scope);
  if (!('message' in resolved)) return { id: resolved.id };
  errors.push({ code: 'NotFound', message: resolved.message, field: `${path}/${resolved.by}` });
  return given;
}

/** An object that is not a reference may contain references: a communication item has a type. */
function acceptObject(
  context: Context,
  schema: string,
  given: JsonObject,
  path: string,
  errors: FieldError[],
): JsonObject {
  const accepted: JsonObject = {};
  for (const [name, value] of Object.entries(given)) {
    const member = context.schemas.member(schema, name);
    accepted[name] =
      member === undefined ? value : acceptValue(context, member, value, undefined, `${path}/${name}`, errors);
  }
  return accepted;
}

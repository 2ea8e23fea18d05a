import { acceptReferences } from './accept-references.ts';
import { checkRecord, missing, type Origin } from './check-record.ts';
import type { Collection } from './collections.ts';
import { isObject, type JsonValue } from './json.ts';
import { resourceOf } from './kinds.ts';
import { type FieldError, invalidObject } from './refusal.ts';
import type { Draft } from './rules/rule.ts';
import { ruleOf } from './rules/rules.ts';
import type { World } from './world.ts';

/** Brings a draft into the shape that is kept, or throws every error at once. */
export function accept(world: World, draft: Draft, origin: Origin): void {
  const { collection, before } = draft;
  setParent(world, draft);
  const rule = ruleOf(collection.key);
  for (const name of rule.computed ?? []) {
    const stored = before?.value[name];
    if (stored === undefined) delete draft.value[name];
    else draft.value[name] = stored;
  }
  rule.complete?.(world, draft);
  if (origin.kind === 'post') fillForUpdates(world, draft);
  for (const [name, value] of Object.entries(draft.value)) if (value === null) delete draft.value[name];
  joinLines(world, draft);
  const errors = acceptReferences(world, collection, draft.value, draft.id);
  errors.push(...checkRecord(world.schemas, collection.schema, draft.value, origin));
  errors.push(...neededErrors(world, draft, rule.needed ?? [], errors));
  // Rules look at what references mean, so these must hold first.
  if (errors.length === 0) errors.push(...(rule.check?.(world, draft) ?? []));
  if (errors.length > 0) throw invalidObject(resourceOf(collection.schema), errors);
  rule.derive?.(world, draft);
}

/** Members that are enforced though the definition leaves them free; those found missing already are not said twice. */
function neededErrors(
  world: World,
  { collection, value }: Draft,
  names: readonly string[],
  errors: readonly FieldError[],
) {
  const { schema } = collection;
  return names
    .filter((name) => value[name] === undefined)
    .map((name) => missing({ name, schema: world.schemas.member(schema, name)?.schema }))
    .filter(({ field }) => !errors.some((error) => error.field === field));
}

/** Fields of one line are short ones: they lose their line breaks (CW 5.1.7). */
const longestLine = 100;

function joinLines(world: World, { collection, value }: Draft): void {
  for (const [name, text] of Object.entries(value)) {
    if (typeof text !== 'string' || !/[\r\n]/.test(text)) continue;
    const { maxLength = Number.POSITIVE_INFINITY } = world.schemas.member(collection.schema, name) ?? {};
    if (maxLength <= longestLine) value[name] = text.replace(/[\r\n]+/g, ' ');
  }
}

/** What later updates will require is filled in when a record is made (CW 5.1); location and department are numbers 1. */
function fillForUpdates(world: World, { collection, value }: Draft): void {
  for (const { name, requiredOnUpdate, enum: allowed } of world.schemas.find(collection.schema)?.members ?? []) {
    if (requiredOnUpdate !== true) continue;
    const standard = allowed?.[0] ?? (name === 'locationId' || name === 'businessUnitId' ? 1 : undefined);
    if (standard !== undefined) value[name] ??= standard;
  }
}

/** A record below another names its parent: `ticketId` of a note, `company` of a site. */
function setParent(world: World, { collection, parents, value }: Draft): void {
  const parent = world.collections.find(collection.parentKey ?? '');
  const id = parents.at(-1);
  if (parent === undefined || id === undefined) return;
  for (const [name, link] of Object.entries(parentLinks(world, collection, parent, id))) value[name] = link;
}

function parentLinks(world: World, collection: Collection, parent: Collection, id: number): Record<string, JsonValue> {
  const segment = parent.template.split('/').at(-1) ?? '';
  const singular = segment
    .replace(/ies$/, 'y')
    .replace(/(ss|us)es$/, '$1')
    .replace(/s$/, '');
  const links: Record<string, JsonValue> = {};
  for (const member of world.schemas.find(collection.schema)?.members ?? []) {
    if (member.schema !== undefined && member.type === 'object' && world.targetOf(member.schema) === parent.key) {
      // Other references of the same kind, such as a parent company, come after the owner.
      if (!Object.values(links).some(isObject)) links[member.name] = { id };
    } else if (member.type === 'integer' && member.name.toLowerCase() === `${singular.toLowerCase()}id`) {
      links[member.name] = id;
    }
  }
  return links;
}

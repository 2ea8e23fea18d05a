import { defined } from '../core/json.ts';
import type { Catalog } from './catalog.ts';
import { dateKindOf } from './date-kinds.ts';
import { isReference, type Member } from './endpoint.ts';
import type { ReferenceTargets } from './reference-targets.ts';

/** A member as a caller needs it; absent means no, or none. */
export interface DescribedMember {
  name: string;
  /** `string`, `integer`, `number`, `boolean`, `date-time`, `date-only`, `object`, `reference`, and `…[]` of each. */
  type: string;
  required?: true;
  maxLength?: number;
  enum?: readonly string[];
  /** Number of values where `enum` shows the first only. */
  enumCount?: number;
  /** Schema of the object, or of the elements. */
  schema?: string;
  /** Where the records are listed that the reference may name. */
  listedBy?: string;
  description?: string;
}

export interface OpenedMember extends DescribedMember {
  nullable?: true;
  requiredOnUpdate?: true;
  /** What the object, or an element, consists of. */
  members?: readonly DescribedMember[];
}

/** Longer enumerations show their beginning; opened members show all. */
const shownEnum = 12;

/** One line about a member of the schema `owner`; what it consists of is for `openMember`. */
export function describeMember(
  catalog: Catalog,
  targets: ReferenceTargets,
  member: Member,
  owner = '',
): DescribedMember {
  const { values, count } = clipped(member.enum);
  const reference = member.schema !== undefined && isReference(catalog.findSchema(member.schema));
  return defined<DescribedMember>({
    name: member.name,
    type: typeOf(member, reference, owner),
    required: member.required ? true : undefined,
    maxLength: member.maxLength,
    enum: values,
    enumCount: count,
    schema: reference ? undefined : member.schema,
    listedBy: reference && member.schema !== undefined ? targets.listOf(member.schema) : undefined,
  });
}

/** Everything known about a member. */
export function openMember(catalog: Catalog, targets: ReferenceTargets, member: Member, owner = ''): OpenedMember {
  const { enumCount: _, ...line } = describeMember(catalog, targets, member, owner);
  const inner = member.schema === undefined ? undefined : catalog.findSchema(member.schema);
  return defined<OpenedMember>({
    ...line,
    schema: member.schema,
    enum: member.enum,
    nullable: member.nullable ? true : undefined,
    requiredOnUpdate: member.requiredOnUpdate ? true : undefined,
    description: member.description,
    members: inner?.members
      .filter(({ name }) => name !== '_info')
      .map((part) => describeMember(catalog, targets, part, inner.name)),
  } as { [K in keyof OpenedMember]: OpenedMember[K] | undefined });
}

function typeOf(member: Member, reference: boolean, owner: string): string {
  if (member.type === 'array') return `${reference ? 'reference' : (member.itemType ?? 'object')}[]`;
  if (reference) return 'reference';
  return dateKindOf(owner, member) ?? member.type;
}

function clipped(values: readonly string[] | undefined): {
  values?: readonly string[] | undefined;
  count?: number | undefined;
} {
  if (values === undefined || values.length <= shownEnum) return { values };
  return { values: values.slice(0, shownEnum), count: values.length };
}

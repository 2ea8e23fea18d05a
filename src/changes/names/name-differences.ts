import type { Schema } from '../../catalog/index.ts';
import type { Named } from '../../connectwise/lookups/match-names.ts';
import { GatewayError } from '../../core/errors.ts';
import { isRecord } from '../../core/json.ts';
import type { MemberDifference } from '../change.ts';
import { isReferenceValue } from '../wording.ts';
import { parentsOf } from './parents.ts';
import type { NameContext } from './resolve-names.ts';

/** Each name may cost a request; a preview that needs more says the numbers. */
const maxLookups = 6;

type Values = Readonly<Record<string, unknown>>;

export interface Naming {
  schema: Schema | undefined;
  path: string;
  /** The record as it is going to be, or the body of a new one. */
  after: Values;
  record?: Values | undefined;
  /** What was looked up already. */
  known: ReadonlyMap<string, Named>;
  signal?: AbortSignal | undefined;
}

export interface NamedMembers {
  names: Map<string, Named>;
  warnings: string[];
}

/** The names of references that stand as a bare id in these members, so that a person reads `Closed` and not 17. */
export async function nameMembers(
  context: NameContext,
  members: readonly string[],
  { schema, path, after, record, known, signal }: Naming,
): Promise<NamedMembers> {
  const names = new Map(known);
  const warnings: string[] = [];
  const asked = members
    .filter((member) => !names.has(member) && idOf(after[member]) !== undefined)
    .slice(0, maxLookups);
  await Promise.all(
    asked.map(async (member) => {
      const target = schema?.members.find(({ name }) => name === member)?.schema;
      const kind = target === undefined ? undefined : context.lookups.findKind(target);
      const id = idOf(after[member]);
      if (schema === undefined || kind === undefined || id === undefined) return;
      const parents = parentsOf(member, { schema: schema.name, path, body: after, record });
      try {
        const { matchedBy, ...named } = await context.lookups.resolve(kind.kind, id, parents, signal);
        names.set(member, named);
      } catch (error) {
        if (!(error instanceof GatewayError) || error.code === 'cancelled') throw error;
        // A name only makes the preview plainer, so it goes without; that the record is missing is worth a word.
        if (error.code === 'invalid_body') warnings.push(`${member}: ${error.message}`);
      }
    }),
  );
  return { names, warnings };
}

/** The differences with names beside the ids. */
export function withNames(
  differences: readonly MemberDifference[],
  names: ReadonlyMap<string, Named>,
): MemberDifference[] {
  return differences.map((difference) => {
    const named = names.get(difference.member);
    const { after } = difference;
    if (named === undefined || !isRecord(after) || !isReferenceValue(after)) return difference;
    return { ...difference, after: asReference(named) };
  });
}

export function asReference({ id, identifier, name }: Named): Record<string, unknown> {
  return { id, ...(identifier === undefined ? {} : { identifier }), name };
}

/** Of a reference that says no more than its id. */
function idOf(value: unknown): number | undefined {
  if (!isRecord(value) || typeof value.name === 'string' || typeof value.identifier === 'string') return undefined;
  return /^\d+$/.test(String(value.id)) ? Number(value.id) : undefined;
}

import type { Catalog } from '../../catalog/index.ts';
import { findMember, parseConditions } from '../../conditions/index.ts';
import { plural } from '../../core/english.ts';
import { GatewayError } from '../../core/errors.ts';
import { findNearest, type SoughtName } from './find-nearest.ts';
import { type FindTable, findTableOfList } from './find-table.ts';
import { quoteName } from './lookup-failure.ts';
import type { LookupTable } from './lookup-table.ts';
import type { EmptyList } from './lookups.ts';
import { listEqualities } from './named-equalities.ts';
import type { RecordReader } from './record-reader.ts';

export interface ExplainContext {
  reader: RecordReader;
  findTable: FindTable;
  catalog: Catalog;
}

/** Each may cost requests, and the first wrong name is the likely reason. */
const mostLookups = 3;
const mostNearest = 5;

/** Undefined where every name exists, where none can be checked, and where checking failed. */
export async function explainEmpty(
  context: ExplainContext,
  list: EmptyList,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const sought = seek(context, list);
  const wanted = sought
    .filter(({ value }) => typeof value === 'string' && value.trim() !== '')
    // What a name depends on comes first: with a wrong board there is no use in looking for its status.
    .sort((a, b) => Number(a.table.parent !== undefined) - Number(b.table.parent !== undefined))
    .slice(0, mostLookups);
  const sentences = await Promise.all(wanted.map((name) => explainName(context, name, sought, signal)));
  const said = [...new Set(sentences.filter((sentence) => sentence !== undefined))];
  return said.length === 0 ? undefined : said.join(' ');
}

async function explainName(
  { reader, findTable }: ExplainContext,
  name: SoughtName,
  others: readonly SoughtName[],
  signal?: AbortSignal,
): Promise<string | undefined> {
  try {
    const nearest = await findNearest({ reader, findTable }, name, others, signal);
    return nearest && renderSentence(name, nearest);
  } catch (error) {
    // The list is the answer; this was only to make it plainer.
    if (error instanceof GatewayError) return undefined;
    throw error;
  }
}

function renderSentence({ table, member, value }: SoughtName, nearest: readonly string[]): string {
  const called = member === 'identifier' && table.identifier !== undefined ? 'with the identifier' : 'named';
  // What this login may not see is missing in the same way (CW 5.12.3).
  const start = `ConnectWise shows no ${table.noun} ${called} ${quoteName(String(value))}`;
  const [first, ...more] = nearest.slice(0, mostNearest).map(quoteName);
  if (first === undefined) return `${start}.`;
  if (more.length === 0) return `${start}; the nearest is ${first}.`;
  return `${start}; the nearest ${plural(table.noun)} are ${[first, ...more].join(', ')}.`;
}

/** Names and ids that the conditions hold an equality on, with the table of what they name. */
function seek({ findTable, catalog }: ExplainContext, { endpoint, conditions, pathValues }: EmptyList): SoughtName[] {
  const schema = endpoint.response?.schema === undefined ? undefined : catalog.findSchema(endpoint.response.schema);
  if (schema === undefined) return [];
  const own = findTableOfList(endpoint.path);
  return readEqualities(conditions).flatMap(({ segments, value }): SoughtName[] => {
    const [first = '', second] = segments;
    if (second === undefined) {
      return own !== undefined && isNameOf(own, first)
        ? [{ table: own, member: first.toLowerCase(), value, pathValues: pathValues ?? {} }]
        : [];
    }
    const reference = segments.length === 2 ? findMember(schema, first)?.schema : undefined;
    const found = reference === undefined ? undefined : findTable(reference);
    const member = second.toLowerCase();
    if (found === undefined || !['id', 'name', 'identifier'].includes(member)) return [];
    return [{ table: found.table, member, value }];
  });
}

function isNameOf({ names, identifier }: LookupTable, member: string): boolean {
  // A first name alone is no name of a person, and may be anyone's.
  return [...(names.length === 1 ? names : []), identifier].some(
    (name) => name?.toLowerCase() === member.toLowerCase(),
  );
}

/** The conditions of a list that was answered are those of ConnectWise; what is no condition explains nothing. */
function readEqualities(conditions: string) {
  try {
    return listEqualities(parseConditions(conditions));
  } catch (error) {
    if (error instanceof GatewayError) return [];
    throw error;
  }
}

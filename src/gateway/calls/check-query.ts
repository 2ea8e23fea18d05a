import { type Catalog, type Endpoint, isOfTwin, type Schema, twinOf } from '../../catalog/index.ts';
import {
  askForWholeValues,
  type CheckOptions,
  checkConditions,
  type Expression,
  type Predicate,
  parseConditions,
  predicatesOf,
  printConditions,
  printValue,
  type Value,
  valuesOf,
} from '../../conditions/index.ts';
import type { ConnectWiseClient } from '../../connectwise/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { asArray, asObject } from '../../core/json.ts';
import { nearestNames } from '../../core/nearest.ts';
import type { Zone } from '../../core/zone.ts';

export interface CheckedQuery {
  query: Record<string, string>;
  /** The same as it is sent, whole values asked for; and what they were taken for, one sentence each. */
  sent: Record<string, string>;
  sentNotes: string[];
  /** What was repaired, and what may be wrong, one sentence each. */
  notes: string[];
  /** Parsed conditions by their text. */
  parsed: ReadonlyMap<string, Expression>;
}

export interface QueryClock {
  /** The user's zone, which dates without a zone are in. */
  zone: Zone;
  now: Date;
}

const kinds = ['conditions', 'childConditions', 'customFieldConditions', 'orderBy', 'fields', 'columns'] as const;

/** Whether a search by POST takes this member in its query: in its body ConnectWise refuses it (CW 2.6.4). */
export const isQueryOfSearch = (name: string): boolean => /^(?:page|pageSize|pageId|fields)$/i.test(name);

/**
 * Checks the query members of a read against what the endpoint answers with, before anything is sent.
 * @throws GatewayError `invalid_conditions` with the corrected text
 */
export function checkQuery(
  catalog: Catalog,
  endpoint: Endpoint | undefined,
  query: Readonly<Record<string, string>>,
  { zone, now }: QueryClock,
): CheckedQuery {
  const checked: Record<string, string> = {};
  const notes: string[] = [];
  const sent: Record<string, string> = {};
  const sentNotes: string[] = [];
  const parsed = new Map<string, Expression>();
  const schema = endpoint && schemaOfList(catalog, endpoint);
  const known = new Map(endpoint?.parameters.map(({ name }) => [name.toLowerCase(), name]));
  for (const [given, text] of Object.entries(query)) {
    // Names of query members do not depend on case (CW 2.1); the definition's spelling is sent.
    const name = known.get(given.toLowerCase()) ?? given;
    const kind = kinds.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
    if (kind === undefined) {
      const isKnown = known.has(given.toLowerCase()) || (endpoint?.path.endsWith('/search') && isQueryOfSearch(given));
      if (endpoint && !isKnown) notes.push(describeUnknown(endpoint, given, [...known.values()]));
      checked[name] = text;
      continue;
    }
    // Columns of a report are those of a database view, which no schema describes (CW 5.11.1).
    const scope = kind === 'columns' || endpoint?.path.startsWith('/system/reports/') ? undefined : schema;
    const options: CheckOptions = {
      kind,
      schema: scope,
      findSchema: (wanted) => catalog.findSchema(wanted),
      zone,
      nowMs: now.getTime(),
      forwardOnly: Object.keys(query).some((other) => other.toLowerCase() === 'pageid'),
    };
    const result = checkConditions(text, options);
    checked[kind] = result.text;
    if (result.expression !== undefined) {
      parsed.set(result.text, result.expression);
      if (kind === 'conditions' && endpoint) refuseTwins(endpoint, result.expression);
      const whole = askForWholeValues(result.expression, scope?.name);
      if (whole.notes.length > 0) sent[kind] = printConditions(whole.expression);
      sentNotes.push(...whole.notes.map((note) => `${note}.`));
    }
    notes.push(...result.repairs, ...result.notes);
  }
  return { query: checked, sent: { ...checked, ...sent }, sentNotes, notes, parsed };
}

/**
 * A filter that no record here meets because the twin of the list has those records (CW 5.5.11): its answer would be
 * "0 rows", and right for this list only.
 * @throws GatewayError `invalid_conditions` with the call of the twin
 */
function refuseTwins({ method, path }: Endpoint, expression: Expression): void {
  const twin = twinOf(path);
  const wrong = twin && wantedOf(expression).find(({ member, value }) => isTwins(path, member, value));
  if (twin === undefined || wrong === undefined) return;
  const operands = expression.kind === 'and' ? expression.operands : [expression];
  const others = operands.filter((operand) => operand !== wrong.predicate);
  // Beside a value that records here have, or in an `or`, both lists were asked for.
  const isWhole =
    others.length < operands.length && valuesOf(wrong.predicate).every((value) => isTwins(path, wrong.member, value));
  const rest =
    others.length < 2
      ? others.map(printConditions)
      : [printConditions({ ...expression, kind: 'and', operands: others })];
  const member = method === 'GET' ? 'params' : 'data';
  const filter = rest[0] === undefined ? '' : ` with ${member} ${JSON.stringify({ conditions: rest[0] })}`;
  const call = `${method} ${twin.path}${filter}`;
  const message = `No ${twin.ownNoun} has ${wrong.member} ${printValue(wrong.value)}: ${path} never shows a ${twin.noun}.`;
  throw new GatewayError('invalid_conditions', message, {
    hint: isWhole ? `Call ${call}.` : `Make two calls without ${wrong.member}: this one, and ${method} ${twin.path}.`,
    details: { field: 'conditions', ...(isWhole && { corrected: call }) },
  });
}

const isTwins = (path: string, member: string, value: Value): boolean =>
  value.kind === 'string' && isOfTwin(path, member, value.value);

/** The values that a member has to equal, with the predicate that says so; what is negated asks for nothing. */
function wantedOf(expression: Expression): { member: string; value: Value; predicate: Predicate }[] {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return expression.operands.flatMap(wantedOf);
    case 'compare':
    case 'in': {
      if (expression.kind === 'in' ? expression.negated : expression.operator !== '=') return [];
      const member = expression.path.segments.join('/');
      return valuesOf(expression).map((value) => ({ member, value, predicate: expression }));
    }
    default:
      return [];
  }
}

/** The schema of the records that conditions filter; for a count or a POST search, those of its list. */
function schemaOfList(catalog: Catalog, { path, response }: Endpoint): Schema | undefined {
  const list = path.replace(/\/(count|search)$/, '');
  const shown = list === path ? response : catalog.findEndpoint('GET', list)?.endpoint.response;
  return shown?.schema === undefined ? undefined : catalog.findSchema(shown.schema);
}

function describeUnknown({ method, path }: Endpoint, name: string, known: readonly string[]): string {
  const near = nearestNames(name, known, 2);
  return `${method} ${path} has no parameter ${name}${near.length > 0 ? `; there is ${near.join(', ')}` : ''}. It was sent as given.`;
}

// Flags that are members of the statuses

/** Members that people expect on records and that ConnectWise has on their statuses (CW 5.7.6): whether each is negated. */
const statusFlags: Readonly<
  Record<string, { list: string; flags: Readonly<Record<string, readonly [string, boolean]>> }>
> = {
  '/sales/opportunities': {
    list: '/sales/opportunities/statuses',
    flags: {
      closedflag: ['closedFlag', true],
      closed: ['closedFlag', true],
      isclosed: ['closedFlag', true],
      openflag: ['closedFlag', false],
      open: ['closedFlag', false],
      wonflag: ['wonFlag', true],
      lostflag: ['lostFlag', true],
    },
  },
};

/** More ids make an error too long. */
const mostIds = 60;

/**
 * The refusal of conditions on a flag of the statuses, with the conditions that work: the ids of those statuses are read.
 * The same error where it is about something else, and where the ids cannot be read.
 */
export async function offerStatusIds(
  client: Pick<ConnectWiseClient, 'send'>,
  error: unknown,
  { path, conditions = '' }: { path: string; conditions: string | undefined },
  signal: AbortSignal,
): Promise<unknown> {
  const known = statusFlags[path.toLowerCase().replace(/\/(count|search)$/, '')];
  if (!(error instanceof GatewayError) || error.code !== 'invalid_conditions' || known === undefined) return error;
  try {
    let corrected = conditions;
    for (const predicate of predicatesOf(parseConditions(conditions)).toReversed()) {
      const [flag, isTrue] = known.flags[predicate.path.segments.join('/').toLowerCase()] ?? [];
      if (flag === undefined || predicate.kind !== 'compare' || predicate.value.kind !== 'boolean') continue;
      const wanted = (predicate.value.value === isTrue) === (predicate.operator === '=');
      const query = { conditions: `${flag}=${wanted}`, fields: 'id', pageSize: '1000' };
      const { body } = await client.send({ method: 'GET', path: known.list, query }, signal);
      const ids = asArray(body).flatMap((row) => asObject(row).id ?? []);
      if (ids.length === 0 || ids.length > mostIds) return error;
      const { start, end } = predicate.span;
      corrected = `${corrected.slice(0, start)}status/id in (${ids.join(',')})${corrected.slice(end)}`;
    }
    if (corrected === conditions) return error;
    const message = `Write \`conditions=${corrected}\`. ${error.message}`;
    return new GatewayError(error.code, message, { hint: error.hint, details: { ...error.details, corrected } });
  } catch (failure) {
    if (failure instanceof GatewayError && failure.code !== 'cancelled') return error;
    throw failure;
  }
}

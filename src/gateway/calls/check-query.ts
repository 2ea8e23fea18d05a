import type { Catalog, Endpoint, Schema } from '../../catalog/index.ts';
import {
  askForWholeValues,
  type CheckOptions,
  checkConditions,
  type Expression,
  printConditions,
} from '../../conditions/index.ts';
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
      if (endpoint && !known.has(given.toLowerCase()))
        notes.push(describeUnknown(endpoint, given, [...known.values()]));
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
      const whole = askForWholeValues(result.expression, scope?.name);
      if (whole.notes.length > 0) sent[kind] = printConditions(whole.expression);
      sentNotes.push(...whole.notes.map((note) => `${note}.`));
    }
    notes.push(...result.repairs, ...result.notes);
  }
  return { query: checked, sent: { ...checked, ...sent }, sentNotes, notes, parsed };
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

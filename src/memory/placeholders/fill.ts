import type { Catalog, Endpoint, Member, Parameter, Schema } from '../../catalog/index.ts';
import {
  type Comparison,
  type Expression,
  type FindSchema,
  findMember,
  type Predicate,
  readConditions,
  resolvePath,
  type Scope,
} from '../../conditions/index.ts';
import { findTableOfList } from '../../connectwise/index.ts';
import { defined, isRecord, withoutHash } from '../../core/json.ts';
import type { CallOfQuery } from '../saved-query.ts';
import { fillConditions, isConditionName } from './fill-conditions.ts';
import { isPlaceholder, parsePlaceholders, placeholderNames, plainPath } from './parse.ts';
import {
  type Argument,
  argumentsAt,
  type Fill,
  type Place,
  type PlaceholderType,
  sampleOf,
  typeOfMember,
} from './types.ts';

export interface FilledCall {
  path: string;
  params?: Record<string, string>;
  data?: unknown;
}

/**
 * The call that a saved query makes, each placeholder with the value that `fill` gives it.
 * @throws GatewayError for placeholders and conditions that cannot be read, and what `fill` throws
 */
export function fillQuery(query: CallOfQuery, catalog: Catalog, fill: Fill): FilledCall {
  const endpoint = catalog.findEndpoint(query.method, plainPath(query.path))?.endpoint;
  const filling = { endpoint, catalog, fill };
  const params = Object.entries(query.params ?? {});
  const inParams = new Set(params.map(([name]) => name.toLowerCase()));
  const path = fillPath(query.path, inParams, filling);
  const filledParams = params.map(([name, text]) => [name, fillParameter(name, text, filling)]);
  return defined<FilledCall>({
    path,
    params: query.params === undefined ? undefined : Object.fromEntries(filledParams),
    data: query.data === undefined ? undefined : fillBody(query.data, query.path, filling),
  });
}

/** Every place of a query, in the order of the call, and the call with `sample` values. */
export function placesOf(query: CallOfQuery, catalog: Catalog, sample: (place: Place) => string | number | boolean) {
  const places: Place[] = [];
  const call = fillQuery(query, catalog, (place) => {
    places.push(place);
    return sample(place);
  });
  return { places, call };
}

/**
 * The arguments that a query takes, in the order of the call.
 * @throws GatewayError for placeholders and conditions that cannot be read
 */
export function argumentsOf(query: CallOfQuery, catalog: Catalog): Argument[] {
  return argumentsAt(placesOf(query, catalog, sampleOf).places);
}

interface Filling {
  /** Undefined for a path that the catalog does not have. */
  endpoint: Endpoint | undefined;
  catalog: Catalog;
  fill: Fill;
}

// Periods.

/** What the conditions of a call compare one date with: its start, its end, or both. */
export interface Period {
  /** `timeStart`. */
  path: string;
  kind: 'date' | 'datetime';
  from?: Bound;
  to?: Bound;
}

interface Bound {
  operator: Comparison;
  text: string;
}

/**
 * The periods in those conditions of a call that were filled: of each date, the bounds that apply at once.
 * @param query with the placeholders that were filled
 */
export function periodsOf(query: CallOfQuery, call: FilledCall, catalog: Catalog): Period[] {
  const endpoint = catalog.findEndpoint(query.method, plainPath(query.path))?.endpoint;
  const texts = [
    [query.params, call.params],
    [query.path.endsWith('/search') ? query.data : undefined, call.data],
  ].flatMap(([written, filled]) =>
    isRecord(written) && isRecord(filled)
      ? Object.entries(filled).map(([name, text]) => [name, written[name], text])
      : [],
  );
  return texts.flatMap(([name, written, text]) => {
    if (typeof name !== 'string' || typeof written !== 'string' || typeof text !== 'string') return [];
    if (!isConditionName(name) || placeholderNames(written).length === 0) return [];
    const scope = scopeOf(name, { endpoint, catalog });
    return conjunctionsOf(readConditions(text).expression).flatMap((predicates) => periodsAmong(predicates, scope));
  });
}

/** The predicates that hold together: of `a and (b or c) and d` a and d, b, and c. Those under `not` are no bounds. */
function conjunctionsOf(expression: Expression): Predicate[][] {
  if (expression.kind === 'not') return [];
  if (expression.kind === 'or') return expression.operands.flatMap(conjunctionsOf);
  if (expression.kind !== 'and') return [[expression]];
  const parts = expression.operands.map((operand) => ({
    isOne: operand.kind !== 'or',
    groups: conjunctionsOf(operand),
  }));
  // An `and` within an `and` adds its own predicates first, then those of its alternatives.
  const together = parts.flatMap(({ isOne, groups }) => (isOne ? (groups[0] ?? []) : []));
  return [together, ...parts.flatMap(({ isOne, groups }) => (isOne ? groups.slice(1) : groups))];
}

function periodsAmong(predicates: readonly Predicate[], scope: Scope | undefined): Period[] {
  const periods = new Map<string, Period>();
  for (const predicate of predicates) {
    if (predicate.kind !== 'compare' || predicate.value.kind !== 'datetime') continue;
    const { operator, value, path } = predicate;
    if (operator === '=' || operator === '!=') continue;
    const name = path.segments.join('/');
    const target = scope && resolvePath(path.segments, scope);
    const kind = target?.kind === 'value' && target.type === 'date' ? 'date' : 'datetime';
    const period = periods.get(name.toLowerCase()) ?? { path: name, kind };
    const side = operator.startsWith('>') ? 'from' : 'to';
    periods.set(name.toLowerCase(), { ...period, [side]: { operator, text: value.text } });
  }
  return [...periods.values()];
}

// Path and parameters.

/** Placeholders of the path that have a value in params are left to the call. */
function fillPath(path: string, inParams: ReadonlySet<string>, { endpoint, fill }: Filling): string {
  const templates = endpoint?.path.split('/') ?? [];
  const segments = path.split('/').map((segment, at) => {
    const parts = parsePlaceholders(segment, { field: 'path' });
    return parts
      .map((part) => {
        if (!isPlaceholder(part)) return part;
        if (inParams.has(part.name.toLowerCase())) return `{${part.name}}`;
        const whole = parts.length === 1;
        const type: PlaceholderType = whole ? typeOfSegment(templates, at, endpoint) : { kind: 'text' };
        return encodeURIComponent(withoutHash(String(fill({ placeholder: part, type, whole }))));
      })
      .join('');
  });
  return segments.join('/');
}

/** The id of a record may be given by its name, where the collection before it has names. */
function typeOfSegment(templates: readonly string[], at: number, endpoint: Endpoint | undefined): PlaceholderType {
  const parameter = findParameter(endpoint, templates[at]?.replace(/[{}]/g, '') ?? '');
  const table = findTableOfList(templates.slice(0, at).join('/'));
  const [schema] = table?.schemas ?? [];
  if (schema !== undefined && table?.parent?.in !== 'path') return { kind: 'reference', schema, member: 'id' };
  return parameter === undefined ? { kind: 'any' } : typeOfParameter(parameter);
}

const nameLists = new Set(['fields', 'orderby', 'columns']);

function fillParameter(name: string, text: string, filling: Filling): string {
  const field = `params/${name}`;
  if (isConditionName(name)) return fillConditions(text, field, scopeOf(name, filling), filling.fill);
  const parts = parsePlaceholders(text, { field });
  const parameter = findParameter(filling.endpoint, name);
  const type: PlaceholderType = nameLists.has(name.toLowerCase())
    ? { kind: 'names' }
    : parameter === undefined || parts.length > 1
      ? { kind: 'text' }
      : typeOfParameter(parameter);
  const whole = parts.length === 1;
  return parts
    .map((part) => (isPlaceholder(part) ? String(filling.fill({ placeholder: part, type, whole })) : part))
    .join('');
}

function findParameter(endpoint: Endpoint | undefined, name: string): Parameter | undefined {
  return endpoint?.parameters.find((parameter) => parameter.name.toLowerCase() === name.toLowerCase());
}

function typeOfParameter(parameter: Parameter): PlaceholderType {
  if (parameter.enum !== undefined && parameter.enum.length > 0) return { kind: 'enum', values: parameter.enum };
  if (parameter.type === 'integer' || parameter.type === 'number') return { kind: 'number' };
  if (parameter.type === 'boolean') return { kind: 'boolean' };
  return { kind: parameter.format === 'date-time' ? 'datetime' : 'text' };
}

/** The records that `conditions` filter: for a count or a POST search those of the list. */
function scopeOf(name: string, { endpoint, catalog }: Omit<Filling, 'fill'>): Scope | undefined {
  if (name.toLowerCase() !== 'conditions') return undefined;
  if (endpoint === undefined || endpoint.path.startsWith('/system/reports/')) return undefined;
  const list = endpoint.path.replace(/\/(count|search)$/, '');
  const shown = list === endpoint.path ? endpoint.response : catalog.findEndpoint('GET', list)?.endpoint.response;
  const schema = shown?.schema === undefined ? undefined : catalog.findSchema(shown.schema);
  return schema === undefined ? undefined : { schema, findSchema: (wanted) => catalog.findSchema(wanted) };
}

// Body. A text that is one placeholder takes the type of its member; a placeholder within a text is text.

function fillBody(data: unknown, path: string, filling: Filling): unknown {
  const { endpoint, catalog, fill } = filling;
  // The members of a POST search are the filters of its list (CW 2.6).
  if (path.endsWith('/search') && isRecord(data)) {
    const filled = Object.entries(data).map(([name, value]) => {
      if (typeof value !== 'string' || !isConditionName(name)) return [name, value] as const;
      return [name, fillConditions(value, `data/${name}`, scopeOf(name, filling), fill)] as const;
    });
    return Object.fromEntries(filled);
  }
  return fillData(data, schemaOfBody(endpoint, catalog), {
    findSchema: (name) => catalog.findSchema(name),
    fill: (place) => fill({ ...place, inBody: true }),
  });
}

/** A PATCH takes operations on the record that it answers with. */
function schemaOfBody(endpoint: Endpoint | undefined, catalog: Catalog): Schema | undefined {
  const payload = endpoint?.method === 'PATCH' ? endpoint.response : (endpoint?.body ?? endpoint?.response);
  return payload?.schema === undefined ? undefined : catalog.findSchema(payload.schema);
}

interface BodyFilling {
  findSchema: FindSchema;
  fill: Fill;
}

function fillData(data: unknown, schema: Schema | undefined, filling: BodyFilling): unknown {
  if (Array.isArray(data)) return data.map((item) => fillData(item, schema, filling));
  if (!isRecord(data)) return fillLeaf(data, { kind: 'any' }, filling);
  if (isOperation(data)) return { ...data, value: fillOperationValue(data, schema, filling) };
  const filled = Object.entries(data).map(([name, value]) => {
    const member = schema && findMember(schema, name);
    return [name, fillMember(value, member, schema, filling)] as const;
  });
  return Object.fromEntries(filled);
}

function fillMember(
  value: unknown,
  member: Member | undefined,
  owner: Schema | undefined,
  filling: BodyFilling,
): unknown {
  if (typeof value === 'string') return fillLeaf(value, typeOfMember(member, owner), filling);
  return fillData(value, member?.schema === undefined ? undefined : filling.findSchema(member.schema), filling);
}

/** An operation `{op, path, value}` of a PATCH. */
function isOperation(data: Record<string, unknown>): data is { op: string; path: string; value: unknown } {
  return typeof data.op === 'string' && typeof data.path === 'string' && 'value' in data;
}

/** The value of an operation has the type of the member that its path leads to. */
function fillOperationValue(
  { path, value }: { path: string; value: unknown },
  schema: Schema | undefined,
  filling: BodyFilling,
): unknown {
  const segments = path.split('/').filter((segment) => segment !== '');
  const owner = ownerOf(segments, schema, filling.findSchema);
  return fillMember(value, owner && findMember(owner, segments.at(-1) ?? ''), owner, filling);
}

function ownerOf(segments: readonly string[], schema: Schema | undefined, findSchema: FindSchema): Schema | undefined {
  if (segments.length < 2 || schema === undefined) return schema;
  const target = resolvePath(segments.slice(0, -1), { schema, findSchema });
  return target.kind === 'reference' ? target.schema : undefined;
}

function fillLeaf(value: unknown, type: PlaceholderType, { fill }: BodyFilling): unknown {
  if (typeof value !== 'string') return value;
  const parts = parsePlaceholders(value, { field: 'data', lenient: true });
  const [only] = parts;
  if (parts.length === 1 && isPlaceholder(only)) return fill({ placeholder: only, type, whole: true });
  return parts
    .map((part) =>
      isPlaceholder(part) ? String(fill({ placeholder: part, type: { kind: 'text' }, whole: false })) : part,
    )
    .join('');
}

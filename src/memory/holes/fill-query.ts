import type { Catalog, Endpoint, Parameter, Schema } from '../../catalog/index.ts';
import type { Scope } from '../../conditions/index.ts';
import { findTableOfList } from '../../connectwise/lookups/tables.ts';
import { isRecord } from '../../core/json.ts';
import type { SavedQuery } from '../saved-query.ts';
import { fillConditions } from './fill-conditions.ts';
import { fillData } from './fill-data.ts';
import { isHole, parseHoles } from './parse-holes.ts';
import type { Fill, HoleType, Place } from './place.ts';

export type CallOfQuery = Pick<SavedQuery, 'method' | 'path' | 'params' | 'data'>;

export interface FilledCall {
  path: string;
  params?: Record<string, string>;
  data?: unknown;
}

const conditionNames = new Set(['conditions', 'childconditions', 'customfieldconditions']);
const nameLists = new Set(['fields', 'orderby', 'columns']);

/** The path as the catalog and the checks of paths know it: defaults of placeholders are none of their business. */
export const plainPath = (path: string): string => path.replace(/\{([^{}=/]+)=[^{}/]*\}/g, '{$1}');

/**
 * The call that a saved query makes, each hole with the value that `fill` gives it.
 * @throws GatewayError for holes and conditions that cannot be read, and what `fill` throws
 */
export function fillQuery(query: CallOfQuery, catalog: Catalog, fill: Fill): FilledCall {
  const endpoint = catalog.findEndpoint(query.method, plainPath(query.path))?.endpoint;
  const { params = {}, data } = query;
  const given = new Set(Object.keys(params).map((name) => name.toLowerCase()));
  const path = fillPathHoles(query.path, endpoint, given, fill);
  const filledParams = Object.entries(params).map(([name, text]) => [
    name,
    fillParameter(name, text, endpoint, catalog, fill),
  ]);
  return {
    path,
    ...(query.params === undefined ? {} : { params: Object.fromEntries(filledParams) }),
    ...(data === undefined ? {} : { data: fillBody(data, query, endpoint, catalog, fill) }),
  };
}

/** Placeholders that params already fill are left to them. */
function fillPathHoles(path: string, endpoint: Endpoint | undefined, given: ReadonlySet<string>, fill: Fill): string {
  const templates = endpoint?.path.split('/') ?? [];
  const segments = path.split('/').map((segment, at) => {
    const parts = parseHoles(segment, { field: 'path' });
    return parts
      .map((part) => {
        if (!isHole(part)) return part;
        if (given.has(part.name.toLowerCase())) return `{${part.name}}`;
        const whole = parts.length === 1;
        const type: HoleType = whole ? typeOfSegment(templates, at, endpoint) : { kind: 'text' };
        return encodeURIComponent(String(fill({ hole: part, type, whole })));
      })
      .join('');
  });
  return segments.join('/');
}

/** The id of a record may be given by its name, where the collection before it has names. */
function typeOfSegment(templates: readonly string[], at: number, endpoint: Endpoint | undefined): HoleType {
  const parameter = findParameter(endpoint, templates[at]?.replace(/[{}]/g, '') ?? '');
  const table = findTableOfList(templates.slice(0, at).join('/'));
  const [schema] = table?.schemas ?? [];
  if (schema !== undefined && table?.parent?.in !== 'path') return { kind: 'reference', schema, member: 'id' };
  return parameter === undefined ? { kind: 'any' } : typeOfParameter(parameter);
}

function fillParameter(
  name: string,
  text: string,
  endpoint: Endpoint | undefined,
  catalog: Catalog,
  fill: Fill,
): string {
  const lower = name.toLowerCase();
  const field = `params/${name}`;
  if (conditionNames.has(lower)) {
    const scope = lower === 'conditions' ? scopeOf(endpoint, catalog) : undefined;
    return fillConditions(text, field, scope, fill);
  }
  const parts = parseHoles(text, { field });
  const parameter = findParameter(endpoint, name);
  const type: HoleType = nameLists.has(lower)
    ? { kind: 'names' }
    : parameter === undefined || parts.length > 1
      ? { kind: 'text' }
      : typeOfParameter(parameter);
  const place = { type, whole: parts.length === 1 };
  return parts.map((part) => (isHole(part) ? String(fill({ hole: part, ...place })) : part)).join('');
}

function fillBody(
  data: unknown,
  { path }: CallOfQuery,
  endpoint: Endpoint | undefined,
  catalog: Catalog,
  fill: Fill,
): unknown {
  const findSchema = (name: string) => catalog.findSchema(name);
  const filling = { findSchema, fill: (place: Place) => fill({ ...place, inBody: true }) };
  // The members of a POST search are the filters of its list (CW 2.6).
  if (path.endsWith('/search') && isRecord(data)) {
    const scope = scopeOf(endpoint, catalog);
    const filled = Object.entries(data).map(([name, value]) => {
      const isFilter = typeof value === 'string' && conditionNames.has(name.toLowerCase());
      const own = name.toLowerCase() === 'conditions' ? scope : undefined;
      return [name, isFilter ? fillConditions(value, `data/${name}`, own, fill) : value] as const;
    });
    return Object.fromEntries(filled);
  }
  return fillData(data, schemaOfBody(endpoint, catalog), filling);
}

/** A PATCH takes operations on the record that it answers with. */
function schemaOfBody(endpoint: Endpoint | undefined, catalog: Catalog): Schema | undefined {
  const payload = endpoint?.method === 'PATCH' ? endpoint.response : (endpoint?.body ?? endpoint?.response);
  return payload?.schema === undefined ? undefined : catalog.findSchema(payload.schema);
}

/** What conditions filter: of a count or a POST search, the records of its list. */
function scopeOf(endpoint: Endpoint | undefined, catalog: Catalog): Scope | undefined {
  if (endpoint === undefined || endpoint.path.startsWith('/system/reports/')) return undefined;
  const list = endpoint.path.replace(/\/(count|search)$/, '');
  const shown = list === endpoint.path ? endpoint.response : catalog.findEndpoint('GET', list)?.endpoint.response;
  const schema = shown?.schema === undefined ? undefined : catalog.findSchema(shown.schema);
  return schema === undefined ? undefined : { schema, findSchema: (name) => catalog.findSchema(name) };
}

function findParameter(endpoint: Endpoint | undefined, name: string): Parameter | undefined {
  return endpoint?.parameters.find((parameter) => parameter.name.toLowerCase() === name.toLowerCase());
}

function typeOfParameter(parameter: Parameter): HoleType {
  if (parameter.enum !== undefined && parameter.enum.length > 0) return { kind: 'enum', values: parameter.enum };
  if (parameter.type === 'integer' || parameter.type === 'number') return { kind: 'number' };
  if (parameter.type === 'boolean') return { kind: 'boolean' };
  return { kind: parameter.format === 'date-time' ? 'datetime' : 'text' };
}

/** Every occurrence of a hole, in the order of the call. */
export function placesOf(query: CallOfQuery, catalog: Catalog, sample: (place: Place) => string | number | boolean) {
  const places: Place[] = [];
  const call = fillQuery(query, catalog, (place) => {
    places.push(place);
    return sample(place);
  });
  return { places, call };
}

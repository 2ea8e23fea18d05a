import type { Catalog } from '../../catalog/index.ts';
import { GatewayError } from '../../core/errors.ts';
import {
  type Argument,
  argumentsAt,
  type CallOfQuery,
  type Place,
  placeholderNames,
  placesOf,
  plainPath,
  sampleOf,
} from '../../memory/index.ts';
import { checkQuery, type QueryClock } from '../calls/check-query.ts';

export interface CheckedSavedQuery {
  arguments: Argument[];
  /** What was repaired or may be wrong, one sentence each. */
  notes: string[];
}

/**
 * Checks a saved query as a run of it would, with values that stand for any of their type.
 * @throws GatewayError for placeholders, conditions and fields that cannot work
 */
export function checkSavedQuery(query: CallOfQuery, catalog: Catalog, clock: QueryClock): CheckedSavedQuery {
  const { places, call } = placesOf(query, catalog, sampleInText);
  const endpoint = catalog.findEndpoint(query.method, plainPath(query.path))?.endpoint;
  const checked = checkQuery(catalog, endpoint, withoutPathValues(call.params ?? {}, query.path), clock);
  return { arguments: argumentsAt(places), notes: checked.notes };
}

/** For a text the placeholder itself, so that a corrected condition still has it. */
function sampleInText(place: Place): string | number | boolean {
  const sample = sampleOf(place);
  return sample === 'x' ? `{${place.placeholder.name}}` : sample;
}

/** Params without those that fill placeholders of the path: these are not sent as parameters. */
function withoutPathValues(params: Record<string, string>, path: string): Record<string, string> {
  const names = new Set(placeholderNames(path).map((name) => name.toLowerCase()));
  return Object.fromEntries(Object.entries(params).filter(([name]) => !names.has(name.toLowerCase())));
}

/** Why a saved query cannot run with the catalog of today, and how to fix it; undefined for a sound one. */
export function findProblem(query: CallOfQuery, catalog: Catalog, clock: QueryClock): string | undefined {
  const path = plainPath(query.path);
  if (catalog.findEndpoint(query.method, path) === undefined) {
    const others = catalog.methodsOf(path);
    const has = others.length > 0 ? `; it has ${others.join(', ')}` : '';
    return `The catalog has no ${query.method} ${path}${has}. Save it again with a path that natural_language_api_search finds.`;
  }
  try {
    checkSavedQuery(query, catalog, clock);
    return undefined;
  } catch (error) {
    if (error instanceof GatewayError) return `${error.message} Save it again, corrected.`;
    throw error;
  }
}

import * as z from 'zod';
import type { Catalog } from '../../catalog/index.ts';
import { fitRecord } from '../../core/budget.ts';
import { GatewayError } from '../../core/errors.ts';
import { defined } from '../../core/json.ts';
import { argumentsOf, renderArgument, type SavedQuery } from '../../memory/index.ts';

export const savedQuerySchema = z.looseObject({ id: z.number(), description: z.string() });

type SavedQueryView = z.infer<typeof savedQuerySchema>;

/** Bytes of one query: a saved body may be as large as a request. */
const maxViewBytes = 4_000;

/** A saved query as replies show it, its texts cut only where it would not fit. */
export function toSavedQueryView(query: SavedQuery, catalog: Catalog, problem?: string): SavedQueryView {
  const names = renderArguments(query, catalog);
  const { id, name, description, builtIn, method, path, params, data, sql, usageCount, timestamp } = query;
  const view = defined<SavedQueryView>({
    id,
    name,
    description,
    built_in: builtIn ? true : undefined,
    problem,
    method,
    path,
    params,
    data,
    sql,
    arguments: names === '' ? undefined : names,
    uses: builtIn ? undefined : usageCount,
    last_used: builtIn ? undefined : new Date(timestamp * 1000).toISOString().replace('.000Z', 'Z'),
  });
  return fitRecord(view, maxViewBytes).record as SavedQueryView;
}

/** A saved query as a call of run_fast_memory names it. */
export interface QueryOffer {
  query: string;
  description: string;
  arguments?: string;
}

export function toQueryOffer(query: SavedQuery, catalog: Catalog): QueryOffer {
  const names = renderArguments(query, catalog);
  return {
    query: query.name ?? String(query.id),
    description: query.description,
    ...(names !== '' && { arguments: names }),
  };
}

/** `company, since=last_month`; empty for a query that takes none, or is broken. */
function renderArguments(query: SavedQuery, catalog: Catalog): string {
  try {
    return argumentsOf(query, catalog).map(renderArgument).join(', ');
  } catch (error) {
    if (error instanceof GatewayError) return '';
    throw error;
  }
}

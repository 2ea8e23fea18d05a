import * as z from 'zod';
import type { SavedQuery } from '../memory/saved-query.ts';

export const savedQuerySchema = z.looseObject({
  id: z.number(),
  description: z.string(),
  method: z.string(),
  path: z.string(),
});

/** A saved query as replies show it. */
export function toSavedQueryView(query: SavedQuery) {
  return {
    id: query.id,
    description: query.description,
    method: query.method,
    path: query.path,
    ...(query.params ? { params: query.params } : {}),
    ...(query.data === undefined ? {} : { data: query.data }),
    uses: query.usageCount,
    last_used: new Date(query.timestamp * 1000).toISOString().replace('.000Z', 'Z'),
  };
}

import * as z from 'zod';
import type { SavedQuery } from '../memory/saved-query.ts';
import { fitRecord } from '../results/shorten.ts';

export const savedQuerySchema = z.looseObject({
  id: z.number(),
  description: z.string(),
  method: z.string(),
  path: z.string(),
});

type SavedQueryView = z.infer<typeof savedQuerySchema>;

/** Bytes of one: a saved body may be as large as a request. */
const maxViewBytes = 4_000;

/** A saved query as replies show it, its texts cut only where it would not fit. */
export function toSavedQueryView(query: SavedQuery): SavedQueryView {
  const view = {
    id: query.id,
    description: query.description,
    method: query.method,
    path: query.path,
    ...(query.params ? { params: query.params } : {}),
    ...(query.data === undefined ? {} : { data: query.data }),
    uses: query.usageCount,
    last_used: new Date(query.timestamp * 1000).toISOString().replace('.000Z', 'Z'),
  };
  return fitRecord(view, maxViewBytes).record as SavedQueryView;
}

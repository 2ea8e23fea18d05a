import * as z from 'zod';
import type { EndpointSummary } from '../../catalog/index.ts';

/** The members that a caller needs; every tool repeats its schema, so the rest goes unsaid. */
export const endpointSchema = z.looseObject({ method: z.string(), path: z.string() });

/** An endpoint as lists show it. */
export function toEndpointView({ method, path, summary, module, category }: EndpointSummary) {
  return { method, path, summary, module, category };
}

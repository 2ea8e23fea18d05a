import * as z from 'zod';
import type { EndpointSummary } from '../catalog/endpoint.ts';

export const endpointSchema = z.looseObject({
  method: z.string(),
  path: z.string(),
  summary: z.string(),
  module: z.string(),
  category: z.string(),
});

/** An endpoint as lists show it. */
export function toEndpointView({ method, path, summary, module, category }: EndpointSummary) {
  return { method, path, summary, module, category };
}

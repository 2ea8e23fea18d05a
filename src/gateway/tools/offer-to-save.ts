import type { Catalog } from '../../catalog/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { generalise } from '../../memory/generalise.ts';
import { type CallOfQuery, placesOf, plainPath } from '../../memory/holes/fill-query.ts';
import { sampleOf } from '../../memory/holes/place.ts';
import { shapeOf } from '../../memory/shape.ts';
import type { ReadRequest } from './read-endpoint.ts';
import type { Target } from './require-endpoint.ts';
import type { ToolContext } from './tool.ts';

/** Longer and the offer would cost more than it saves. */
const maxArguments = 600;

/**
 * One line that offers to save a call: at the second success of its shape, where nothing of that shape is saved. What
 * differed between the two becomes placeholders.
 */
export async function offerToSave(
  context: ToolContext,
  { target }: { target: Target },
  { method, path, query, body }: ReadRequest,
): Promise<string | undefined> {
  const template = target.endpoint?.path ?? path;
  const call: CallOfQuery = { method, path, params: query, ...(body === undefined ? {} : { data: body }) };
  const shape = shapeOf(call, template);
  const first = await context.learning.countSuccess(target.endpoint, shape, call);
  if (first === undefined || (await isSaved(context, call, template, shape))) return undefined;
  const { holes, ...proposal } = generalise(first, call, template);
  // A bare list is found as fast by its path.
  const plain = proposal.params === undefined && proposal.data === undefined && holes.length === 0;
  if (plain || target.endpoint?.module === 'gateway') return undefined;
  const summary = target.endpoint?.summary ?? `${method} ${path}`;
  const description = holes.length > 0 ? `${summary} by ${holes.join(' and ')}` : summary;
  const given = { ...(method === 'GET' ? {} : { method }), ...proposal, description };
  const shown = JSON.stringify(given);
  const what =
    shown.length <= maxArguments ? shown : `the same call and {placeholders} for ${holes.join(', ') || 'its values'}`;
  return `This worked ${first === call ? 'once' : 'twice'}. To keep it for next time, with a better description: save_to_fast_memory ${what}`;
}

/** Whether a saved query, with whatever values, makes a call of this shape. */
async function isSaved(context: ToolContext, call: CallOfQuery, template: string, shape: string): Promise<boolean> {
  const memory = await context.memory();
  const catalog = await context.catalog();
  const own = catalog.findEndpoint(call.method, template)?.endpoint.id;
  const builtIn = memory
    .builtIn()
    .filter((query) => catalog.findEndpoint(query.method, plainPath(query.path))?.endpoint.id === own);
  const saved = [...memory.findFor(call.method, template), ...memory.findFor(call.method, call.path), ...builtIn];
  return saved.some((query) => shapeOfSaved(query, template, catalog) === shape);
}

function shapeOfSaved(query: CallOfQuery, template: string, catalog: Catalog): string | undefined {
  try {
    const { path, params, data } = placesOf(query, catalog, sampleOf).call;
    return shapeOf({ method: query.method, path, ...(params ? { params } : {}), data }, template);
  } catch (error) {
    // A broken one is no reason not to save a sound one.
    if (error instanceof GatewayError) return undefined;
    throw error;
  }
}

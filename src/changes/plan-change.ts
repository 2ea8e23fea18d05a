import { GatewayError } from '../core/errors.ts';
import type { WriteRequest } from './change.ts';
import { noEffects } from './effects/effects.ts';
import type { Plan, PlanContext } from './plan.ts';
import { planPatch } from './plan-patch.ts';
import { planUpload, takesForm } from './plan-upload.ts';
import { planWhole } from './plan-whole.ts';
import { refusePut } from './refuse-put.ts';
import { parseTarget } from './target.ts';

/**
 * Checks a write against the catalog, makes ids of the names in its body, reads the record that a PATCH or DELETE
 * changes, and what the change sets off.
 * @throws GatewayError `invalid_path`, `invalid_argument`, `invalid_body`, or what reading met
 */
export async function planChange(context: PlanContext, request: WriteRequest, signal?: AbortSignal): Promise<Plan> {
  const { method, path } = request;
  const placeholder = /\{[^}]*\}/.exec(path)?.[0];
  if (placeholder !== undefined) {
    throw new GatewayError('invalid_path', `${method} ${path} cannot be prepared: ${placeholder} has no value.`, {
      details: { field: 'path' },
      hint: `Put the number of the record in the place of ${placeholder}.`,
    });
  }
  const endpoint = context.catalog.findEndpoint(method, path)?.endpoint;
  if (method === 'PUT' && context.catalog.methodsOf(path).includes('PATCH')) throw refusePut(request);
  const target = parseTarget(method, path, endpoint);
  if (endpoint !== undefined && takesForm(endpoint)) {
    return { ...(await planUpload({ ...context, request, target })), effects: noEffects() };
  }
  const warnings = endpoint === undefined ? [`${method} ${path} is not in the catalog: its body was not checked.`] : [];
  if (request.strict === false && request.body !== undefined)
    warnings.push('strict is false: the body was not checked.');
  const start = { request, target, endpoint, warnings };
  return method === 'PATCH' ? planPatch(context, start, signal) : planWhole(context, start, signal);
}

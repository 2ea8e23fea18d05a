import type { IndexedEndpoint, Resource } from './load-index.ts';
import type { Request } from './parse-request.ts';
import type { Form } from './resource.ts';
import type { Intent } from './verbs.ts';
import type { Weights } from './weights.ts';

/** A level of the weights, and what is added to it. */
type Fit = readonly [level: keyof Weights['form'], more?: number];

/** What each form is worth for each intent; forms that are not named are wrong. */
const fits: Record<Intent, Partial<Record<Form, Fit>>> = {
  read: { list: ['right'], record: ['acceptable'], search: ['possible'], count: ['possible', -1] },
  create: { create: ['right'], search: ['wrong', -1] },
  link: { create: ['right'], update: ['right'], replace: ['possible'] },
  update: { update: ['right'], replace: ['possible', 0.6] },
  replace: { replace: ['right'], update: ['acceptable'] },
  delete: { delete: ['right'] },
  count: { count: ['right'], list: ['possible'] },
};

function fitOf(intent: Intent, form: Form, number: Request['number']): Fit {
  if (intent === 'read') {
    if (number === 'one' && form === 'record') return ['right'];
    if (number === 'one' && form === 'list') return ['acceptable', -0.6];
    if (number === 'many' && form === 'record') return ['possible'];
  }
  return fits[intent][form] ?? ['wrong'];
}

/** How well what an endpoint does is what the request wants. */
export function scoreForm(
  weights: Weights,
  request: Request,
  { form, secondary, byId }: IndexedEndpoint,
  { action, parents }: Resource,
  one = false,
): number {
  const below = parents.length > 0;
  const [level, more = 0] = fitOf(request.intent, form, one ? 'one' : request.number);
  let points = weights.form[level] + more;
  // Where both a collection and its records can be changed, an item said means a record.
  if (!byId && request.itemSaid && (form === 'update' || form === 'replace' || form === 'delete')) points -= 0.6;
  // To assign a ticket changes it; to assign a configuration to a ticket makes an entry below the ticket.
  if (request.intent === 'link' && (form === 'create') !== below && form !== 'action') points -= 1.5;
  if (form === 'action')
    points =
      action !== undefined && action === request.action
        ? weights.form.right + weights.actionSaid
        : weights.form.wrong - weights.actionUnsaid + 3;
  if (secondary !== undefined) points += request.secondaries.has(secondary) ? weights.asked - 1.5 : -weights.unasked;
  else if (request.secondaries.has('usages') || request.secondaries.has('bulk') || request.secondaries.has('default'))
    points -= 0.6;
  return points;
}

import type { IndexedEndpoint, Resource } from './load-index.ts';
import type { Request } from './read-request.ts';
import type { Form } from './resource.ts';
import type { Intent } from './verbs.ts';

const right = 3;
const wrong = -3;
/** What each form is worth for each intent, in points; a form that is not named is wrong. */
const fits: Record<Intent, Partial<Record<Form, number>>> = {
  read: { list: right, record: 2.2, search: 0.8, count: -0.2 },
  create: { create: right },
  link: { create: right, update: right, replace: 0.8 },
  update: { update: right, replace: 1.4 },
  replace: { replace: right, update: 2.2 },
  delete: { delete: right },
  count: { count: right, list: 0.8 },
};

/** How well what an endpoint does is what the request wants. */
export function fitForm(request: Request, { form, secondary }: IndexedEndpoint, { action, parents }: Resource): number {
  // Where no verb says what to do, the model decides.
  let points = request.intent === undefined ? 0 : (fits[request.intent][form] ?? wrong);
  const reads = request.intent === 'read' || request.intent === undefined;
  if (reads && request.number === 'one') points += form === 'record' ? 0.8 : form === 'list' ? -1.4 : 0;
  if (reads && request.number === 'many' && form === 'record') points -= 1.4;
  // To assign a ticket changes it; to assign a configuration to a ticket makes an entry below the ticket.
  if (request.intent === 'link' && (form === 'create') !== parents.length > 0) points -= 1.5;
  if (form === 'action') points = action !== undefined && action === request.action ? 5.5 : -5;
  if (secondary !== undefined) points += request.secondaries.has(secondary) ? 1.5 : -4;
  return points;
}

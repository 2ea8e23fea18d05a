import type { Context } from '../context.ts';
import { findCaller } from '../context.ts';
import type { FieldError } from '../server/refusal.ts';
import { type Draft, type Rule, setDefaults } from './rule.ts';

/** What callbacks can be asked for, and at which levels: a closed table (CW 5.10.2). */
const levels: Readonly<Record<string, readonly string[]>> = {
  activity: ['owner', 'status', 'type', 'company', 'activity'],
  agreement: ['owner', 'type', 'company', 'agreement'],
  company: ['owner', 'status', 'type', 'territory', 'company', 'integratortag'],
  contact: ['owner', 'type', 'territory', 'company', 'contact'],
  configuration: ['owner', 'type', 'status', 'configuration'],
  invoice: ['owner', 'status', 'company', 'invoice'],
  expense: ['owner', 'chargetotype', 'type', 'class', 'company', 'expense'],
  member: ['owner', 'location', 'securityrole', 'member'],
  opportunity: ['owner', 'statusid', 'company', 'opportunity'],
  productcatalog: ['owner'],
  project: ['owner', 'status', 'board', 'project'],
  purchaseorder: ['owner', 'status', 'vendor', 'company', 'purchaseorder'],
  schedule: ['owner', 'status', 'type', 'location', 'member', 'schedule'],
  site: ['owner', 'company', 'site'],
  ticket: ['owner', 'board', 'project', 'phase', 'status', 'ticket', 'integratortag'],
  time: ['owner', 'company', 'time'],
};

function check(context: Context, { id, value }: Draft): FieldError[] {
  const errors: FieldError[] = [];
  const level = String(value.level).toLowerCase();
  const type = String(value.type).toLowerCase();
  if (!URL.canParse(String(value.url)) || !/^https?:/i.test(String(value.url)))
    errors.push({ code: 'InvalidField', message: 'Invalid URL', field: 'url' });
  if (levels[type]?.includes(level) !== true) {
    const message = 'Unrecognized level for type, see documentation for supported levels for each type';
    errors.push({ code: 'InvalidObject', message, field: 'level' });
  }
  // Inactive ones count as well: a callback that was switched off is switched on again and not made anew.
  for (const other of context.store.records('/system/callbacks')) {
    const isSame = (['url', 'objectId', 'type', 'level'] as const).every((name) => other.value[name] === value[name]);
    if (isSame && other.id !== id)
      errors.push({ code: 'ObjectExists', message: 'A matching callback entry already exists', field: 'objectId' });
  }
  return errors;
}

/** Callbacks are kept, never delivered: the sandbox calls nobody. */
export const callbackRule: Rule = {
  computed: ['memberId', 'connectWiseID', 'isSoapCallbackFlag'],
  complete(context, { id, value }) {
    // Level owner means everything, whatever number was sent (CW 5.10.1).
    if (String(value.level).toLowerCase() === 'owner') value.objectId = 1;
    setDefaults(value, {
      payloadVersion: '3.0.0',
      inactiveFlag: false,
      isSelfSuppressedFlag: false,
      isSoapCallbackFlag: false,
      memberId: findCaller(context)?.id,
      connectWiseID: `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`,
    });
  },
  check,
};

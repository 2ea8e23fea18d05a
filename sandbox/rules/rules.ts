import { type Context, findCaller } from '../context.ts';
import { referenceId } from '../json.ts';
import type { FieldError } from '../server/refusal.ts';
import { missing } from '../write/check-record.ts';
import { companyRule, contactRule } from './company.ts';
import { belongingErrors, type Draft, type Rule, referenceToDefault, setDefaults } from './rule.ts';
import { noteRule, projectTicketRule, serviceTicketRule } from './ticket.ts';
import { scheduleRule, timeRule } from './time.ts';

/** A note about a company says of which type it is (CW 5.4.8). */
const companyNoteRule: Rule = { needed: ['type'] };

/** A configuration is active by default. */
const configurationRule: Rule = {
  complete(context, { value }) {
    setDefaults(value, {
      status: referenceToDefault(context, '/company/configurations/statuses', 'defaultFlag'),
      activeFlag: true,
      billFlag: false,
    });
  },
  check: belongingErrors,
};

/** An expense is charged to a company or to something that has a type and a number (CW 5.4.17). */
const expenseRule: Rule = {
  check(_context: Context, { value }: Draft): FieldError[] {
    const names = value.company === undefined ? ['chargeToType', 'chargeToId'] : [];
    return names.filter((name) => value[name] === undefined).map((name) => missing({ name }));
  },
};

/** Projects live on boards for projects only (CW 5.4.15). */
const projectRule: Rule = {
  check(context: Context, { value, before }: Draft): FieldError[] {
    const boardId = referenceId(value.board);
    const board = boardId === undefined ? undefined : context.store.find('/service/boards', boardId);
    if (board?.value.projectFlag === true || referenceId(before?.value.board) === boardId) return [];
    return [{ code: 'NotFound', message: `Project Board ${boardId} not found`, field: 'board/id' }];
  },
};

/** An addition cannot be in force before its agreement is billed (CW 5.4.13). */
const additionRule: Rule = {
  check(context: Context, { value, parents: [agreementId = 0] }: Draft): FieldError[] {
    const start = context.store.find('/finance/agreements', agreementId)?.value.billStartDate;
    const { effectiveDate } = value;
    if (typeof start !== 'string' || typeof effectiveDate !== 'string' || effectiveDate >= start) return [];
    const message = `The field effectiveDate must not be before ${start}.`;
    return [{ code: 'OutOfRange', message, field: 'effectiveDate' }];
  },
};

/** Invoices of agreements come out of the agreement, never out of a POST (CW 4.2). */
const invoiceRule: Rule = {
  complete(context, { id, value }) {
    setDefaults(value, {
      // Five digits. They may equal a number of the seed: no fact says that they are unique.
      invoiceNumber: String(10_000 + id),
      status: referenceToDefault(context, '/finance/billingstatuses', 'defaultFlag'),
      subtotal: 0,
      total: 0,
      payments: 0,
      credits: 0,
    });
  },
  check(_context, { value, before }) {
    if (before !== undefined || value.type !== 'Agreement') return [];
    return [
      { code: 'InvalidField', message: 'Cannot create agreement invoices through the Invoicing API', field: 'type' },
    ];
  },
  derive(_context, { value }) {
    value.balance = Number(value.total) - Number(value.payments) - Number(value.credits);
  },
};

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

function checkCallback(context: Context, { id, value }: Draft): FieldError[] {
  const errors: FieldError[] = [];
  const level = String(value.level).toLowerCase();
  const type = String(value.type).toLowerCase();
  if (!URL.canParse(String(value.url)) || !/^https?:/i.test(String(value.url)))
    errors.push({ code: 'InvalidField', message: 'Invalid URL', field: 'url' });
  if (levels[type]?.includes(level) !== true) {
    const message = 'Unrecognized level for type, see documentation for supported levels for each type';
    errors.push({ code: 'InvalidObject', message, field: 'level' });
  }
  // Inactive ones count as well: a callback that was switched off is switched on again, not created again.
  for (const other of context.store.records('/system/callbacks')) {
    const isSame = (['url', 'objectId', 'type', 'level'] as const).every((name) => other.value[name] === value[name]);
    if (isSame && other.id !== id)
      errors.push({ code: 'ObjectExists', message: 'A matching callback entry already exists', field: 'objectId' });
  }
  return errors;
}

/** Callbacks are stored and never delivered: the sandbox makes no calls. */
const callbackRule: Rule = {
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
  check: checkCallback,
};

/** Rules by collection; records of all other collections are only checked against their schema. */
const rules: Readonly<Record<string, Rule>> = {
  '/company/companies': companyRule,
  '/company/companies/{}/notes': companyNoteRule,
  '/company/configurations': configurationRule,
  '/company/contacts': contactRule,
  '/expense/entries': expenseRule,
  '/finance/agreements/{}/additions': additionRule,
  '/finance/invoices': invoiceRule,
  '/project/projects': projectRule,
  '/project/tickets': projectTicketRule,
  '/project/tickets/{}/notes': noteRule,
  '/schedule/entries': scheduleRule,
  '/service/tickets': serviceTicketRule,
  '/service/tickets/{}/notes': noteRule,
  '/system/callbacks': callbackRule,
  '/time/entries': timeRule,
};

const noRule: Rule = {};

export function ruleOf(key: string): Rule {
  return rules[key] ?? noRule;
}

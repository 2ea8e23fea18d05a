import { type Context, findCaller, toStamp } from '../context.ts';
import { type JsonObject, type JsonValue, referenceId } from '../json.ts';
import type { FieldError } from '../server/refusal.ts';
import { missing } from '../write/check-record.ts';
import { companyRule, contactRule } from './company.ts';
import { belongingErrors, type Draft, type Rule, referenceToDefault, setDefaults } from './rule.ts';
import { noteRule, projectTicketRule, serviceTicketRule } from './ticket.ts';
import { findTicket, scheduleRule, timeRule } from './time.ts';

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
  complete(context, { value }) {
    const caller = findCaller(context);
    setDefaults(value, {
      member: caller === undefined ? undefined : { id: caller.id },
      paymentMethod: referenceToDefault(context, '/expense/paymenttypes', 'defaultFlag'),
      billableOption: 'Billable',
      status: 'Open',
    });
    const ticket = findTicket(context, value);
    if (ticket === undefined) return;
    value.ticket = { id: ticket.id };
    const { company, agreement, project, phase } = ticket.value;
    setDefaults(value, { company, agreement, project, phase });
  },
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

/** An agreement is cancelled by its flag and expires by its end; whatever else it is, it is active (CW 5.7.4). */
const agreementRule: Rule = {
  derive(context, { value, before }) {
    const isChosen = value.agreementStatus !== undefined && value.agreementStatus !== before?.value.agreementStatus;
    if (isChosen || value.agreementStatus === 'Inactive') return;
    const isOver = typeof value.endDate === 'string' && value.endDate < toStamp(context.now());
    value.agreementStatus = value.cancelledFlag === true ? 'Cancelled' : isOver ? 'Expired' : 'Active';
  },
  // Additions show the status of their agreement.
  follow(context, { id, value }) {
    for (const addition of context.store.records('/finance/agreements/{}/additions', [id]))
      addition.value = { ...addition.value, agreementStatus: value.agreementStatus ?? 'Active' };
  },
};

/** What one costs and sells for comes from the catalog unless it is given. */
function defaultsOfItem(context: Context, item: JsonValue | undefined): JsonObject {
  return context.store.find('/procurement/catalog', referenceId(item) ?? 0)?.value ?? {};
}

function toCents(amount: number): number {
  return Math.round(amount * 100) / 100;
}

/** What is sold, at the price of its catalog item, and what it comes to. */
const productRule: Rule = {
  computed: ['extPrice', 'extCost'],
  complete(context, { value }) {
    const { description, customerDescription, price, cost } = defaultsOfItem(context, value.catalogItem);
    setDefaults(value, { quantity: 1, description, customerDescription, price, cost, cancelledFlag: false });
  },
  derive(_context, { value }) {
    value.extPrice = toCents(Number(value.quantity) * Number(value.price ?? 0));
    value.extCost = toCents(Number(value.quantity) * Number(value.cost ?? 0));
  },
};

/** A purchase order is closed by its status. Its sums are those of its lines. */
const purchaseOrderRule: Rule = {
  computed: ['closedFlag', 'subTotal', 'total'],
  complete(context, { id, value }) {
    setDefaults(value, {
      poNumber: String(30_000 + id),
      poDate: `${toStamp(context.now()).slice(0, 10)}T00:00:00Z`,
      enteredBy: context.caller,
      freightCost: 0,
      salesTax: 0,
    });
  },
  derive(context, { id, value }) {
    const status = context.store.find('/procurement/purchaseorderstatuses', referenceId(value.status) ?? 0);
    value.closedFlag = status?.value.closedFlag === true;
    Object.assign(value, purchaseSums(context, id, value));
  },
};

const purchaseLines = '/procurement/purchaseorders/{}/lineitems';

function purchaseSums(context: Context, id: number, { freightCost, salesTax }: JsonObject): JsonObject {
  const lines = [...context.store.records(purchaseLines, [id])].filter(({ value }) => value.canceledFlag !== true);
  const subTotal = toCents(lines.reduce((sum, { value }) => sum + Number(value.extCost ?? 0), 0));
  return { subTotal, total: toCents(subTotal + Number(freightCost ?? 0) + Number(salesTax ?? 0)) };
}

const purchaseLineRule: Rule = {
  computed: ['extCost', 'purchaseOrderNumber'],
  complete(context, { value }) {
    setDefaults(value, {
      unitCost: defaultsOfItem(context, value.product).cost,
      receivedQuantity: 0,
      receivedStatus: 'Waiting',
      closedFlag: false,
      canceledFlag: false,
    });
  },
  derive(context, { value, parents: [orderId = 0] }) {
    value.extCost = toCents(Number(value.quantity) * Number(value.unitCost ?? 0));
    const order = context.store.find('/procurement/purchaseorders', orderId);
    setDefaults(value, { purchaseOrderNumber: order?.value.poNumber });
  },
  follow(context, { parents: [orderId = 0] }) {
    const order = context.store.find('/procurement/purchaseorders', orderId);
    if (order !== undefined) order.value = { ...order.value, ...purchaseSums(context, orderId, order.value) };
  },
};

/** Dates and terms of an order that a body leaves out; it costs nothing before it has products. */
const salesOrderRule: Rule = {
  complete(context, { value }) {
    const today = `${toStamp(context.now()).slice(0, 10)}T00:00:00Z`;
    const company = context.store.find('/company/companies', referenceId(value.company) ?? 0)?.value;
    setDefaults(value, {
      orderDate: today,
      site: company?.site,
      billToCompany: value.company,
      shipToCompany: value.company,
      billingTerms: company?.billingTerms,
      billClosedFlag: false,
      billShippedFlag: false,
      subTotal: 0,
      taxTotal: 0,
      total: 0,
    });
  },
  check: belongingErrors,
};

/**
 * An addition cannot be in force before its agreement is billed (CW 5.4.13). Its sums follow from quantity and price:
 * customers pay for what is beyond the included units, the provider for all.
 */
const additionRule: Rule = {
  computed: ['extPrice', 'extCost', 'billedQuantity', 'agreementStatus'],
  complete(context, { value }) {
    const { description, price, cost } = defaultsOfItem(context, value.product);
    setDefaults(value, { quantity: 1, lessIncluded: 0, description, unitPrice: price, unitCost: cost });
  },
  derive(context, { value, parents: [agreementId = 0] }) {
    const billedQuantity = Math.max(0, Number(value.quantity) - Number(value.lessIncluded));
    Object.assign(value, {
      billedQuantity,
      extPrice: toCents(billedQuantity * Number(value.unitPrice ?? 0)),
      extCost: toCents(Number(value.quantity) * Number(value.unitCost ?? 0)),
      agreementStatus: context.store.find('/finance/agreements', agreementId)?.value.agreementStatus ?? 'Active',
    });
  },
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
  '/finance/agreements': agreementRule,
  '/finance/agreements/{}/additions': additionRule,
  '/finance/invoices': invoiceRule,
  '/procurement/products': productRule,
  '/procurement/purchaseorders': purchaseOrderRule,
  [purchaseLines]: purchaseLineRule,
  '/project/projects': projectRule,
  '/project/tickets': projectTicketRule,
  '/project/tickets/{}/notes': noteRule,
  '/sales/orders': salesOrderRule,
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

import { defined } from '../../src/core/json.ts';
import { type Context, toStamp } from '../context.ts';
import { collectionKey, kindOf } from '../definitions.ts';
import { type JsonObject, type JsonValue, referenceId } from '../json.ts';
import { answerRecord } from '../query/list.ts';
import { getVisible } from '../roles.ts';
import { referenceToDefault } from '../rules/rule.ts';
import { jsonAnswer } from '../server/answer.ts';
import { type Call, numericIds } from '../server/call.ts';
import { readCallBody } from '../server/read-body.ts';
import { endpointMissing } from '../server/refusal.ts';
import type { StoredRecord } from '../store.ts';
import { changeRecord, createFrom } from '../write/write.ts';

/** What an opportunity or a sales order becomes. */
interface Goal {
  key: string;
  /** Member of the body that names a record to convert into, in place of a new one. */
  existing: string;
  /** What the new record takes over. */
  members(context: Context, source: JsonObject): Readonly<Record<string, JsonValue | undefined>>;
}

const goals: Readonly<Record<string, Goal>> = {
  converttoagreement: {
    key: '/finance/agreements',
    existing: 'agreementId',
    members: (context, { name, description }) => ({
      name: name ?? description,
      type: firstOf(context, '/finance/agreements/types'),
    }),
  },
  converttoproject: {
    key: '/project/projects',
    existing: 'projectId',
    members: (context, { name, description }) => ({
      name: name ?? description,
      board: referenceToDefault(context, '/service/boards', 'projectFlag'),
      billingMethod: 'ActualRates',
      // Required of every project; a client that knows better dates sends them.
      estimatedStart: `${toStamp(context.now()).slice(0, 10)}T00:00:00Z`,
      estimatedEnd: `${toStamp(context.now()).slice(0, 10)}T00:00:00Z`,
    }),
  },
  converttosalesorder: {
    key: '/sales/orders',
    existing: 'salesOrderId',
    members: (context, { primarySalesRep, name }) => ({
      description: name,
      salesRep: primarySalesRep,
      status: referenceToDefault(context, '/sales/orders/statuses', 'defaultFlag'),
    }),
  },
  converttoserviceticket: {
    key: '/service/tickets',
    existing: 'ticketId',
    members: (_context, { name, description }) => ({ summary: name ?? description }),
  },
};

function firstOf(context: Context, key: string): JsonObject | undefined {
  for (const { id } of context.store.records(key)) return { id };
  return undefined;
}

/** Members that choose documents, notes and products to take along; the sandbox takes none. */
const includeMembers = /^include(All)?\w*(Flag|Ids)$/;

/** An opportunity or a sales order becomes something else, which refers back to it (CW 5.7.6). */
export function convertSale(call: Call): Response {
  const { context, endpoint } = call;
  const [sourceKey = '', action = ''] = collectionKey(endpoint.path).split('/{}/');
  const goal = goals[action];
  const collection = context.collections.find(goal?.key ?? '');
  if (goal === undefined || collection === undefined) throw endpointMissing();
  const [sourceId = 0] = numericIds(call);
  const source = getVisible(context, sourceKey, sourceId);
  const given = readCallBody(call, { mayBeEmpty: true });
  const existing = given[goal.existing];
  // Orders are not referred to by what they become: the definition has no member for it.
  const link: JsonObject = sourceKey === '/sales/opportunities' ? { opportunity: { id: sourceId } } : {};
  const made =
    typeof existing === 'number' && existing > 0
      ? linkExisting(context, goal.key, existing, link)
      : createFrom(context, collection, [], { ...takeOver(context, goal, source), ...own(given, goal), ...link });
  return answerRecord(call, { collection, schema: collection.schema }, made, 201);
}

function takeOver(context: Context, goal: Goal, { value }: StoredRecord): JsonObject {
  const { company, contact, site } = value;
  return defined<JsonObject>({ company, contact, site, ...goal.members(context, value) });
}

function own(given: JsonObject, { existing }: Goal): JsonObject {
  return Object.fromEntries(Object.entries(given).filter(([name]) => name !== existing && !includeMembers.test(name)));
}

function linkExisting(context: Context, key: string, id: number, link: JsonObject): StoredRecord {
  const record = getVisible(context, key, id);
  changeRecord(context, key, record, link);
  return record;
}

/** What an opportunity has become: the records that refer back to it. */
export function listConversions(call: Call): Response {
  const { context } = call;
  const [id = 0] = numericIds(call);
  getVisible(context, '/sales/opportunities', id);
  const conversions = Object.values(goals).flatMap(({ key }) => {
    const name = kindOf(context.collections.find(key)?.schema ?? key);
    return [...context.store.records(key)]
      .filter(({ value }) => referenceId(value.opportunity) === id)
      .map((record) => ({ parentType: 'Opportunity', convertedTo: { id: record.id, name } }));
  });
  return jsonAnswer(200, conversions);
}

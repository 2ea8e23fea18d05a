import type { Endpoint } from '../src/catalog/index.ts';
import { type Context, findCaller, type Right, type Role } from './context.ts';
import { collectionKey, kindOf } from './definitions.ts';
import { referenceId } from './json.ts';
import { recordNotFound, refusal } from './server/refusal.ts';
import type { StoredRecord } from './store.ts';

/** Collections of records, which need a right to be read; set-up tables need none (CW 5.12.2). */
const guarded: readonly string[] = [
  '/service/tickets',
  '/project/tickets',
  '/project/projects',
  '/sales/activities',
  '/sales/opportunities',
  '/company/companies',
  '/company/contacts',
  '/company/configurations',
  '/finance/agreements',
  '/finance/invoices',
  '/time/entries',
  '/time/sheets',
  '/schedule/entries',
  '/expense/entries',
  '/expense/reports',
  '/procurement/catalog',
  '/procurement/purchaseorders',
  '/sales/orders',
  '/marketing/campaigns',
  '/system/documents',
  '/system/reports',
  '/system/members',
  '/system/audittrail',
];

/** Members of money that a role without rights on finance does not get to see (CW 5.12.3). */
const costs = new Set(['hourlyCost', 'hourlyRate', 'unitCost', 'extCost', 'cost', 'margin']);

export const roles = {
  everything: { sees: 'all', writes: 'all', closed: [], hidden: new Set<string>() },
  // Member Maintenance is a right of its own: members are read under `/system/info/members` (CW 5.7.11).
  'read-only': { sees: 'all', writes: [], closed: ['/system/members'], hidden: costs },
  mine: {
    sees: 'mine',
    writes: [
      '/service/tickets',
      '/project/tickets',
      '/time/entries',
      '/time/sheets',
      '/schedule/entries',
      '/sales/activities',
      '/expense/entries',
      '/system/documents',
    ],
    closed: ['/system/members', '/finance/agreements', '/finance/invoices'],
    hidden: costs,
  },
} as const satisfies Record<string, Role>;

/** POSTs that read: they need no right to write. */
const readingPosts = /^(\/(service|project)\/tickets\/search|\/time\/entries\/defaults|\/system\/bundles(\/count)?)$/;

function isBelow(key: string, parents: readonly string[]): boolean {
  return parents.some((one) => key === one || key.startsWith(`${one}/`));
}

/** @throws GatewayError 403 `Security` where the role lacks the right (CW 4.2.18) */
export function refuseByRole({ role }: Context, { method, path }: Endpoint): void {
  const key = collectionKey(path);
  refuseClosed({ role }, key);
  const isRead = method === 'GET' || (method === 'POST' && readingPosts.test(key));
  if (role.rights !== undefined) {
    if (!isRead && !rightsAt(role.rights, key).includes(neededFor[method])) throw forbidden();
    return;
  }
  const mayWrite = role.writes === 'all' || (method !== 'DELETE' && isBelow(key, role.writes));
  if (!isRead && !mayWrite) throw forbidden();
}

/** @throws GatewayError 403 for a collection that the role may not even read */
export function refuseClosed({ role }: Pick<Context, 'role'>, key: string): void {
  const { rights, closed } = role;
  const isClosed =
    rights === undefined ? isBelow(key, closed) : isBelow(key, guarded) && !rightsAt(rights, key).includes('inquire');
  if (isClosed) throw forbidden();
}

/** Which method needs which right is read from their names: no source says it (CW 5.12.1). */
const neededFor = { GET: 'inquire', POST: 'add', PUT: 'edit', PATCH: 'edit', DELETE: 'delete' } as const;

function rightsAt(rights: Readonly<Record<string, readonly Right[]>>, key: string): readonly Right[] {
  return Object.entries(rights).find(([one]) => isBelow(key, [one]))?.[1] ?? [];
}

export function forbidden() {
  return refusal(403, { code: 'Security', message: 'You do not have security permission to perform this action.' });
}

/** The member of a record that names its owner; records of other collections have no owner. */
const ownerMembers: Readonly<Record<string, string>> = {
  '/service/tickets': 'owner',
  '/project/tickets': 'owner',
  '/time/entries': 'member',
  '/time/sheets': 'member',
  '/schedule/entries': 'member',
  '/expense/entries': 'member',
  '/expense/reports': 'member',
  '/sales/activities': 'assignTo',
  '/sales/opportunities': 'primarySalesRep',
};

/** Which records of a collection the caller's role shows; the others seem not to exist (CW 5.12.3). */
export function visibilityOf(context: Context, key: string): (record: StoredRecord) => boolean {
  const owner = ownerMembers[key];
  if (context.role.sees === 'all' || owner === undefined) return () => true;
  const me = findCaller(context)?.id;
  return ({ value, stamps }) => {
    if (stamps.enteredBy === context.caller || (me !== undefined && referenceId(value[owner]) === me)) return true;
    return typeof value.resources === 'string' && value.resources.split(', ').includes(context.caller);
  };
}

/** A record that the caller can see. */
export function findVisible(
  context: Context,
  key: string,
  id: number,
  parents?: readonly number[],
): StoredRecord | undefined {
  const record = context.store.find(key, id, parents);
  return record !== undefined && visibilityOf(context, key)(record) ? record : undefined;
}

/** @throws GatewayError 404 `Ticket 1 not found` for a record that does not exist for the caller */
export function getVisible(context: Context, key: string, id: number, parents?: readonly number[]): StoredRecord {
  const record = findVisible(context, key, id, parents);
  if (record === undefined) throw recordNotFound(kindOf(context.collections.find(key)?.schema ?? key), id);
  return record;
}

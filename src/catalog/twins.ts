import type { Catalog } from './catalog.ts';
import { pathKey } from './path-template.ts';

// What is one thing to a person and two lists to the API.

interface Side {
  /** The list. */
  path: string;
  /** One of its records, in a sentence. */
  noun: string;
  /** Values that the records of the other list have, and these never. */
  never?: { member: string; values: readonly string[] };
}

interface Pair {
  sides: readonly [Side, Side];
  /** Whether a number names one record only, so that what is missing on one side may be on the other. */
  sameNumbers: boolean;
  /** Why they are two. */
  reason: string;
}

/** Lists of one word; those of names only, such as types and statuses, belong to what they are types of. */
export const twins: readonly Pair[] = [
  {
    sides: [
      {
        path: '/service/tickets',
        noun: 'service ticket',
        never: { member: 'recordType', values: ['ProjectTicket', 'ProjectIssue'] },
      },
      { path: '/project/tickets', noun: 'project ticket', never: { member: 'recordType', values: ['ServiceTicket'] } },
    ],
    sameNumbers: true,
    reason: 'CW 5.5.1, 5.5.11',
  },
  {
    sides: [
      { path: '/procurement/products', noun: 'product on a ticket, project or order' },
      { path: '/procurement/catalog', noun: 'item of the catalogue' },
    ],
    sameNumbers: false,
    reason: 'CW 5.4.18: a product refers to its item as catalogItem',
  },
  {
    sides: [
      { path: '/schedule/entries', noun: 'schedule entry' },
      { path: '/sales/activities', noun: 'activity' },
    ],
    sameNumbers: false,
    reason: 'CW 5.7.1: a schedule entry names what it is for as objectId',
  },
  {
    sides: [
      { path: '/system/locations', noun: 'location of the company that runs ConnectWise' },
      { path: '/service/locations', noun: 'place where service is done' },
    ],
    sameNumbers: false,
    reason: 'the definition: a ticket has both, as location and as serviceLocation',
  },
  {
    sides: [
      { path: '/system/departments', noun: 'department of the company that runs ConnectWise' },
      { path: '/company/contacts/departments', noun: 'department of contacts' },
    ],
    sameNumbers: false,
    reason: 'the definition: SystemDepartmentReference and ContactDepartmentReference',
  },
  {
    sides: [
      { path: '/system/securityroles', noun: 'security role of members' },
      { path: '/project/securityRoles', noun: 'role of a project team' },
    ],
    sameNumbers: false,
    reason: 'the definition: SecurityRoleReference and ProjectRoleReference',
  },
];

/** The other side of a path. */
export interface Twin {
  /** The same path there. */
  path: string;
  /** The record there, or the list where the path has no number. */
  record: string;
  /** One record there, and one here, in a sentence. */
  noun: string;
  ownNoun: string;
  number: string | undefined;
  sameNumbers: boolean;
}

/** The twin of a list, of a record, or of what is beneath one; `{id}` counts as a number. */
export function twinOf(path: string): Twin | undefined {
  const key = path.toLowerCase();
  for (const { sides, sameNumbers } of twins) {
    for (const [own, other] of [sides, sides.toReversed()] as readonly (readonly [Side, Side])[]) {
      if (key !== own.path.toLowerCase() && !key.startsWith(`${own.path.toLowerCase()}/`)) continue;
      const rest = path.slice(own.path.length);
      const number = /^\/(\d+|\{[^{}]*\})(?=\/|$)/.exec(rest)?.[1];
      const record = number === undefined ? other.path : `${other.path}/${number}`;
      return { path: other.path + rest, record, noun: other.noun, ownNoun: own.noun, number, sameNumbers };
    }
  }
  return undefined;
}

/** Whether no record of this list, its count or its search has the value; then its twin has those. */
export function isOfTwin(path: string, member: string, value: string): boolean {
  const key = pathKey(path).replace(/\/(count|search|info)$/, '');
  const never = twins.flatMap(({ sides }) => sides).find((side) => side.path.toLowerCase() === key)?.never;
  if (never === undefined || never.member.toLowerCase() !== member.toLowerCase()) return false;
  return never.values.some((one) => one.toLowerCase() === value.toLowerCase());
}

/**
 * A list or record of the same things that needs fewer rights: `/system/info/members`, `/company/contacts/info`
 * (CW 5.7.11, 5.11.4). Undefined where the catalog has none.
 */
export function findInfoPath(catalog: Pick<Catalog, 'findEndpoint'>, path: string): string | undefined {
  const [, module = '', ...rest] = path.split('/');
  const list = rest.at(-1) === 'count' ? rest.slice(0, -1) : rest;
  const count = list.length < rest.length ? '/count' : '';
  const candidates = [
    `/${[module, 'info', ...list].join('/')}${count}`,
    `/${[module, ...list].join('/')}/info${count}`,
  ];
  return candidates.find((candidate) => {
    const found = catalog.findEndpoint('GET', candidate)?.endpoint.path;
    // Not a record whose name would be `info`.
    return found !== undefined && pathKey(found).includes('/info') && pathKey(found) !== pathKey(path);
  });
}

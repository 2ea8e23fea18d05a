import { businessTraps } from './business-traps.ts';
import { ticketTraps } from './ticket-traps.ts';

/** How the predicate changes besides its path; `rename` changes nothing else. */
export type Rewrite = 'rename' | 'contains' | 'invert' | 'child' | 'personName' | 'billable';

/** What to write instead of a name that people and models expect, and ConnectWise does not have. */
export interface Trap {
  /** The paths to write, best first; empty where no member says it. */
  to: readonly string[];
  reason: string;
  /** Number in docs/connectwise.md. */
  cw: string;
  rewrite: Rewrite;
  /** Holds for every schema, so only where the path it leads to exists. */
  general: boolean;
}

/**
 * By schemas, then by the wrong names, lower case, both separated by spaces: what to write (best first, separated by
 * commas), why, the number in docs/connectwise.md, and how else the predicate changes.
 */
export type TrapTable = Readonly<
  Record<string, Readonly<Record<string, readonly [to: string, reason: string, cw: string, rewrite?: Rewrite]>>>
>;

/** Names expected everywhere; they hold where the schema has the member they lead to. */
const generalTraps: TrapTable = {
  '': {
    'client customer account organization organisation': ['company/name', 'clients are companies', '2.2.12'],
    'created createdat createdon createddate datecreated createdate creationdate entereddate dateadded': [
      'dateEntered',
      'records carry dateEntered',
      '2.2.13',
    ],
    'updated updatedat updatedon updateddate dateupdated lastupdate lastupdateddate lastmodified modified': [
      'lastUpdated',
      'records carry lastUpdated',
      '2.2.13',
    ],
    'modifieddate datemodified lastmodifieddate lastchanged': ['lastUpdated', 'records carry lastUpdated', '2.2.13'],
    'createdby enteredby creator': ['_info/enteredBy', 'who entered a record is in _info', '5.14'],
    'updatedby modifiedby lastupdatedby lastmodifiedby': [
      '_info/updatedBy',
      'who changed a record last is in _info',
      '5.14',
    ],
  },
};

/** By `schema name`, or ` name` for every schema. */
export const traps: ReadonlyMap<string, Trap> = new Map(
  [ticketTraps, businessTraps, generalTraps].flatMap((table) =>
    Object.entries(table).flatMap(([schemas, names]) =>
      Object.entries(names).flatMap(([wrong, [to, reason, cw, rewrite = 'rename']]) => {
        const trap: Trap = { to: to === '' ? [] : to.split(', '), reason, cw, rewrite, general: schemas === '' };
        return schemas
          .split(' ')
          .flatMap((schema) => wrong.split(' ').map((name) => [`${schema} ${name}`, trap] as const));
      }),
    ),
  ),
);

/** The trap that a path of this schema falls into; entries of the schema come before the general ones. */
export function findTrap(schema: string, segments: readonly string[]): Trap | undefined {
  const path = segments.join('/').toLowerCase();
  return traps.get(`${schema} ${path}`) ?? traps.get(` ${path}`);
}

import boardRows from '../data/boards.json' with { type: 'json' };
import catalogItemRows from '../data/catalog-items.json' with { type: 'json' };
import clientRows from '../data/clients.json' with { type: 'json' };
import customFieldTables from '../data/custom-fields.json' with { type: 'json' };
import deviceRows from '../data/devices.json' with { type: 'json' };
import nameLists from '../data/names.json' with { type: 'json' };
import phraseLists from '../data/phrases.json' with { type: 'json' };
import projectRows from '../data/projects.json' with { type: 'json' };
import setUpTables from '../data/set-up.json' with { type: 'json' };
import staffRows from '../data/staff.json' with { type: 'json' };
import ticketTextLists from '../data/ticket-texts.json' with { type: 'json' };
import type { JsonObject } from '../json.ts';

/** The names, texts and tables that the seed is made of, with the types that its code relies on. */

/** A client of the provider, all of them invented. The last one is the provider itself. */
export interface Client {
  name: string;
  identifier: string;
  city: string;
  state: string;
  employees: number;
  /** Ids of a company status and type that differ from the usual ones. */
  status?: number | undefined;
  type?: number | undefined;
  /** What people say and write in place of the name. */
  nickname?: string | undefined;
}

export const clients: readonly Client[] = clientRows;

export interface StaffMember {
  identifier: string;
  firstName: string;
  lastName: string;
  title: string;
  /** Id of the work role: technician, engineer, consultant. */
  role: number;
  rate: number;
}

/** Who works for the provider; the last is the API member whose keys the sandbox knows. */
export const staff: readonly StaffMember[] = staffRows;

/** `places` and `trades` combine to the names of the clients beyond the list. */
export const names: Readonly<
  Record<'firstNames' | 'lastNames' | 'jobTitles' | 'streets' | 'places' | 'trades', readonly string[]>
> = nameLists;

/** Rows of the tables that are set up once, by collection key, in the order of their ids. */
export const setUp: Readonly<Record<string, readonly JsonObject[]>> = setUpTables;

/** Rows of the custom fields that are defined for a collection, by its key; without values, which is null (CW 5.13). */
export const customFieldRows: ReadonlyMap<string, readonly JsonObject[]> = new Map(Object.entries(customFieldTables));

export interface CatalogItem {
  identifier: string;
  description: string;
  productClass: string;
  type: number;
  price: number;
  cost: number;
}

export const catalogItems: readonly CatalogItem[] = catalogItemRows;

export interface BoardRow {
  name: string;
  isProject: boolean;
  /** Of kind `default`, `closed` or `inactive`, where it is one of these. */
  statuses: readonly { name: string; kind?: string | undefined }[];
  types: readonly { name: string; subTypes: readonly string[] }[];
  items: readonly string[];
  teams: readonly string[];
}

export const boards: readonly BoardRow[] = boardRows;

export interface DeviceKind {
  /** Id of the configuration type. */
  type: number;
  /** In the names of these devices. */
  prefix: string;
  /** How many of a hundred devices are of this kind. */
  share: number;
  models: readonly { name: string; manufacturer: number }[];
}

export const deviceKinds: readonly DeviceKind[] = deviceRows;

export interface ProjectRow {
  name: string;
  company: number;
  startedAgo: number;
  plannedDays: number;
  budgetHours: number;
  phases: readonly string[];
}

export const projects: readonly ProjectRow[] = projectRows;

/** What people write in tickets. `{first}`, `{device}` and `{company}` are filled in. */
export interface TicketText {
  /** Ids of type and subtype on the board. */
  type: number;
  subType: number;
  summary: string;
  description: string;
  /** The mail as it came, where it is not made from the description. */
  html?: string | undefined;
  resolution: string;
}

/**
 * `desk` is what users ask for, `alerts` what monitoring reports. `permanent` are tickets that are always present,
 * open and of high priority: the first example of every tutorial. `nickname` calls a client by its nickname.
 * `unusual` is how people really write: other scripts, emoji, long signatures, quoted mail, a password where none
 * should be. `injections` are attempts at prompt injection, which any stranger can send by mail.
 */
export const ticketTexts: {
  desk: readonly TicketText[];
  alerts: readonly TicketText[];
  permanent: readonly (TicketText & { company: number })[];
  nickname: readonly TicketText[];
  unusual: readonly TicketText[];
  injections: readonly TicketText[];
} = ticketTextLists;

/** Short texts of one line, by what they are for. */
export const phrases = phraseLists;

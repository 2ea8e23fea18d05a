import type { Parents } from '../../connectwise/index.ts';
import { isRecord } from '../../core/json.ts';
import { ownValue } from '../differences.ts';

type Values = Readonly<Record<string, unknown>>;

/** Where a name stands, as far as that says whose it is. */
export interface Holder {
  /** Schema of the record. */
  schema: string;
  /** Of the request. */
  path: string;
  /** What the record is going to be: this counts before what it is. */
  body: Values;
  record?: Values | undefined;
}

/** A status has a board, a site a company, a phase a project (CW 5.5.2): as the body says, else the record, else the path. */
export function parentsOf(member: string, holder: Holder): Parents {
  const board = referredId(holder, 'board') ?? idInPath(holder.path, /^\/service\/boards\/(\d+)\//i);
  const company = companyOf(member, holder) ?? idInPath(holder.path, /^\/company\/companies\/(\d+)\//i);
  const project = referredId(holder, 'project') ?? idInPath(holder.path, /^\/project\/projects\/(\d+)\//i);
  return {
    ...(board === undefined ? {} : { board }),
    ...(company === undefined ? {} : { company }),
    ...(project === undefined ? {} : { project }),
  };
}

/** `billToSite` is a site of `billToCompany`; the sites and contacts of a company are its own. */
function companyOf(member: string, holder: Holder): number | undefined {
  if (holder.schema === 'Company') return numberOf(holder.record?.id);
  const [, prefix] = /^(\w+)(?:Site|Contact)$/.exec(member) ?? [];
  const other = prefix === undefined ? undefined : referredId(holder, `${prefix}Company`);
  return other ?? referredId(holder, 'company');
}

function referredId({ body, record }: Holder, member: string): number | undefined {
  const reference = Object.hasOwn(body, member) ? body[member] : ownValue(record ?? {}, member);
  return isRecord(reference) ? numberOf(reference.id) : undefined;
}

function idInPath(path: string, pattern: RegExp): number | undefined {
  return numberOf(pattern.exec(path)?.[1]);
}

const numberOf = (id: unknown): number | undefined => (/^\d+$/.test(String(id)) ? Number(id) : undefined);

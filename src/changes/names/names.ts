import { foldLabel, type KindInfo, type Named, type Parents } from '../../connectwise/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { defined, isRecord } from '../../core/json.ts';
import { type Fault, invalidBody } from '../body/findings.ts';
import type { Values } from '../change.ts';
import type { PlanContext } from '../plan.ts';
import { quote } from '../wording.ts';

/** What looking up names needs. */
export type NameContext = Pick<PlanContext, 'lookups' | 'findSchema' | 'me'>;

/** A name at this path of the body that means no record, several, or another one. */
export interface Failure {
  path: string;
  error: GatewayError;
}

/** The error for names that are not clear: one with its own message, several as faults with their candidates. */
export function unresolvedNames(failures: readonly Failure[]): GatewayError {
  const [first, ...others] = failures;
  if (first === undefined || others.length > 0)
    return invalidBody('Names in the body are not clear', failures.map(toFault));
  const { path, error } = first;
  return new GatewayError('invalid_body', `${path}: ${error.message}`, {
    hint: error.next,
    details: { ...error.details, field: `data/${path}` },
    cause: error,
  });
}

function toFault({ path, error: { message, details } }: Failure): Fault {
  const allowed = details.candidates?.slice(0, 5).join(', ') || undefined;
  return defined<Fault>({ path, problem: message.replace(/\.$/, ''), allowed });
}

export function labelsOf({ name, identifier }: Named): string[] {
  return identifier === undefined ? [name] : [name, identifier];
}

/** The first of these names that the record does not have. */
export function findContradiction(said: readonly string[], labels: readonly string[]): string | undefined {
  const known = labels.map(foldLabel);
  return said.find((name) => !known.includes(foldLabel(name)));
}

/** The error for a reference that means two records: by its id, or the first of its names, and by another name. */
export function contradiction(noun: string, { id, name }: Named, other: string): GatewayError {
  return new GatewayError('invalid_body', `The ${noun} ${id} is ${quote(name)}, and not ${quote(other)}.`, {
    hint: `Give one of the two: {"id": ${id}} alone, or the name alone.`,
  });
}

/** Whether two values name one record: a name counts only for the id that is sent. */
export function isOfRecord(one: unknown, other: unknown): boolean {
  return isRecord(one) && isRecord(other) && one.id !== undefined && String(one.id) === String(other.id);
}

export function asReference({ id, identifier, name }: Named): Values {
  return defined({ id, identifier, name });
}

/** Where a name is used, as far as that decides which records it can mean. */
export interface Holder {
  /** Schema of the record. */
  schema: string;
  /** Of the request. */
  path: string;
  /** The new values of the record, which count before its present ones. */
  body: Values;
  record?: Values | undefined;
  /** The record that the request is under, such as the ticket of a merge. */
  above?: Values | undefined;
}

/** Where the records are listed that others belong to. */
const parentCollections = {
  board: '/service/boards',
  company: '/company/companies',
  project: '/project/projects',
} as const;

export type ParentKind = keyof typeof parentCollections;

/** A status has a board, a site a company, a phase a project (CW 5.5.2): of the body, else the record, else the path. */
export function parentsOf(member: string, holder: Holder): Parents {
  const parentOf = (parent: ParentKind) =>
    ownersOf(member, parent)
      .map((owner) => referredId(holder, owner))
      .find((id) => id !== undefined) ?? idInPath(holder.path, parent);
  return defined<Parents>({
    board: parentOf('board'),
    company: holder.schema === 'Company' ? numberOf(holder.record?.id) : parentOf('company'),
    project: parentOf('project'),
  });
}

/** The members that may name the parent: `billToSite` is a site of `billToCompany`, else of `company`. */
export function ownersOf(member: string, parent: ParentKind): readonly string[] {
  if (parent === 'project') return ['project'];
  if (parent === 'board') return ['board', 'serviceBoard'];
  const [, prefix] = /^(\w+)(?:Site|Contact)$/.exec(member) ?? [];
  return prefix === undefined ? ['company'] : [`${prefix}Company`, 'company'];
}

/**
 * Whether a request makes the very record that records of this kind belong to: the site of a new company is made along
 * with it (CW 5.4.3), so there is none to look up.
 */
export function isMadeAlong(
  { parent, needsParent }: KindInfo,
  { path, record }: Pick<Holder, 'path' | 'record'>,
): boolean {
  const collection = needsParent && parent !== undefined ? parentCollections[parent] : undefined;
  return record === undefined && path.replace(/\/+$/, '').toLowerCase() === collection;
}

function referredId({ body, record, above }: Holder, member: string): number | undefined {
  const holder = [body, record, above].find((one) => one !== undefined && Object.hasOwn(one, member));
  const reference = holder?.[member];
  return isRecord(reference) ? numberOf(reference.id) : undefined;
}

function idInPath(path: string, parent: ParentKind): number | undefined {
  const collection = `${parentCollections[parent]}/`;
  if (!path.toLowerCase().startsWith(collection)) return undefined;
  const [id, below] = path.slice(collection.length).split('/');
  return below === undefined ? undefined : numberOf(id);
}

const numberOf = (id: unknown): number | undefined => (/^\d+$/.test(String(id)) ? Number(id) : undefined);

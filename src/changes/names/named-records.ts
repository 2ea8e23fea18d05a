import {
  type Endpoint,
  type IdHolder,
  isIdMember,
  isListed,
  listOfPath,
  listsOfId,
  type Schema,
  twinOf,
} from '../../catalog/index.ts';
import type { Identity, Named } from '../../connectwise/index.ts';
import { plural, withArticle } from '../../core/english.ts';
import { GatewayError } from '../../core/errors.ts';
import { defined, isRecord } from '../../core/json.ts';
import { referenceSchema } from '../body/check-record.ts';
import { findSpelling } from '../body/find-member.ts';
import type { NamedRecord, Values, WriteRequest } from '../change.ts';
import type { PlanContext } from '../plan.ts';
import { parseTarget } from '../target.ts';
import { quote } from '../wording.ts';
import { type Failure, unresolvedNames } from './names.ts';

// The records that a write names by a number: in its path, and in members such as `chargeToId`.

/** Whatever a body of so many numbers is for, its preview cannot show them all; the first ones are read. */
const mostIds = 200;

export interface NumberedWrite {
  request: WriteRequest;
  endpoint: Endpoint | undefined;
  schema: Schema | undefined;
  /** The record that is changed, where it was read: the last number of the path is its own. */
  record?: Values | undefined;
  /** The record that the request is under, where its board, company or project is needed. */
  above?: Values | undefined;
  /** The record as it is going to be, or the body of one or several new ones. */
  after: unknown;
  /** The members that are written. */
  members: readonly string[];
  /** What references of the body mean, by member. */
  names: ReadonlyMap<string, Named>;
  signal?: AbortSignal | undefined;
}

/** A number, and the lists of which one has it. */
interface Numbered {
  /** Absent for a number of the path. */
  member?: string;
  id: number;
  lists: readonly string[] | undefined;
  /** The member that holds the numbers, for what becomes of them. */
  holder: string;
}

/**
 * Reads every record that a write names by its number, in parallel.
 * @throws GatewayError `record_not_found` for one of the path that does not exist, `invalid_body` for one of the body
 */
export async function readNumbered(context: PlanContext, write: NumberedWrite): Promise<NamedRecord[]> {
  const ofBody = await bodyNumbers(context, write);
  const numbered = [...pathNumbers(context, write), ...ofBody].slice(0, mostIds);
  const failures: Failure[] = [];
  const read = numbered.map(async (one): Promise<NamedRecord> => {
    const found = await readOne(context, one, write.signal);
    if (found !== 'missing') return toNamed(one, found, write);
    const error = await missing(context, one, write.signal);
    if (one.member === undefined) throw error;
    if (write.request.strict !== false) failures.push({ path: one.member, error });
    return { ...toNamed(one, undefined, write), unread: 'ConnectWise does not show' };
  });
  const named = await Promise.all(read);
  if (failures.length > 0) throw unresolvedNames(failures);
  return named;
}

/**
 * Begins to read the records that a write names by its numbers, while the names of its body are looked up. What is read
 * is kept for `readNumbered`, which also says what is wrong with them.
 */
export function beginNumbered(context: PlanContext, write: NumberedWrite): void {
  readNumbered(context, write).catch(() => undefined);
}

export type ReadContext = Pick<PlanContext, 'catalog' | 'client' | 'lookups'>;

interface Read extends Identity {
  list: string;
}

/** The record of this number in one of the lists; undefined where it cannot be looked up. */
export async function readOne(
  context: ReadContext,
  { id, lists }: Pick<Numbered, 'id' | 'lists'>,
  signal?: AbortSignal,
): Promise<Read | 'missing' | undefined> {
  if (lists === undefined) return undefined;
  const tried = await Promise.all(
    lists.map(async (list) => {
      try {
        const found = await identify(context, list, id, signal);
        return found === undefined ? 'missing' : { ...found, list };
      } catch (error) {
        if (!(error instanceof GatewayError) || error.code === 'cancelled') throw error;
        return error.code === 'record_not_found' ? 'missing' : undefined;
      }
    }),
  );
  const found = tried.find((one) => typeof one === 'object');
  return found ?? (tried.every((one) => one === 'missing') ? 'missing' : undefined);
}

/** A record whose list needs a filter is read by itself. */
async function identify({ catalog, client, lookups }: ReadContext, list: string, id: number, signal?: AbortSignal) {
  if (isListed(catalog, list)) return lookups.identify(list, id, signal);
  const { body } = await client.send({ method: 'GET', path: `${list}/${id}` }, signal);
  const { title, name }: Values = isRecord(body) ? body : {};
  const text = [title, name].find((one) => typeof one === 'string');
  return defined<Identity>({ id, name: text as string | undefined, gone: false });
}

// In the path

/** `/service/tickets/1001/notes/5` names a ticket, and a note where that was not read already. */
function pathNumbers({ catalog }: PlanContext, { request, endpoint, record }: NumberedWrite): Numbered[] {
  const segments = request.path.split('/');
  const template = endpoint?.path.split('/') ?? [];
  return segments.flatMap((segment, index): Numbered[] => {
    const isPlaceholder = endpoint === undefined || template[index]?.startsWith('{') === true;
    const isOwn = record !== undefined && index === segments.length - 1;
    if (!isPlaceholder || isOwn || !/^[1-9]\d{0,14}$/.test(segment)) return [];
    const list = segments.slice(0, index).join('/');
    const known = listOfPath(list);
    const isReadable = isListed(catalog, known) || catalog.findEndpoint('GET', `${known}/${segment}`) !== undefined;
    return [{ id: Number(segment), lists: isReadable ? [known] : undefined, holder: '' }];
  });
}

// In the body

interface Walk {
  context: PlanContext;
  write: NumberedWrite;
  pathValues: Readonly<Record<string, string>>;
  found: Numbered[];
  /** Identifiers of references that decide which list is meant, by path; undefined until they are read. */
  identifiers: Map<string, string | undefined>;
}

async function bodyNumbers(context: PlanContext, write: NumberedWrite): Promise<Numbered[]> {
  const { request, schema, after, record, members } = write;
  if (schema === undefined || after === undefined || request.method === 'DELETE') return [];
  const pathValues = context.catalog.findEndpoint(request.method, request.path)?.pathValues ?? {};
  const walk: Walk = { context, write, pathValues, found: [], identifiers: new Map() };
  const collect = (value: unknown) => {
    walk.found = [];
    if (!Array.isArray(value)) collectNumbers(walk, value, schema, '', members);
    else for (const [index, one] of value.entries()) collectNumbers(walk, one, schema, `${index}/`);
    return walk.found;
  };
  // A body that is itself a reference: what is attached to the record of the path (CW 5.5.9).
  const attached = attachedTo(context, schema, after);
  if (attached !== undefined) return attached;
  let found = collect(after);
  if (walk.identifiers.size > 0) {
    await readIdentifiers(walk);
    found = collect(after);
  }
  // Of an array that is sent whole, what the record has already is not named anew.
  const before = new Set(record === undefined ? [] : collect(record).map(keyOf));
  return found.filter((one) => !before.has(keyOf(one)));
}

const keyOf = ({ holder, id, lists }: Numbered) => JSON.stringify([holder, id, lists]);

function attachedTo({ lookups }: PlanContext, schema: Schema, body: unknown): Numbered[] | undefined {
  if (!schema.name.endsWith('Reference') || !isRecord(body) || typeof body.id !== 'number') return undefined;
  const list = lookups.findKind(schema.name)?.list;
  return [
    defined<Numbered>({ member: 'id', id: body.id, lists: list === undefined ? undefined : [list], holder: 'id' }),
  ];
}

function collectNumbers(walk: Walk, value: unknown, schema: Schema, prefix: string, only?: readonly string[]): void {
  if (!isRecord(value)) return;
  const { context } = walk;
  for (const [given, part] of Object.entries(value)) {
    const member = findSpelling(schema, given);
    if (member === undefined || (only !== undefined && !only.includes(given))) continue;
    const path = `${prefix}${member.name}`;
    if (isIdMember(member)) {
      for (const [index, id] of [part].flat().entries()) {
        if (typeof id !== 'number' || !Number.isSafeInteger(id) || id <= 0) continue;
        const lists = listsOfId(member.name, holderOf(walk, value, schema, prefix));
        walk.found.push({ member: Array.isArray(part) ? `${path}/${index}` : path, id, lists, holder: path });
      }
    } else if (member.schema !== undefined && referenceSchema(context, member.schema) === undefined) {
      const inner = context.findSchema(member.schema);
      if (inner === undefined) continue;
      if (!Array.isArray(part)) collectNumbers(walk, part, inner, `${path}/`);
      else for (const [index, one] of part.entries()) collectNumbers(walk, one, inner, `${path}/${index}/`);
    }
  }
}

function holderOf(walk: Walk, value: Values, schema: Schema, prefix: string): IdHolder {
  return {
    schema: schema.name,
    textOf(name) {
      const said = value[name];
      if (typeof said === 'string') return said;
      if (!isRecord(said)) return undefined;
      const { identifier } = said;
      const path = `${prefix}${name}`;
      const known = typeof identifier === 'string' ? identifier : walk.write.names.get(path)?.identifier;
      if (known !== undefined) return known;
      if (!walk.identifiers.has(path) && typeof said.id === 'number') walk.identifiers.set(path, undefined);
      return walk.identifiers.get(path);
    },
    idOf(name) {
      const inPath = walk.pathValues[name];
      const own = value[name] ?? (isRecord(walk.write.after) ? walk.write.after[name] : undefined);
      const id = inPath ?? (isRecord(own) ? own.id : own);
      return /^\d+$/.test(String(id)) ? Number(id) : undefined;
    },
  };
}

/** The types of schedule entries are known by their identifier, and given by their number (CW 5.7.1). */
async function readIdentifiers({ context, write, identifiers }: Walk): Promise<void> {
  const { schema, after, signal } = write;
  const reading = [...identifiers.keys()].map(async (path) => {
    const target = schema?.members.find(({ name }) => name === path)?.schema;
    const value = isRecord(after) ? after[path] : undefined;
    if (target === undefined || !isRecord(value)) return;
    const found = await context.lookups.nameOf(target, Number(value.id), {}, signal);
    identifiers.set(path, found?.identifier);
  });
  await Promise.all(reading);
}

// In words

/** `service ticket`, `time entry`. */
function nounOf(list: string | undefined): string {
  if (list === undefined) return 'record';
  const twin = twinOf(list);
  return twin?.sameNumbers === true ? twin.ownNoun : parseTarget('GET', `${list}/1`).object;
}

function toNamed(
  { member, id, lists, holder }: Numbered,
  found: Read | undefined,
  { request }: NumberedWrite,
): NamedRecord {
  const list = found?.list ?? (lists?.length === 1 ? lists[0] : undefined);
  const isCompany = list?.toLowerCase() === '/company/companies';
  const unread = found === undefined ? 'could not be looked up' : undefined;
  const company = isCompany ? undefined : found?.company;
  const fate = fateOf(request, holder);
  const { name: title, status } = found ?? {};
  return defined<NamedRecord>({ member, noun: nounOf(list), id, title, company, status, unread, fate });
}

/** A merge keeps the ticket of the path (CW 5.5.9), and the company that its body names (CW 5.7.9). */
function fateOf({ method, path }: WriteRequest, holder: string): NamedRecord['fate'] {
  if (method !== 'POST') return undefined;
  if (/^\/service\/tickets\/\d+\/merge$/i.test(path)) {
    return holder === '' ? 'stays' : holder === 'mergeTicketIds' ? 'disappears' : undefined;
  }
  if (!/^\/company\/companies\/\d+\/merge$/i.test(path)) return undefined;
  return holder === '' ? 'disappears' : holder === 'toCompanyId' ? 'stays' : undefined;
}

/** The error for a number that no list has, with its twin: a service ticket may be one of a project (CW 5.5.11). */
async function missing(
  { lookups }: PlanContext,
  { member, id, lists = [] }: Numbered,
  signal?: AbortSignal,
): Promise<GatewayError> {
  const [list = ''] = lists;
  const noun = lists.length === 1 ? nounOf(list) : parseTarget('GET', `${list}/1`).object;
  if (member === undefined) return new GatewayError('record_not_found', `There is no ${noun} ${id} (${list}/${id}).`);
  const twin = lists.length === 1 ? await lookups.findTwin(`${list}/${id}`, signal) : undefined;
  const message = `ConnectWise shows no ${noun} with the id ${id}${twin === undefined ? '' : `; ${id} is a ${twin.noun}`}.`;
  const hint =
    twin === undefined
      ? `Give the id of ${withArticle(noun)} that exists.`
      : `Give the id of ${withArticle(noun)}, or say that a ${twin.noun} is meant where the record has a type for that.`;
  return new GatewayError('invalid_body', message, { hint });
}

// Two clients

/** Members whose company is another on purpose: who supplies, who pays, where it goes. */
const otherParty = /^(vendor|billTo|shipTo|toCompany|manufacturer|subContractor|purchas|dropShip|parentCompany)/i;

/** A warning where the records of one change belong to two clients: likely one of their numbers is wrong. */
export function describeClients(
  named: readonly NamedRecord[],
  { after, record, names }: Pick<NumberedWrite, 'after' | 'record' | 'names'>,
): string | undefined {
  const clients = new Map<number, string>();
  const add = (company: { id: number; name: string }, what: string) => {
    if (!clients.has(company.id)) clients.set(company.id, `${what} is of ${quote(company.name, 40)}`);
  };
  for (const { company, member, noun, id } of named) {
    if (company !== undefined && !otherParty.test(member ?? '')) add(company, `${noun} ${id}`);
  }
  const own = isRecord(after) && isRecord(after.company) ? after.company : record?.company;
  const ownId = isRecord(own) ? Number(own.id) : Number.NaN;
  if (Number.isInteger(ownId) && clients.size > 0 && !clients.has(ownId)) {
    const name = names.get('company')?.name ?? (isRecord(own) ? own.name : undefined);
    add({ id: ownId, name: typeof name === 'string' ? name : String(ownId) }, 'the record itself');
  }
  if (clients.size < 2) return undefined;
  return `${clients.size} different ${plural('client')}: ${[...clients.values()].join('; ')}.`;
}

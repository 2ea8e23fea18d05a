import { quote as quoteCondition } from '../../conditions/index.ts';
import { plural } from '../../core/english.ts';
import { GatewayError } from '../../core/errors.ts';
import { isRecord } from '../../core/json.ts';
import { dayMs } from '../../core/zone.ts';
import type { Values } from '../change.ts';
import { oneLine, quote } from '../wording.ts';
import type { Effects, EffectsContext, PlannedWrite } from './effect.ts';

/** The effects that ConnectWise is asked about. A warning that cannot be read is left out: it must not stop the write. */
async function readIfPossible<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code === 'cancelled') throw error;
    return undefined;
  }
}

/** Set-up changes rarely (CW 6.10). */
const keepMs = 60 * 60 * 1000;

/** Lists of statuses that say whether a record is closed, by the path of the records. */
const statusLists: readonly (readonly [records: RegExp, statuses: string])[] = [
  [/^\/project\/projects(\/\d+)?$/i, '/project/statuses'],
  [/^\/project\/projects\/\d+\/phases(\/\d+)?$/i, '/project/phaseStatuses'],
  [/^\/sales\/activities(\/\d+)?$/i, '/sales/activities/statuses'],
  [/^\/sales\/opportunities(\/\d+)?$/i, '/sales/opportunities/statuses'],
  [/^\/sales\/orders(\/\d+)?$/i, '/sales/orders/statuses'],
  [/^\/procurement\/purchaseorders(\/\d+)?$/i, '/procurement/purchaseorderstatuses'],
  [/^\/procurement\/rmatags(\/\d+)?$/i, '/procurement/rmaStatuses'],
  [/^\/company\/configurations(\/\d+)?$/i, '/company/configurations/statuses'],
  [/^\/finance\/invoices(\/\d+)?$/i, '/finance/billingStatuses'],
];

const ticketPath = /^\/(?:service|project)\/tickets(?:\/\d+)?(\/merge)?$/i;

/** What a new status means: whether it closes the record; of a ticket also for its contact, its SLA clock and its time. */
export async function statusEffects(
  write: PlannedWrite,
  context: EffectsContext,
  signal?: AbortSignal,
): Promise<Partial<Effects>> {
  const { request, record, after, members } = write;
  if (!members.includes('status') || (after.status ?? null) === null) return {};
  const [, merge] = ticketPath.exec(request.path) ?? [];
  const ofTicket = ticketPath.test(request.path);
  const list = ofTicket
    ? await boardStatuses(write, context, signal)
    : statusLists.find(([records]) => records.test(request.path))?.[1];
  if (list === undefined && !ofTicket) return {};
  const id = idOf(after.status);
  const status = list === undefined || id === undefined ? undefined : await readSetUp(context, `${list}/${id}`, signal);
  if (status === undefined) {
    const mail = ofTicket ? mailOf(write, {}, 'The new status') : {};
    const warning = 'The new status could not be read: it may be one that closes.';
    return { consequences: ['may-close', ...(mail.consequences ?? [])], warnings: [warning, ...(mail.warnings ?? [])] };
  }
  const name = `Status ${oneLine(String(status.name), 40)}`;
  const closes = isClosed(status) && record?.closedFlag !== true;
  const what = merge !== undefined ? 'the tickets that are merged' : ofTicket ? 'the ticket' : 'the record';
  const closing: Partial<Effects> = closes
    ? { consequences: ['closes'], warnings: [`${name} closes ${what}.`] }
    : { warnings: [] };
  if (!ofTicket) return closing;
  const warnings = [...(closing.warnings ?? [])];
  if (status.timeEntryNotAllowed === true) warnings.push(`${name} does not accept time entries (CW 5.6.8).`);
  if (status.escalationStatus === 'NoEscalation' || (status.escalationStatus === 'Resolved' && !closes))
    warnings.push(`${name} stops the SLA clock.`);
  if (closes && request.method === 'PATCH') warnings.push(...(await openWork(context, write, signal)));
  const mail = mailOf(write, status, name);
  return {
    consequences: [...(closing.consequences ?? []), ...(mail.consequences ?? [])],
    warnings: [...warnings, ...(mail.warnings ?? [])],
  };
}

const isClosed = (status: Values): boolean => status.closedStatus === true || status.closedFlag === true;

/** The statuses of the ticket's board (CW 5.5.2); a merge does not say the board, so the ticket is asked. */
async function boardStatuses(
  { request, after }: PlannedWrite,
  context: EffectsContext,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const ticket = request.path.replace(/\/merge$/i, '');
  const owner = ticket === request.path ? after : await readSetUp(context, ticket, signal);
  const board = idOf(owner?.board);
  return board === undefined ? undefined : `/service/boards/${board}/statuses`;
}

function readSetUp({ client, cache }: EffectsContext, path: string, signal?: AbortSignal) {
  return readIfPossible(async () => {
    const ask = async (shared: AbortSignal) => (await client.send({ method: 'GET', path }, shared)).body;
    const body = await cache.read(path, ask, { path, keepMs, signal });
    return isRecord(body) ? body : undefined;
  });
}

/** The ticket's own flags say whom it mails (CW 5.5.8), the status whether it has a mail of its own. */
function mailOf({ after, request }: PlannedWrite, status: Values, name: string): Partial<Effects> {
  // A new ticket has a rule of its own (CW 5.1.5).
  if (request.method !== 'PATCH') return {};
  const reaches = after.automaticEmailContactFlag === true || after.automaticEmailCcFlag === true;
  return reaches || isRecord(status.emailTemplate) || isClosed(status)
    ? { consequences: ['mails-customer'], warnings: [`${name} may mail the contact.`] }
    : {};
}

/** Work that stays open when a ticket is closed. */
async function openWork(
  { client, isPart }: EffectsContext,
  { request, record }: PlannedWrite,
  signal?: AbortSignal,
): Promise<string[]> {
  const warnings = record?.hasChildTicket === true ? ['It has child tickets, which may stay open.'] : [];
  if (isPart) return warnings;
  const query = { conditions: 'closedFlag=false', fields: 'id', pageSize: '100' };
  const tasks = await readIfPossible(() =>
    client.send({ method: 'GET', path: `${request.path}/tasks`, query }, signal),
  );
  const count = Array.isArray(tasks?.body) ? tasks.body.length : 0;
  if (count > 0) warnings.push(`${count === 1 ? '1 task is' : `${count} tasks are`} still open.`);
  return warnings;
}

/** A record like the new one, which a lost answer, or two people at once, make twice (CW 4.3.3). */
export async function likeRecords(
  { request, after }: PlannedWrite,
  { client, isPart, now }: EffectsContext,
  signal?: AbortSignal,
): Promise<Partial<Effects>> {
  const path = request.path.replace(/\/+$/, '');
  const likeness = request.method === 'POST' && !isPart ? likenesses[path] : undefined;
  const since = stamp(now().getTime() - dayMs);
  const conditions = likeness?.conditions(after, since);
  if (likeness === undefined || conditions === undefined) return {};
  const query = { conditions, fields: 'id', pageSize: '5' };
  const found = await readIfPossible(() => client.send({ method: 'GET', path, query }, signal));
  const ids = Array.isArray(found?.body) ? found.body.flatMap((row) => idOf(row) ?? []) : [];
  if (ids.length === 0) return {};
  const noun = ids.length === 1 ? likeness.noun : plural(likeness.noun);
  const recent = path === '/service/tickets' ? ', created in the last day' : '';
  return { warnings: [`Possible duplicate: ${noun} ${ids.join(', ')}${recent}.`] };
}

interface Likeness {
  noun: string;
  /** Conditions that a duplicate meets; undefined where the body does not give enough. */
  conditions(body: Values, since: string): string | undefined;
}

const likenesses: Readonly<Record<string, Likeness>> = {
  '/service/tickets': {
    noun: 'ticket',
    conditions: ({ company, summary }, since) =>
      both(idOf(company) && `company/id=${idOf(company)}`, textIs('summary', summary), `dateEntered>[${since}]`),
  },
  '/time/entries': {
    noun: 'time entry',
    conditions: ({ chargeToId, timeStart }) =>
      both(
        typeof chargeToId === 'number' ? `chargeToId=${chargeToId}` : undefined,
        typeof timeStart === 'string' ? `timeStart=[${timeStart}]` : undefined,
      ),
  },
  '/company/companies': {
    noun: 'company',
    conditions: ({ identifier, name }) => {
      const clauses = [textIs('identifier', identifier), textIs('name', name)].filter((clause) => clause !== undefined);
      return clauses.length === 0 ? undefined : clauses.join(' or ');
    },
  },
  '/company/contacts': {
    noun: 'contact',
    conditions: ({ company, firstName, lastName }) =>
      both(
        idOf(company) && `company/id=${idOf(company)}`,
        textIs('firstName', firstName),
        lastName === undefined ? 'id>0' : textIs('lastName', lastName),
      ),
  },
};

interface Span {
  noun: string;
  /** Names of the members that begin and end it, and of its length in hours. */
  start: string;
  end: string;
  hours: string;
  /** What is said of another one. */
  title(row: Values): string;
  /** No other one that overlaps began longer before. */
  longestMs: number;
}

const spans: Readonly<Record<string, Span>> = {
  '/time/entries': {
    noun: 'time entry',
    ...{ start: 'timeStart', end: 'timeEnd', hours: 'actualHours', longestMs: dayMs },
    title: ({ chargeToType, chargeToId }) => `${oneLine(String(chargeToType), 20)} ${oneLine(String(chargeToId), 20)}`,
  },
  '/schedule/entries': {
    noun: 'booking',
    ...{ start: 'dateStart', end: 'dateEnd', hours: 'hours', longestMs: 14 * dayMs },
    title: ({ name }) => (typeof name === 'string' ? quote(name, 40) : ''),
  },
};

/** Time or bookings of the same member at the same time, which a person usually does not mean. */
export async function overlaps(
  { request, after, members }: PlannedWrite,
  { client, isPart }: EffectsContext,
  signal?: AbortSignal,
): Promise<Partial<Effects>> {
  const [, path = '', id] = /^(.*?\/entries)(?:\/(\d+))?\/*$/i.exec(request.path) ?? [];
  const span = spans[path.toLowerCase()];
  const isNew = request.method === 'POST';
  if (span === undefined || isPart || !(isNew || request.method === 'PATCH')) return {};
  const { start, end, hours, longestMs } = span;
  if (!isNew && ![start, end, hours, 'member'].some((member) => members.includes(member))) return {};
  const member = idOf(after.member);
  const own = rangeOf(span, after);
  if (member === undefined || own === undefined) return {};
  const query = {
    conditions: `member/id=${member} and ${start}>=[${stamp(own.from - longestMs)}] and ${start}<[${stamp(own.to)}]`,
    pageSize: '200',
  };
  const found = await readIfPossible(() => client.send({ method: 'GET', path, query }, signal));
  const rows = Array.isArray(found?.body) ? found.body.filter(isRecord) : [];
  const met = rows.filter((row) => {
    const other = String(row.id) === id ? undefined : rangeOf(span, row);
    return other !== undefined && other.from < own.to && own.from < other.to;
  });
  if (met.length === 0) return {};
  const shown = met.slice(0, 3).map((row) => `${oneLine(String(row.id), 20)} (${span.title(row)})`);
  const rest = met.length > shown.length ? ` and ${met.length - shown.length} more` : '';
  const noun = met.length === 1 ? span.noun : plural(span.noun);
  return { warnings: [`Overlaps ${noun} ${shown.join(', ')}${rest} of the same member.`] };
}

function rangeOf({ start, end, hours }: Span, values: Values): { from: number; to: number } | undefined {
  const from = Date.parse(String(values[start]));
  const length = typeof values[hours] === 'number' ? values[hours] * 3_600_000 : Number.NaN;
  const until = Date.parse(String(values[end]));
  const to = Number.isNaN(until) ? from + length : until;
  return to > from ? { from, to } : undefined;
}

const stamp = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

function textIs(member: string, value: unknown): string | undefined {
  if (typeof value !== 'string' || value.trim() === '' || /[\\\p{Cc}]/u.test(value)) return undefined;
  // How a quote is escaped is unproven (CW 2.2.8).
  if (value.includes('"') && value.includes("'")) return undefined;
  return `${member}=${quoteCondition(value)}`;
}

function both(...clauses: readonly (string | undefined)[]): string | undefined {
  return clauses.every((clause) => clause !== undefined && clause !== '') ? clauses.join(' and ') : undefined;
}

function idOf(value: unknown): string | undefined {
  return isRecord(value) && /^\d+$/.test(String(value.id)) ? String(value.id) : undefined;
}

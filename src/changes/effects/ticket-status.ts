import type { ConnectWiseClient, ReadCache } from '../../connectwise/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { isRecord } from '../../core/json.ts';
import { oneLine } from '../wording.ts';
import { type Effects, noEffects } from './effects.ts';
import type { Write } from './write.ts';

/** Set-up changes rarely (CW 6.10). */
const keepMs = 60 * 60 * 1000;

type Values = Readonly<Record<string, unknown>>;

export interface StatusContext {
  client: Pick<ConnectWiseClient, 'send'>;
  /** Of set-up records. */
  cache: ReadCache;
  /** One of many records, for which nothing is read that is not shared by them. */
  isPart?: boolean;
}

/** What the status that a ticket gets means for its contact, its SLA clock and its time: the status itself says it. */
export async function statusEffects(context: StatusContext, write: Write, signal?: AbortSignal): Promise<Effects> {
  const path = statusPath(write);
  if (path === undefined) return noEffects();
  const status = await readStatus(context, path, signal);
  if (status === undefined) return mailOf(write, {}, 'The new status');
  const name = `Status ${oneLine(String(status.name), 40)}`;
  const warnings: string[] = [];
  const closes = status.closedStatus === true && write.record?.closedFlag !== true;
  if (closes) warnings.push(`${name} closes the ticket.`);
  if (status.timeEntryNotAllowed === true) warnings.push(`${name} takes no more time entries (CW 5.6.8).`);
  if (status.escalationStatus === 'NoEscalation' || (status.escalationStatus === 'Resolved' && !closes))
    warnings.push(`${name} stops the SLA clock.`);
  if (closes) warnings.push(...(await openWork(context, write, signal)));
  const mail = mailOf(write, status, name);
  return { ...mail, warnings: [...warnings, ...mail.warnings] };
}

/** The statuses of a board (CW 5.5.2); undefined where the status stays, or is not known by id. */
function statusPath({ request, after, members }: Write): string | undefined {
  if (!/^\/(service|project)\/tickets\/\d+$/i.test(request.path) || !members.includes('status')) return undefined;
  const [board, status] = [after.board, after.status].map((value) => (isRecord(value) ? String(value.id) : ''));
  return /^\d+$/.test(board ?? '') && /^\d+$/.test(status ?? '')
    ? `/service/boards/${board}/statuses/${status}`
    : undefined;
}

async function readStatus({ client, cache }: StatusContext, path: string, signal?: AbortSignal) {
  try {
    const ask = async (shared: AbortSignal) => (await client.send({ method: 'GET', path }, shared)).body;
    const body = await cache.read(path, ask, { path, keepMs, signal });
    return isRecord(body) ? body : undefined;
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code === 'cancelled') throw error;
    return undefined;
  }
}

/** The ticket's own flags say whom it mails (CW 5.5.8), the status whether it has a mail of its own. */
function mailOf({ after }: Write, status: Values, name: string): Effects {
  const reaches = after.automaticEmailContactFlag === true || after.automaticEmailCcFlag === true;
  const hasTemplate = isRecord(status.emailTemplate);
  const closes = status.closedStatus === true;
  if (!reaches && !hasTemplate && !closes) return noEffects();
  return { reachesCustomer: true, bills: false, warnings: [`${name} may mail the contact.`] };
}

/** What a ticket that is closed leaves open behind it. */
async function openWork(
  { client, isPart }: StatusContext,
  { request, record }: Write,
  signal?: AbortSignal,
): Promise<string[]> {
  const warnings = record?.hasChildTicket === true ? ['It has child tickets, which may stay open.'] : [];
  if (isPart) return warnings;
  try {
    const query = { conditions: 'closedFlag=false', fields: 'id', pageSize: '100' };
    const { body } = await client.send({ method: 'GET', path: `${request.path}/tasks`, query }, signal);
    const count = Array.isArray(body) ? body.length : 0;
    if (count > 0) warnings.push(`${count === 1 ? '1 task of it is' : `${count} tasks of it are`} still open.`);
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code === 'cancelled') throw error;
  }
  return warnings;
}

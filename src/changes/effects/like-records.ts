import { quote as quoteCondition } from '../../conditions/index.ts';
import type { ConnectWiseClient } from '../../connectwise/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { isRecord } from '../../core/json.ts';
import type { Write } from './write.ts';

const dayMs = 86_400_000;

type Values = Readonly<Record<string, unknown>>;

interface Likeness {
  noun: string;
  /** Conditions under which a record is most likely the same; undefined where the body does not say enough. */
  conditions(body: Values, since: string): string | undefined;
}

const idOf = (value: unknown): string | undefined =>
  isRecord(value) && /^\d+$/.test(String(value.id)) ? String(value.id) : undefined;

/** What a lost answer, or two people at once, make twice (CW 4.3.3). */
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

function textIs(member: string, value: unknown): string | undefined {
  if (typeof value !== 'string' || value.trim() === '' || /[\\\p{Cc}]/u.test(value)) return undefined;
  // How a quote is escaped is unproven (CW 2.2.8).
  if (value.includes('"') && value.includes("'")) return undefined;
  return `${member}=${quoteCondition(value)}`;
}

function both(...clauses: readonly (string | undefined)[]): string | undefined {
  return clauses.every((clause) => clause !== undefined && clause !== '') ? clauses.join(' and ') : undefined;
}

/** A sentence where a record like the new one is there already; one read, which may fail without harm. */
export async function describeLikeRecords(
  client: Pick<ConnectWiseClient, 'send'>,
  { request, after }: Write,
  nowMs: number,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const path = request.path.replace(/\/+$/, '');
  const likeness = request.method === 'POST' ? likenesses[path] : undefined;
  const since = `${new Date(nowMs - dayMs).toISOString().slice(0, 19)}Z`;
  const conditions = likeness?.conditions(after, since);
  if (likeness === undefined || conditions === undefined) return undefined;
  try {
    const { body } = await client.send(
      { method: 'GET', path, query: { conditions, fields: 'id', pageSize: '5' } },
      signal,
    );
    const ids = Array.isArray(body) ? body.flatMap((row) => idOf(row) ?? []) : [];
    if (ids.length === 0) return undefined;
    const recent = path === '/service/tickets' ? ' made in the last day' : '';
    return `There is a ${likeness.noun} like it${recent} already: ${ids.join(', ')}. It may be a duplicate.`;
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code === 'cancelled') throw error;
    return undefined;
  }
}

import { GatewayError } from '../../core/errors.ts';
import { isRecord } from '../../core/json.ts';
import type { Wire, WireAnswer, WireRequest } from '../wire.ts';

/** A live system's answer to one question. `seen` holds counts, statuses and names of headers, never data of a record. */
export interface Finding {
  result: 'holds' | 'differs' | 'unknown';
  seen: string;
}

/** One fact of docs/connectwise.md, checked on a live system by reading. */
export interface Probe {
  /** Its number there. */
  fact: string;
  /** The answer is yes where the fact holds. */
  question: string;
  run(live: Live): Promise<Finding>;
}

export const holds = (seen: string): Finding => ({ result: 'holds', seen });
export const differs = (seen: string): Finding => ({ result: 'differs', seen });
export const unknown = (seen: string): Finding => ({ result: 'unknown', seen });
export const holdsIf = (isSo: boolean, seen: string): Finding => (isSo ? holds(seen) : differs(seen));

export type Row = Readonly<Record<string, unknown>>;
type Query = Readonly<Record<string, string>>;

/** A live system as probes read it. A refused or missing record ends a probe with `unknown`, unless the probe is about that. */
export interface Live {
  wire: Wire;
  read(request: WireRequest): Promise<WireAnswer>;
  /** Whether a list takes these parameters: 200 or 400. @throws GatewayError for any other answer */
  tries(path: string, query: Query): Promise<{ taken: boolean; seen: string }>;
  /** @throws GatewayError where the answer is not a list */
  rows(path: string, query: Query): Promise<readonly Row[]>;
  /** The first of a list. @throws GatewayError where there is none */
  sample(path: string, query: Query): Promise<Row>;
  count(path: string, conditions: string): Promise<number>;
}

export function createLive(wire: Wire, signal?: AbortSignal): Live {
  const read = (request: WireRequest) => wire.read(request, signal);
  async function rows(path: string, query: Query): Promise<readonly Row[]> {
    const answer = await read({ path, query });
    if (answer.status === 200 && Array.isArray(answer.body)) return answer.body.filter(isRecord);
    throw inconclusive(`${path}: ${describe(answer)}`);
  }
  return {
    wire,
    read,
    rows,
    async tries(path, query) {
      const answer = await read({ path, query: { pageSize: '1', fields: 'id', ...query } });
      if (answer.status === 200 || answer.status === 400)
        return { taken: answer.status === 200, seen: describe(answer) };
      throw inconclusive(`${path}: ${describe(answer)}`);
    },
    async sample(path, query) {
      const [first] = await rows(path, { pageSize: '1', ...query });
      return first ?? Promise.reject(inconclusive(`${path} has nothing to try it with`));
    },
    async count(path, conditions) {
      const answer = await read({ path: `${path}/count`, query: { conditions } });
      if (answer.status === 200 && isRecord(answer.body) && typeof answer.body.count === 'number')
        return answer.body.count;
      throw inconclusive(`${path}/count: ${describe(answer)}`);
    },
  };
}

/** Status and ConnectWise's code, which is fixed; its message may hold data of a customer. */
export function describe({ status, code }: Pick<WireAnswer, 'status' | 'code'>): string {
  const isWord = code !== undefined && /^[A-Za-z]{1,40}$/.test(code);
  return `status ${status}${isWord ? ` ${code}` : ''}`;
}

/** Thrown to end a probe without an answer, for a reason that holds no data. */
export function inconclusive(seen: string): GatewayError {
  return new GatewayError('request_rejected', seen, { details: { seen } });
}

/** A member of a member; undefined where either is missing. */
export function inner(row: Row, name: string, member: string): unknown {
  const value = row[name];
  return isRecord(value) ? value[member] : undefined;
}

/** The id of a row. @throws GatewayError where it has none */
export function idOf(row: Row): number {
  if (typeof row.id === 'number') return row.id;
  throw inconclusive('a record without an id');
}

/** A text that needs no escaping between double quotes. @throws GatewayError where there is none */
export function plainText(value: unknown): string {
  if (typeof value === 'string' && /^[^"'\\*%_[\]]{2,}$/.test(value)) return value;
  throw inconclusive('no name without special characters to try it with');
}

import type { ConnectWiseClient, ConnectWiseRequest } from '../client.ts';
import { findMember } from '../query-members.ts';
import { encodeQuery } from '../request.ts';
import { narrow, withIdField, withQuery } from './list-request.ts';
import { idOf } from './tally.ts';

export interface ByIdsOptions {
  /** The list, such as `/company/companies`. */
  path: string;
  ids: readonly number[];
  /** `conditions`, `fields` and others that hold for all of them. */
  query?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
}

export interface FoundByIds {
  /** In the order of ConnectWise, batch after batch. */
  rows: unknown[];
  /** Ids without a row: no such record, not of these conditions, or not to be seen by this login. */
  missing: number[];
}

/** The length of a URL that every server takes (CW 2.6.3). */
export const longestUrl = 2_000;
/** What others found to work (CW 6.5). */
const idsInRequest = 100;
/** For scheme, host and code base, which are not known here. */
const longestRoot = 120;

/**
 * Many records of a list in a few requests.
 * @throws GatewayError when a request fails: part of the records would be taken for all
 */
export async function readByIds(client: Pick<ConnectWiseClient, 'send'>, options: ByIdsOptions): Promise<FoundByIds> {
  const ids = [...new Set(options.ids)];
  const answers = await Promise.all(batchIds(options, ids).map((request) => client.send(request, options.signal)));
  const rows = answers.flatMap(({ body }): unknown[] => (Array.isArray(body) ? body : []));
  const found = new Set(rows.map(idOf));
  return { rows, missing: ids.filter((id) => !found.has(id)) };
}

function batchIds({ path, query = {} }: ByIdsOptions, ids: readonly number[]): ConnectWiseRequest[] {
  const fields = withIdField(findMember(query, 'fields'));
  const base = withQuery({ method: 'GET', path, query }, { fields });
  const requestFor = (batch: readonly number[]) =>
    withQuery(narrow(base, `id in (${batch.join(',')})`), { pageSize: String(batch.length) });
  const requests: ConnectWiseRequest[] = [];
  let batch: number[] = [];
  for (const id of ids) {
    const longer = [...batch, id];
    const fits = longer.length <= idsInRequest && lengthOf(requestFor(longer)) <= longestUrl;
    // A single id is sent whatever the length: the conditions alone are too long, and the server says so.
    if (fits || batch.length === 0) {
      batch = longer;
      continue;
    }
    requests.push(requestFor(batch));
    batch = [id];
  }
  return batch.length === 0 ? requests : [...requests, requestFor(batch)];
}

/** Length of the URL of a request, with as much for its root as any takes. */
export function lengthOf({ path, query = {} }: ConnectWiseRequest): number {
  return longestRoot + path.length + 1 + encodeQuery(query).length;
}

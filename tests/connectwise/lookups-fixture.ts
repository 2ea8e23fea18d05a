import { createSandbox } from '../../sandbox/sandbox.ts';
import { sandboxAccess } from '../../sandbox/server/authenticate.ts';
import type { OpenedCatalog } from '../../src/catalog/catalog.ts';
import type { ConnectWiseClient, ConnectWiseRequest } from '../../src/connectwise/client.ts';
import type { Lookups } from '../../src/connectwise/lookups/lookups.ts';
import { createLookups } from '../../src/connectwise/lookups/lookups.ts';
import { createClient } from '../../src/connectwise/open-client.ts';
import { readConnection } from '../../src/connectwise/site.ts';
import { createFetchTransport } from '../../src/connectwise/transport.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { sandboxDataOf } from '../support/shared.ts';

export interface LookupsFixture {
  lookups: Lookups;
  clock: { now: Date };
  /** What lookups asked for, without what the test itself did. */
  requests: ConnectWiseRequest[];
  /** Makes a record as another client would, so that lookups do not see the request. */
  make(path: string, body: object): Promise<number>;
  /** The id of the first record of a list, read in the same way. */
  firstId(path: string): Promise<number>;
}

/** Lookups over a sandbox of their own. */
export function createLookupsFixture(catalog: OpenedCatalog): LookupsFixture {
  const clock = { now: new Date('2026-03-10T15:00:00Z') };
  const now = () => clock.now;
  const sandbox = createSandbox({ catalog, ...sandboxDataOf(catalog), now });
  const transport = createFetchTransport((request) => sandbox.fetch(request));
  const plain = createClient({ ...readConnection(sandboxAccess), transport, timeoutMs: 60_000, now });
  const { client, requests } = recording((request, signal) => plain.send(request, signal));
  return {
    lookups: createLookups({ client, now, catalog }),
    clock,
    requests,
    async make(path, body) {
      const answer = await plain.send({ method: 'POST', path, body });
      return (answer.body as { id: number }).id;
    },
    async firstId(path) {
      const { body } = await plain.send({ method: 'GET', path, query: { fields: 'id', pageSize: '1' } });
      return (body as [{ id: number }])[0].id;
    },
  };
}

/** Lookups over a scripted client that answers with rows, or throws. */
export function scriptedLookups(
  script: (request: ConnectWiseRequest, signal?: AbortSignal) => unknown,
  catalog?: OpenedCatalog,
) {
  const { client, requests } = recording(async (request, signal) => ({
    status: 200,
    contentType: 'application/json',
    body: await script(request, signal),
  }));
  const now = () => new Date('2026-03-10T15:00:00Z');
  return { lookups: createLookups({ client, now, ...(catalog && { catalog }) }), requests };
}

function recording(send: ConnectWiseClient['send']) {
  const requests: ConnectWiseRequest[] = [];
  const client: ConnectWiseClient = {
    tenant: { host: 'cw.example', company: 'sandbox' },
    send(request, signal) {
      requests.push(request);
      return send(request, signal);
    },
    close: async () => {},
  };
  return { client, requests };
}

/** The error of a lookup that must fail. */
export async function failureOf(work: Promise<unknown>): Promise<GatewayError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
  throw new Error('cannot happen: the lookup found something');
}

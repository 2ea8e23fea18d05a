import type { HttpAnswer, HttpRequest, Transport } from '../../src/connectwise/client.ts';
import { parseSite } from '../../src/connectwise/site.ts';
import { createWire, type Wire } from '../../src/connectwise/wire.ts';

// Fake systems on which facts do not hold, each in its own way. Together they contradict every probe.

interface Asked {
  method: string;
  /** Relative to the origin for companyinfo, else to the root of the API. */
  path: string;
  query: URLSearchParams;
  headers: Readonly<Record<string, string>>;
  /** How often this path was asked before. */
  before: number;
}

interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body: unknown;
}

export type FakeSystem = (asked: Asked) => Answer;

const info = { body: { version: 'v2025.1' } };
const refused = { status: 400, body: { code: 'ApiFindCondition', message: 'no' } };
const rows = (...some: object[]) => ({ body: some });

/** Refuses everything but pages and the members it knows. */
export const strict: FakeSystem = ({ path, query }) => {
  if (path === '/system/info') return info;
  const fields = query.get('fields') ?? '';
  const asks = ['conditions', 'childConditions', 'orderBy'].some((name) => query.has(name));
  if (asks || fields.includes('cwmProbe')) return refused;
  return rows({ id: 3, name: 'Dispatch', _info: {} });
};

const ticket = {
  id: 9,
  closedFlag: true,
  status: { id: 1 },
  board: { id: 1 },
  resources: 'somebody',
  _info: { lastUpdated: '2026-03-01T10:00:00.123+02:00' },
};
const contact = { id: 4, lastName: "O'Neil", communicationItems: [{ id: 1 }, { id: 2 }] };
const day = '2026-03-01T05:00:00Z';

/** Accepts every request, ignores what it asks for, and lets every login in. */
export const loose: FakeSystem = ({ path, query, before }) => {
  if (path.startsWith('/login/companyinfo/')) return { body: { CompanyName: 'x', IsCloud: true } };
  // Each count differs from the one before: two ways of asking the same never agree.
  if (path.endsWith('/count')) return { body: { count: 5 + before } };
  if (path.endsWith('/search')) return rows(ticket, { ...ticket, id: 8 }, { ...ticket, id: 7 });
  if (/\/statuses\/\d+$/.test(path)) return { body: { id: 1, closedStatus: false } };
  if (path.endsWith('/statuses')) return rows({ id: 1, name: 'New' });
  if (path === '/service/boards')
    return rows({ id: 2, name: 'Dispatch', inactiveFlag: false }, { id: 1, name: 'Second' });
  if (/^\/service\/tickets\/\d+$/.test(path)) return { body: ticket };
  if (path === '/service/tickets') {
    const isFilter = query.get('conditions')?.startsWith('id in') === true;
    return isFilter ? rows(ticket) : rows(ticket, { ...ticket, id: 8 });
  }
  if (path === '/project/tickets') return rows({ id: 5 });
  if (path === '/service/priorities') return rows({ id: 1 }, { id: 2 }, { id: 3 });
  if (path === '/company/contacts') return rows(contact);
  if (path === '/schedule/types') return rows({ id: 1, identifier: 'X' });
  if (path === '/schedule/entries') return rows({ id: 1, objectId: 9, member: { identifier: 'jdoe' } });
  if (path.startsWith('/finance/')) return rows({ id: 1, startDate: day, date: day, dueDate: day });
  if (path === '/time/entries/defaults') return { body: { member: {} } };
  return info;
};

/** Accepts the first request, then denies with texts of its own. */
export const closed: FakeSystem = ({ path, before }) => {
  if (path === '/system/info' && before === 0) return info;
  if (path === '/project/tickets') return rows({ id: 5 });
  if (path === '/service/tickets') return rows({ id: 6, location: { id: 2 } });
  if (path === '/service/priorities') return rows({ id: 1 });
  if (/^\/(service\/tickets|system\/locations)\//.test(path) || path === '/system/info')
    return { status: 404, body: { code: 'NotFound' } };
  return { status: 403, body: { code: 'Forbidden' } };
};

/** A wire to such a system, which records the requests. */
export function openFakeSystem(system: FakeSystem): Wire & { asked: HttpRequest[] } {
  const asked: HttpRequest[] = [];
  const times = new Map<string, number>();
  const transport: Transport = {
    async send(request): Promise<HttpAnswer> {
      asked.push(request);
      const url = new URL(request.url);
      const path = url.pathname.replace('/v4_6_release/apis/3.0', '');
      const before = times.get(path) ?? 0;
      times.set(path, before + 1);
      const { method, headers } = request;
      const { status = 200, body, headers: more } = system({ method, path, query: url.searchParams, headers, before });
      const bytes = new TextEncoder().encode(JSON.stringify(body));
      return { status, headers: { 'content-type': 'application/json', ...more }, body: bytes };
    },
    close: async () => undefined,
  };
  const credentials = {
    userName: 'acme+public-canary',
    password: 'private-canary',
    clientId: 'client-canary',
    company: 'acme',
  };
  const timer = { nowMs: () => 0, sleep: async () => undefined };
  const site = parseSite('https://connect.example.com');
  const wire = createWire({
    site,
    credentials,
    transport,
    isRemote: true,
    timer,
    timeoutMs: 60_000,
    now: () => new Date(0),
  });
  return { ...wire, asked };
}

import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Connection, connect, type Reply } from '../support/connect.ts';
import { atDepth } from '../support/depth.ts';
import { openWatchedSandbox, type Seen, type WatchedSandbox } from '../support/watched-sandbox.ts';

const runs = atDepth(80, 2_000);

type Values = Record<string, unknown>;

interface Named {
  id: number;
  name: string;
  identifier?: string;
}

let sandbox: WatchedSandbox;
let app: Connection;
/** What ConnectWise calls its records, by member; those of a board by board and member. */
const truth = new Map<string, readonly Named[]>();

/** The statuses of all boards, by board and id. */
const statuses = new Map<string, Values>();
/** The boards of the tickets that are merged. */
const boardOf = new Map<string, number>();

const lists: Readonly<Record<string, string>> = {
  board: '/service/boards',
  priority: '/service/priorities',
  source: '/service/sources',
  owner: '/system/members',
  workRole: '/time/workRoles',
  ...Object.fromEntries(
    [1, 2].flatMap((board) => [
      [`${board} status`, `/service/boards/${board}/statuses`],
      [`${board} type`, `/service/boards/${board}/types`],
    ]),
  ),
};

async function readList(path: string): Promise<Named[]> {
  const client = await app.gateway.context.client();
  const { body } = await client.send({ method: 'GET', path, query: { pageSize: '1000' } });
  return (body as Values[]).map(({ id, name, firstName, lastName, identifier }) => ({
    id: id as number,
    name: typeof name === 'string' ? name : `${firstName} ${lastName}`,
    ...(path === '/system/members' ? { identifier: identifier as string } : {}),
  }));
}

beforeAll(async () => {
  sandbox = await openWatchedSandbox();
  app = await connect({ environment: { ...sandbox.environment, CONNECTWISE_MEMBER: 'bkaur' } });
  for (const [member, path] of Object.entries(lists)) truth.set(member, await readList(path));
  const client = await app.gateway.context.client();
  const read = async (path: string, query = {}) =>
    (await client.send({ method: 'GET', path, query: { pageSize: '1000', ...query } })).body as Values[];
  for (const { id: board } of await read('/service/boards'))
    for (const status of await read(`/service/boards/${board}/statuses`)) statuses.set(`${board}/${status.id}`, status);
  for (const { id, board } of await read('/service/tickets', {
    conditions: 'id>=1100 and id<=1500',
    fields: 'id,board',
  }))
    boardOf.set(`/service/tickets/${id}`, Object(board).id);
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await sandbox[Symbol.asyncDispose]();
});

/** What may be said of a record, true or not. `about` is the pick of whose name it is. */
interface Wish {
  form: 'id' | 'id and name' | 'read before' | 'other case' | 'name' | 'text' | 'none' | 'gone' | 'gone and name';
  pick: number;
  about: 'itself' | 'another' | 'nobody';
}

const wish: fc.Arbitrary<Wish> = fc.record({
  form: fc.constantFrom(
    ...(['id', 'id and name', 'id and name', 'read before', 'other case', 'name', 'text', 'none'] as const),
    ...(['gone', 'gone and name'] as const),
  ),
  pick: fc.nat(50),
  about: fc.constantFrom('itself', 'itself', 'another', 'nobody'),
});

const at = (of: readonly Named[], pick: number) => of[pick % of.length] ?? { id: 0, name: '' };

function reference(member: string, { form, pick, about }: Wish, board: number): unknown {
  const of = truth.get(`${board} ${member}`) ?? truth.get(member) ?? [];
  const meant = at(of, pick);
  const other = at(of, pick + 1);
  const said = { itself: meant.name, another: other.name, nobody: 'Approved by Jane' }[about];
  const values: Record<Wish['form'], unknown> = {
    id: { id: meant.id },
    'id and name': { id: meant.id, name: said },
    'read before': { id: meant.id, name: said, _info: { status_href: 'https://x.example' } },
    'other case': { Id: String(meant.id), NAME: said },
    name: { name: said },
    text: said,
    none: null,
    gone: { id: 99_999 },
    'gone and name': { id: 99_999, name: said },
  };
  return values[form];
}

/** Whether a value names two things, which must never be prepared. */
function namesTwo(member: string, value: unknown, board: number): boolean {
  const read = Object.fromEntries(Object.entries(Object(value)).map(([name, part]) => [name.toLowerCase(), part]));
  const known = (truth.get(`${board} ${member}`) ?? truth.get(member))?.find(
    ({ id }) => String(id) === String(read.id),
  );
  return (
    known !== undefined && read.name !== undefined && ![known.name, known.identifier].includes(read.name as string)
  );
}

const referenceMembers = ['status', 'priority', 'owner', 'source', 'type'] as const;
const plain = fc.record(
  {
    summary: fc.constantFrom('status New', 'status New → Closed', 'x'),
    severity: fc.constantFrom('Low', 'Medium', 'High'),
    budgetHours: fc.constantFrom(1, 2),
    billTime: fc.constantFrom('Billable', 'DoNotBill'),
    automaticEmailContactFlag: fc.boolean(),
  },
  { requiredKeys: [] },
);
/** Members that no definition has, which ConnectWise refuses. */
const odd = fc.constantFrom({}, {}, {}, {}, { 'status-New': 1 }, { 承認: true, 'priority-Low-approved': 2 });
const wishes = fc.dictionary(fc.constantFrom(...referenceMembers), wish, { maxKeys: 3 });
const body = fc.tuple(
  wishes,
  fc.tuple(plain, odd).map(([values, more]): Values => ({ ...values, ...more })),
);

/** A body for a ticket of a board. */
const toBody = ([given, values]: [Record<string, Wish>, Values], board: number): Values => ({
  ...values,
  ...Object.fromEntries(Object.entries(given).map(([member, one]) => [member, reference(member, one, board)])),
});

function toOperations(values: Values, byPart: boolean): unknown[] {
  return Object.entries(values).flatMap(([path, value]) => {
    const parts = byPart && typeof value === 'object' && value !== null ? Object.entries(value) : [];
    const named = parts.filter(([part]) => part === 'id' || part === 'name');
    if (named.length > 0) return named.map(([part, one]) => ({ op: 'replace', path: `/${path}/${part}`, value: one }));
    return [{ op: 'replace', path, value }];
  });
}

interface Change {
  tool: string;
  given: Values;
  /** The body as it was meant, for what it must not say. */
  meant: Values;
  /** Whose board the records are on; undefined where that differs. */
  board: number;
}

/** Of the first board, open and closed. */
const tickets = [1600, 1601, 1602, 1001, 1002];
const ids = fc.uniqueArray(fc.constantFrom(...tickets), { minLength: 1, maxLength: 4 });

/** Those that are deleted or merged, and so gone for the other changes. */
const spare = fc.uniqueArray(fc.integer({ min: 1100, max: 1500 }), { minLength: 1, maxLength: 3 });

const call = (given: Values, meant: Values, board = 1): Change => ({ tool: 'execute_api_call', given, meant, board });

const patch = fc
  .tuple(fc.constantFrom(...tickets), body, fc.constantFrom('object', 'operations', 'parts'), fc.boolean())
  .map(([id, parts, form, strict]) => {
    const meant = toBody(parts, 1);
    const data = form === 'object' ? meant : toOperations(meant, form === 'parts');
    return call({ method: 'PATCH', path: `/service/tickets/${id}`, data, strict }, meant);
  });
const post = fc.tuple(body, fc.constantFrom(1, 2), wish, fc.boolean()).map(([parts, board, boardWish, strict]) => {
  const named = reference('board', { ...boardWish, form: 'id and name', pick: board - 1 }, board);
  const meant = { summary: 'New one', company: { id: 5 }, board: named, ...toBody(parts, board) };
  return call({ method: 'POST', path: '/service/tickets', data: meant, strict }, meant, board);
});
const many = fc.tuple(ids, body, fc.boolean()).map(([forEach, parts, strict]) => {
  const meant = toBody(parts, 1);
  return call({ method: 'PATCH', path: '/service/tickets/{id}', for_each: forEach, data: meant, strict }, meant);
});
const noteFlags = fc.record(
  {
    internalAnalysisFlag: fc.constant(true),
    detailDescriptionFlag: fc.boolean(),
    resolutionFlag: fc.boolean(),
    processNotifications: fc.boolean(),
    customerUpdatedFlag: fc.boolean(),
  },
  { requiredKeys: ['internalAnalysisFlag'] },
);
const below = fc.tuple(spare, fc.constantFrom('notes', 'merge'), wish, noteFlags).map(([forEach, name, one, flags]) => {
  const meant: Values =
    name === 'notes' ? { text: 'x', ...flags } : { mergeTicketIds: [1], status: reference('status', one, 1) };
  // Whose board a status is of is not in the body of an action, so it cannot be looked up.
  return call({ method: 'POST', path: `/service/tickets/{id}/${name}`, for_each: forEach, data: meant }, {});
});
const put = fc.tuple(wish, wish).map(([workRole, owner]) => {
  const meant = { workRole: reference('workRole', workRole, 1), member: reference('owner', owner, 1), hourlyRate: 5 };
  return call({ method: 'PUT', path: '/project/1/billingRates/1', data: meant, strict: false }, meant);
});
const remove = spare.map((forEach) => call({ method: 'DELETE', path: '/service/tickets/{id}', for_each: forEach }, {}));
const upload = fc
  .tuple(fc.constantFrom('Ticket', 'Approved by Jane'), fc.constantFrom(undefined, true, false))
  .map(([recordType, privateFlag]) => {
    const data = { recordType, recordId: 1600, title: 'Approved', url: 'https://x.example', privateFlag };
    return call({ method: 'POST', path: '/system/documents', data }, {});
  });
const raw = fc
  .tuple(body, fc.constantFrom('PATCH /service/tickets/1600', 'POST /service/novelties'))
  .map(([parts, path]): Change => {
    const meant = toBody(parts, 1);
    const given = { raw_request: `${path} ${JSON.stringify(meant)}` };
    return { tool: 'send_raw_api_request', given, meant: path.includes('novelties') ? {} : meant, board: 1 };
  });
const change = fc.oneof(
  ...[patch, patch, post, many, many, below, put, remove, upload, raw].map((arbitrary) => ({ arbitrary, weight: 1 })),
);

/** The value of each top member that a body gives; `part` for what is below one. */
function given({ method, body: sent }: Seen): Map<string, unknown> {
  if (method !== 'PATCH') {
    const records = (Array.isArray(sent) ? sent : [sent ?? {}]) as Values[];
    return new Map(records.flatMap((record) => Object.entries(record)));
  }
  return new Map(
    (sent as { path: string; value?: unknown }[]).map(({ path, value = null }) => {
      const [member = '', part] = path.replace(/^\//, '').split('/');
      return [member, part === 'id' ? { id: value } : part === undefined ? value : 'part'];
    }),
  );
}

const slug = (text: string) =>
  text
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 30);

/** How ConnectWise calls what is sent, as an id may say it. */
function trueWord(member: string, value: unknown, board: number): string | undefined {
  if (value === null) return 'none';
  if (typeof value === 'string') return value;
  const name = member === 'member' ? 'owner' : member;
  const { id } = Object(value) as Partial<Named>;
  const known = (truth.get(`${board} ${name}`) ?? truth.get(name))?.find((one) => String(one.id) === String(id));
  return known?.name ?? (id === undefined ? undefined : String(id));
}

const consequenceWords = /^(deletes|closes|may-close|bills|mails-customer|customer-reads)$/;

/** What one request causes, by the facts alone: CW 5.1.5, 5.4.7, 5.5.3, 5.5.8, 5.6.5. */
function causesOf({ method, path }: Seen, all: ReadonlyMap<string, unknown>, record: Values): string[] {
  // A value that the record has already changes nothing.
  const isNew = ([member, value]: [string, unknown]) =>
    method !== 'PATCH' || String(Object(value).id ?? value) !== String(Object(record[member]).id ?? record[member]);
  const sent = new Map([...all].filter(isNew));
  if (method === 'DELETE') return ['deletes'];
  if (path === '/system/documents') return sent.get('privateFlag') === 'true' ? [] : ['customer-reads'];
  const said: string[] = [];
  const is = (...members: string[]) => members.some((member) => sent.get(member) === true);
  if (/\/billingRates/.test(path) || [...sent.keys()].some((member) => /^(bill|hourlyRate|agreement)/.test(member)))
    said.push('bills');
  if (/\/notes/.test(path)) {
    if (is('processNotifications')) said.push('mails-customer');
    if (is('detailDescriptionFlag', 'resolutionFlag', 'customerUpdatedFlag')) said.push('customer-reads');
    return said;
  }
  if (path === '/service/tickets' && is('processNotifications', 'automaticEmailContactFlag'))
    said.push('mails-customer');
  const status = sent.get('status') as { id?: unknown } | null | undefined;
  if (status === undefined || status === null || !path.startsWith('/service/tickets')) return said;
  const owner = path.endsWith('/merge')
    ? boardOf.get(path.replace(/\/merge$/, ''))
    : (sent.get('board') ?? record.board);
  const board = Object(owner).id ?? owner;
  const known = statuses.get(`${board}/${status.id}`);
  const closes = known?.closedStatus === true;
  if (known === undefined) said.push('may-close');
  else if (closes && record.closedFlag !== true) said.push('closes');
  const mails = ['automaticEmailContactFlag', 'automaticEmailCcFlag'].some((flag) =>
    sent.has(flag) ? sent.get(flag) === true : record[flag] === true,
  );
  if (method === 'PATCH' && (mails || closes || known?.emailTemplate !== undefined)) said.push('mails-customer');
  return said;
}

/** Every member of every body is in the id or in its count, and every value in it is what ConnectWise calls all of them. */
function checkId(
  id: string,
  left: readonly Seen[],
  bodies: readonly Map<string, unknown>[],
  records: readonly Values[],
  board: number,
): void {
  const [, said = '', more = '0'] = /^[^_]+((?:_.+?)??)(?:_and-(\d+)-more)?_[a-z0-9]{8}$/.exec(id) ?? [];
  const all = said.split('_').filter((word) => word !== '' && word !== 'merge');
  const words = all.filter((word) => !consequenceWords.test(word));
  // They come before all members, each once.
  expect(all.slice(0, all.length - words.length).filter((word) => !consequenceWords.test(word))).toEqual([]);
  const expected = new Set(
    left.flatMap((one, index) => causesOf(one, bodies[index] ?? new Map(), records[index] ?? {})),
  );
  expect(new Set(all.filter((word) => consequenceWords.test(word))), id).toEqual(expected);
  const isInFront = ([member, value]: [string, unknown]) =>
    (member === 'recordType' || member === 'recordId') &&
    id.split('-').slice(0, 2).includes(String(value).toLowerCase());
  const members = [
    ...new Set(bodies.flatMap((one) => [...one].filter((entry) => !isInFront(entry)).map(([name]) => name))),
  ];
  const isOf = (member: string) => (word: string) => word === member || word.startsWith(`${member}-`);
  const counted = members.filter((member) => !/^\w+$/.test(member) || !words.some(isOf(member)));
  expect(counted.length, id).toBeLessThanOrEqual(Number(more));
  for (const word of words) {
    const member = members.find((one) => /^\w+$/.test(one) && isOf(one)(word));
    expect(member, `${id}: ${word} is sent`).toBeDefined();
    if (member === undefined || word === member) continue;
    const values = bodies.map((one, index) => (one.has(member) ? one.get(member) : (records[index]?.[member] ?? null)));
    if (word === `${member}-various`)
      expect(new Set(values.map((one) => trueWord(member, one, board))).size, id).toBeGreaterThan(1);
    // What cannot be looked up, such as a status without its board, is said by its id.
    else
      for (const one of values)
        expect(
          [trueWord(member, one, board), Object(one).id].map((said) => slug(`${member} ${said}`)),
          id,
        ).toContain(word);
  }
}

/** A record that is given by its id is given by nothing else. */
function checkReferences(bodies: readonly Map<string, unknown>[]): void {
  for (const one of bodies) {
    for (const value of one.values()) {
      if (typeof value === 'object' && value !== null && 'id' in value) expect(Object.keys(value)).toEqual(['id']);
    }
  }
}

/** Names beside ids in differences, and those of a sentence, are ConnectWise's. */
function checkPreview({ data }: Reply, bodies: readonly Map<string, unknown>[], board: number): void {
  const { sentence } = data.change as { sentence: string };
  for (const { member, after } of Array.isArray(data.differences) ? data.differences : []) {
    if (after?.id === undefined || after.name === undefined) continue;
    expect(after.name, sentence).toBe(trueWord(member, { id: after.id }, board));
  }
  // Each member is in the sentence as people say it, or said to have its value already.
  const said = [sentence, ...(data.notes ?? [])].join(' ');
  const words = (member: string) =>
    member.replace(/[A-Z]/g, (one) => ` ${one.toLowerCase()}`).replace(/ (flag|ids)$/, '');
  const isForm = sentence.includes(': link to ');
  for (const member of isForm ? [] : bodies.flatMap((one) => [...one.keys()]))
    expect(
      said.includes(words(member)) || said.includes(member) || /\d+ more warnings/.test(said),
      `${member} in ${said}`,
    ).toBe(true);
  expect(sentence).not.toContain('more');
  const unquoted = sentence.replace(/'[^']*'/g, "''");
  expect(unquoted).not.toContain('Approved by Jane');
  expect(unquoted).not.toContain('status-New');
  for (const [member, value] of bodies.length === 1 ? (bodies[0] ?? []) : []) {
    if (!(referenceMembers as readonly string[]).includes(member) || typeof value !== 'object' || value === null)
      continue;
    const said = new RegExp(`\\b${member} (?:[^,]*? → )?([^,]*?)(?: \\(\\d+\\))?(?=, |\\. Conn|\\. Cannot|\\.$)`).exec(
      unquoted,
    )?.[1];
    if (said !== undefined && said !== "''")
      expect([trueWord(member, value, board), String((value as Named).id)]).toContain(said);
  }
}

/** The tickets as they are, by the path that a change of them has. */
async function readTickets(): Promise<Map<string, Values>> {
  const client = await app.gateway.context.client();
  const query = { conditions: `id in (${tickets.join(',')})`, pageSize: '100' };
  const { body: rows } = await client.send({ method: 'GET', path: '/service/tickets', query });
  return new Map((rows as Values[]).map((row) => [`/service/tickets/${row.id}`, row]));
}

async function confirmAndCheck(prepared: Reply, one: Change, records: ReadonlyMap<string, Values>): Promise<string> {
  const { change_id: id } = prepared.data;
  const before = sandbox.writes().length;
  await app.call('confirm_api_write', { change_id: id });
  const left = sandbox.writes().slice(before);
  const bodies = left.map(given);
  checkId(
    id,
    left,
    bodies,
    left.map(({ path }) => records.get(path) ?? {}),
    one.board,
  );
  checkReferences(bodies);
  checkPreview(prepared, bodies, one.board);
  return id;
}

test('whatever is changed: what is approved is what is sent, in the words of ConnectWise', {
  timeout: 600_000,
}, async () => {
  const seen = { sent: 0, refused: 0, undone: 0 };
  await fc.assert(
    fc.asyncProperty(change, async (one) => {
      const records = await readTickets();
      const prepared = await app.call(one.tool, one.given);
      if (Object.entries(one.meant).some(([member, value]) => namesTwo(member, value, one.board))) {
        expect(prepared.isError, prepared.text).toBe(true);
        seen.refused++;
      }
      if (prepared.isError) {
        expect(prepared.text).toMatch(/^(invalid_body|record_not_found): /);
        return;
      }
      const id = await confirmAndCheck(prepared, one, records);
      seen.sent++;
      const undo = await app.call('execute_api_call', { method: 'POST', path: `/gateway/changes/${id}/undo` });
      if (undo.isError) return;
      await confirmAndCheck(undo, one, await readTickets());
      seen.undone++;
    }),
    { numRuns: runs },
  );
  expect(seen.sent).toBeGreaterThan(runs / 5);
  expect(seen.refused).toBeGreaterThan(runs / 40);
  expect(seen.undone).toBeGreaterThan(runs / 40);
});

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Right } from '../../sandbox/context.ts';
import { root } from '../contract/source-files.ts';
import { type Connection, connect } from '../support/connect.ts';
import { makeFolder } from '../support/folders.ts';
import { openWatchedSandbox } from '../support/watched-sandbox.ts';

// docs/roles.md is the table; here each job is done with the tools, under exactly its rights, and under one less.

type Rights = Record<string, Right[]>;
type Call = readonly [tool: string, given: Record<string, unknown>];

const letters: Record<string, Right> = { I: 'inquire', A: 'add', E: 'edit', D: 'delete' };

function readRoles(): Map<string, Rights> {
  const table = readFileSync(join(root, 'docs/roles.md'), 'utf8').split('| job | rights |')[1] ?? '';
  const rows = [...table.matchAll(/^\| ([^|-][^|]*?) \| ([^|]+) \|$/gm)];
  return new Map(
    rows.map(([, job = '', cell = '']) => {
      const found = [...cell.matchAll(/`([^`]+)` ((?:[IAED] ?)+)/g)];
      const rights = found.map(([, key = '', list = '']) => [
        key,
        list
          .trim()
          .split(' ')
          .map((one) => letters[one]),
      ]);
      return [job, Object.fromEntries(rights)];
    }),
  );
}

const api = (path: string, more: Record<string, unknown> = {}): Call => ['execute_api_call', { path, ...more }];
const post = (path: string, data: Record<string, unknown>) => api(path, { method: 'POST', data });
const patch = (path: string, data: Record<string, unknown>) => api(path, { method: 'PATCH', data });

/** What is asked and changed in each job, with a write for each right to write. */
const jobs: Record<string, (upload: string) => Call[]> = {
  'look up names of boards, statuses and members': () => [
    api('/service/boards'),
    api('/service/boards/1/statuses'),
    api('/service/priorities'),
    api('/system/info/members'),
  ],
  'read tickets': () => [
    api('/service/tickets', { params: { conditions: "status/name='Open'" } }),
    api('/service/tickets/1100'),
    api('/service/tickets/1100/notes'),
    api('/service/tickets/count'),
  ],
  'open tickets': () => [
    api('/service/tickets', { params: { conditions: "company/name='Silverline'" } }),
    post('/service/tickets', { summary: 'No sound', company: 'Silverline', board: 'Service Desk' }),
  ],
  dispatch: () => [
    api('/service/tickets', { params: { conditions: 'owner=null' } }),
    patch('/service/tickets/1100', { owner: 'jmarsh', status: 'In Progress' }),
    api('/schedule/entries'),
    post('/schedule/entries', {
      objectId: 1100,
      type: { id: 4 },
      member: 'jmarsh',
      dateStart: '2026-03-11T15:00:00Z',
      dateEnd: '2026-03-11T16:00:00Z',
    }),
  ],
  'enter time': () => [
    api('/time/entries'),
    api('/service/tickets/1100'),
    post('/time/entries', {
      chargeToType: 'ServiceTicket',
      chargeToId: 1100,
      timeStart: '2026-03-10T13:00:00Z',
      actualHours: 1,
    }),
  ],
  'read agreements and invoices': () => [
    api('/finance/agreements'),
    api('/finance/agreements/1/additions'),
    api('/finance/invoices', { params: { conditions: 'balance>0' } }),
  ],
  'keep companies and contacts': () => [
    api('/company/companies', { params: { conditions: "name like 'S%'" } }),
    patch('/company/companies/2', { website: 'https://acme.example' }),
    post('/company/contacts', { firstName: 'Ada', lastName: 'Byron', company: { id: 2 } }),
    patch('/company/contacts/1', { title: 'Director' }),
  ],
  'file documents': (upload) => [
    api('/service/tickets/1100'),
    api('/system/documents', { params: { recordType: 'Ticket', recordId: 1100 } }),
    post('/system/documents', { recordType: 'Ticket', recordId: 1100, title: 'Photo', file: upload }),
  ],
  'run reports': () => [api('/system/reports'), api('/system/reports/Service', { params: { pageSize: 5 } })],
};

/** Does a job under these rights; the codes of what failed. */
async function doJob(job: string, rights: Rights): Promise<string[]> {
  using folder = makeFolder();
  mkdirSync(join(folder.path, 'Desktop'));
  const upload = join(folder.path, 'Desktop', 'photo.txt');
  writeFileSync(upload, 'a photo');
  const role = { sees: 'all', writes: [], closed: [], hidden: new Set<string>(), rights } as const;
  const login = { publicKey: 'job', privateKey: 'private', member: 'fnovak', role };
  await using sandbox = await openWatchedSandbox({ logins: [login] });
  const environment = { ...sandbox.environment, CONNECTWISE_PUBLIC_KEY: 'job' };
  await using app = await connect({ environment, home: folder.path });
  const failed: string[] = [];
  for (const call of jobs[job]?.(upload) ?? []) failed.push(...(await make(app, call)));
  return failed;
}

/** Makes a call and confirms what it prepares. */
async function make(app: Connection, [tool, given]: Call): Promise<string[]> {
  const reply = await app.call(tool, given);
  if (reply.isError) return [reply.text];
  if (reply.data.change_id === undefined) return [];
  const { text, isError } = await app.call('confirm_api_write', { change_id: reply.data.change_id });
  return isError || !/^SENT/.test(text) ? [text] : [];
}

const roles = readRoles();

test('the table and the jobs here are the same', () => {
  expect([...roles.keys()]).toEqual(Object.keys(jobs));
});

describe.each([...roles])('%s', (job, rights) => {
  test('works with the rights that docs/roles.md names', async () => {
    expect(await doJob(job, rights)).toEqual([]);
  });

  const single = Object.entries(rights).flatMap(([key, list]) => list.map((right) => [key, right] as const));
  test.runIf(single.length > 0).each(single)('fails as permission_denied without %s %s', async (key, right) => {
    const less = { ...rights, [key]: (rights[key] ?? []).filter((one) => one !== right) };
    expect((await doJob(job, less)).join('\n')).toMatch(/^permission_denied: /m);
  });
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect } from '../support/connect.ts';
import { openWatchedSandbox } from '../support/watched-sandbox.ts';

let app: Connection;
let project: number;
let service: number;

beforeAll(async () => {
  app = await connect();
  const first = async (path: string) =>
    (await read(path, { fields: 'id', conditions: 'closedFlag=false', pageSize: 1 })).data.table.rows[0][0];
  [project, service] = [await first('/project/tickets'), await first('/service/tickets')];
});
afterAll(() => app[Symbol.asyncDispose]());

const read = (path: string, params?: Record<string, unknown>, more = {}) =>
  app.call('execute_api_call', { path, ...(params && { params }), ...more });

describe('a ticket that is of the other kind (CW 5.5.11)', () => {
  test('is read there, and the answer says so', async () => {
    const { data, isError } = await read(`/service/tickets/${project}`, { fields: 'id,summary' });
    expect(isError).toBe(false);
    expect(data.record.id).toBe(project);
    expect(data.notes[0]).toBe(`${project} is a project ticket: this is /project/tickets/${project}.`);
    const { data: other } = await read(`/project/tickets/${service}`, { fields: 'id' });
    expect(other.notes[0]).toContain(`${service} is a service ticket`);
  });

  test.each(['notes', 'allNotes', 'tasks', 'timeentries', 'notes/count'])('with its %s', async (part) => {
    const { text, data } = await read(`/service/tickets/${project}/${part}`);
    expect(data.notes?.[0] ?? text).toContain(`this is /project/tickets/${project}/${part}.`);
  });

  test('is named where the call is not possible there, or the number is neither', async () => {
    const { text } = await read(`/service/tickets/${project}/info`);
    expect(text).toMatch(new RegExp(`^record_not_found: .* ${project} is a project ticket\\.`));
    expect(text).toContain(`GET /project/tickets/${project} reads the project ticket`);
    expect((await read('/service/tickets/9999999')).text).toContain('Nor is 9999999 a project ticket');
    // What is missing is the note, and not the ticket.
    const note = await read(`/service/tickets/${service}/notes/9999999`);
    expect(note.text).toMatch(/^record_not_found/);
  });

  test('is named by for_each', async () => {
    const { data } = await read('/service/tickets/{id}/notes', undefined, { for_each: [service, project] });
    expect(data.notes.join(' ')).toContain(`${project}: a project ticket; for_each over /project/tickets/{id}/notes`);
  });

  test('is not changed: the write is refused with the call that is meant', async () => {
    const call = { path: `/service/tickets/${project}`, method: 'PATCH', data: { summary: 'x' } };
    const { text, isError } = await app.call('execute_api_call', call);
    expect(isError).toBe(true);
    expect(text).toMatch(new RegExp(`^record_not_found: .* ${project} is a project ticket\\.`));
    expect(text).toContain(`Call again with PATCH /project/tickets/${project}.`);
  });
});

describe('a filter for records of the twin is refused with its call', () => {
  test.each([
    ['/service/tickets', 'recordType="ProjectTicket"', 'GET /project/tickets'],
    [
      '/service/tickets',
      'closedFlag=false and recordType="ProjectIssue" and (id>1 or id<9)',
      'GET /project/tickets with params {"conditions":"closedFlag = false and (id > 1 or id < 9)"}',
    ],
    ['/service/tickets/count', 'recordType in ("ProjectTicket","ProjectIssue")', 'GET /project/tickets/count'],
  ])('%s?conditions=%s', async (path, conditions, corrected) => {
    const { text } = await read(path, { conditions });
    expect(text).toMatch(/^invalid_conditions: No service ticket has recordType/);
    expect(text).toContain(`Corrected: ${corrected}\n`);
  });

  test('in a search too', async () => {
    const search = {
      path: '/service/tickets/search',
      method: 'POST',
      data: { conditions: 'recordType="ProjectTicket"' },
    };
    const { text } = await app.call('execute_api_call', search);
    expect(text).toContain('Corrected: POST /project/tickets/search\n');
  });

  test('both kinds are two calls', async () => {
    for (const conditions of [
      'recordType in ("ServiceTicket","ProjectTicket")',
      'recordType="ProjectTicket" or closedFlag=false',
    ]) {
      const { text } = await read('/service/tickets', { conditions });
      expect(text).toContain('Make two calls without recordType');
      expect(text).not.toContain('Corrected:');
    }
  });

  test('what they have, or what is excluded, is asked', async () => {
    for (const conditions of [
      'recordType="ServiceTicket"',
      'recordType!="ProjectTicket"',
      'not (recordType="ProjectTicket")',
    ])
      expect((await read('/service/tickets/count', { conditions })).data.outcome).toMatch(/^COMPLETE: \d{3} records/);
  });
});

test('a number of another kind of record is said to be one', async () => {
  const { text } = await read('/procurement/products/9999999');
  expect(text).toMatch(/GET \/procurement\/catalog has each item of the catalogue, by other numbers/);
});

test('members that this login may not read are in a list that needs fewer rights (CW 5.7.11, 5.11.4)', async () => {
  await using sandbox = await openWatchedSandbox();
  await using reader = await connect({ environment: { ...sandbox.environment, CONNECTWISE_PUBLIC_KEY: 'reader' } });
  for (const path of ['/system/members', '/system/members/count', '/system/members/12']) {
    const { text } = await reader.call('execute_api_call', { path });
    expect(text).toMatch(/^permission_denied/);
    expect(text).toContain(`GET ${path.replace('/system', '/system/info')} needs fewer rights.`);
  }
});

test('a 404 of an operation that no list has, or that older servers lack, says so', async () => {
  const route = { code: 'ConnectWiseApi', message: 'The endpoint does not exist.' };
  const server = createServer((_, response) => {
    response.writeHead(404, { 'content-type': 'application/json' }).end(JSON.stringify(route));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await using sandbox = await openWatchedSandbox();
  const environment = { ...sandbox.environment, CONNECTWISE_API_URL: `http://127.0.0.1:${port}/v4_6_release/apis/3.0` };
  await using old = await connect({ environment });
  const call = async (path: string) => (await old.call('execute_api_call', { path })).text;
  expect(await call('/system/customFieldInfos')).toContain('No list of operations of this version has it');
  expect(await call('/service/boards')).not.toContain('No list of operations');
  expect(await call('/service/tickets/5/allNotes')).toContain('/service/tickets/5/notes has the notes');
  await new Promise((resolve) => server.close(resolve));
});

test('a count of nothing, and what moves to another parameter, are explained like a list', async () => {
  const { data } = await read('/company/companies/count', { childConditions: 'types/name="Clyent"' });
  expect(data.outcome).toBe('COMPLETE: 0 records.');
  expect(data.notes.join(' ')).toContain('company types are "Client"');
  const { text } = await read('/company/companies', { conditions: 'types/name="Client"' });
  expect(text).toContain('Write `childConditions=types/name="Client"`');
  expect(text).not.toMatch(/^Corrected: *$/m);
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect } from '../support/connect.ts';

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

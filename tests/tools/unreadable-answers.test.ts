import { expect, test } from 'vitest';
import { connect } from '../support/connect.ts';
import { type Answer, openDocumentServer } from '../support/document-server.ts';

const json = (body: unknown, status = 200): Answer => ({ status, body: JSON.stringify(body) });
const text = (body: string, type = 'text/plain'): Answer => ({ headers: { 'content-type': type }, body });

/** An answer to `call`, where the server answers `answer` to each of `requests`. */
async function ask(requests: readonly string[], answer: Answer, call: Record<string, unknown>) {
  await using server = await openDocumentServer(Object.fromEntries(requests.map((request) => [request, answer])));
  await using app = await connect({ environment: server.environment });
  return await app.call('execute_api_call', call);
}

const strange: [name: string, answer: Answer, said: RegExp][] = [
  [
    'an envelope',
    json({ value: [{ id: 1 }], total: 1 }),
    /answered an object, not a list .*\n[\s\S]*"value":\[\{"id":1\}\]/,
  ],
  ['null', json(null), /answered null, not a list/],
  ['an empty body', { body: '' }, /answered nothing, not a list/],
  ['no content', { status: 204, body: '' }, /answered nothing, not a list .*204/],
  ['a text', text('Service is starting'), /answered a text, not a list .*\n[\s\S]*Service is starting/],
  ['a number', json(7), /answered a number, not a list/],
  ['an empty object', json({}), /answered an object, not a list/],
];

test.each(strange)('a list that answers %s is unreadable, with what came', async (_, answer, said) => {
  const reply = await ask(['GET /service/tickets'], answer, { path: '/service/tickets' });
  expect(reply.isError, reply.text).toBe(true);
  expect(reply.text).toMatch(/unreadable_answer/);
  expect(reply.text).toMatch(said);
});

test.each(strange)('so is a search by POST that answers %s', async (_, answer) => {
  const call = { path: '/service/tickets/search', method: 'POST', data: { conditions: 'id=1' } };
  const reply = await ask(['POST /service/tickets/search'], answer, call);
  expect(reply.text).toMatch(/unreadable_answer/);
});

test('what came is cut at 200 characters, on one line, without keys', async () => {
  const answer = text(`private-key\n\u202e${'x'.repeat(5_000)}`);
  const { text: said } = await ask(['GET /service/tickets'], answer, { path: '/service/tickets' });
  expect(said).not.toContain('private-key');
  expect(said).not.toContain('\u202e');
  expect(/x+/.exec(said.replace(/^.*foreign text/s, ''))?.[0].length).toBeLessThan(200);
});

test.each([
  [{ code: 'Security', message: 'You may not.' }, 'permission_denied'],
  [{ code: 'NotFound', message: 'Ticket 5 not found' }, 'record_not_found'],
  [{ code: 'InvalidObject', message: 'ticket object is invalid', errors: [] }, 'request_rejected'],
  [{ code: 'ConnectWiseApi', message: 'A timeout has occured. Please try again.' }, 'timed_out'],
  [{ code: 'Unauthorized', message: 'No.' }, 'credentials_rejected'],
])('an error with status 200 is that error: %j', async (body, code) => {
  for (const path of ['/service/tickets', '/service/tickets/5', '/service/tickets/count']) {
    const { isError, text: said } = await ask([`GET ${path}`], json(body), { path });
    expect([isError, said], path).toEqual([true, expect.stringContaining(code)]);
    expect(said).toContain(body.message.replace(/\.$/, ''));
  }
});

test.each([
  ['/service/tickets/5', json(null), 'null, not a record'],
  ['/service/tickets/5', { body: '' }, 'nothing, not a record'],
  ['/service/tickets/5', text('Hello'), 'a text, not a record'],
  ['/service/tickets/count', json({}), 'an object, not a count'],
  ['/service/tickets/count', json({ count: 'many' }), 'an object, not a count'],
  ['/service/tickets/count', json([]), 'not a count'],
  ['/service/tickets/5', json([]), 'a list, not a record'],
  ['/system/documents/5/download', { body: '' }, 'nothing, not a file'],
])('%s that answers %j is unreadable', async (path, answer, said) => {
  const reply = await ask([`GET ${path}`], answer, { path });
  expect(reply.isError, reply.text).toBe(true);
  expect(reply.text).toContain(said);
});

test('of many lists, the one that answers none is named and the others are kept', async () => {
  await using server = await openDocumentServer({
    'GET /service/tickets/1/notes': json([{ id: 7, text: 'a' }]),
    'GET /service/tickets/2/notes': json({ value: [] }),
    'GET /service/tickets/3/notes': { body: '' },
  });
  await using app = await connect({ environment: server.environment });
  const call = { path: '/service/tickets/{id}/notes', for_each: [1, 2, 3] };
  const { text: said } = await app.call('execute_api_call', call);
  expect(said).toMatch(/^PARTIAL: 1 of /m);
  expect(said).toMatch(/2: ConnectWise answered an object, not a list.*3: ConnectWise answered nothing, not a list/s);
});

test('records by their ids that come in an envelope are not said to be missing', async () => {
  const ids = Array.from({ length: 900 }, (_, index) => index + 1).join(',');
  const call = { path: '/company/companies', params: { conditions: `id in (${ids})` } };
  const { text: said } = await ask(['GET /company/companies'], json({ value: [] }), call);
  expect(said).toMatch(/unreadable_answer/);
});

test('a write that is answered by an error with status 200 is unknown', async () => {
  await using server = await openDocumentServer({
    'POST /company/contacts/types': json({ code: 'ConnectWiseApi', message: 'It broke' }),
  });
  await using app = await connect({ environment: { ...server.environment, CONNECTWISE_MODE: 'allow' } });
  const call = { path: '/company/contacts/types', method: 'POST', data: { description: 'x' } };
  const { text: said } = await app.call('execute_api_call', call);
  expect(said).toMatch(/write_unknown|UNKNOWN|unknown whether|not known/i);
});

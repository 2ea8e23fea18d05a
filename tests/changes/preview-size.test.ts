import { expect, test } from 'vitest';
import { countTokens } from '../../src/gateway/calls/reply.ts';
import { connect } from '../support/connect.ts';

const long = 'A long text, as people paste them. '.repeat(300);
const wide = '漢字'.repeat(45);

test.each<[string, string, string, unknown]>([
  [
    'a ticket with long texts',
    'POST',
    '/service/tickets',
    { summary: wide, company: { id: 1 }, initialDescription: long, initialInternalAnalysis: long },
  ],
  [
    'a body with many repairs',
    'POST',
    '/time/entries',
    {
      chargeToId: '{id}',
      chargeToType: 'service ticket',
      timeStart: 'tomorrow 14:00',
      timeEnd: 'tomorrow 15:00',
      actualHours: '1',
      hoursDeduct: '0',
      billableOption: 'do not bill',
      addToResolutionFlag: 'false',
      addToInternalAnalysisFlag: 'true',
      notes: long,
    },
  ],
  [
    'a body with many members that no catalog knows',
    'POST',
    '/service/tickets',
    {
      summary: 'x',
      company: { id: 1 },
      ...Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`novelty${'x'.repeat(30)}${index}`, wide])),
    },
  ],
  [
    'many operations',
    'PATCH',
    '/service/tickets/{id}',
    Object.fromEntries(
      ['addressLine1', 'addressLine2', 'city', 'siteName', 'poNumber', 'stateIdentifier'].map((name) => [
        name,
        '漢'.repeat(50),
      ]),
    ),
  ],
  [
    'many rows',
    'PATCH',
    '/service/tickets/{id}',
    { customFields: Array.from({ length: 80 }, (_, id) => ({ id: String(id), value: wide })) },
  ],
])('a preview of %s takes at most 500 tokens, as text and as structured content', async (_, method, path, data) => {
  await using app = await connect();
  const { data: found } = await app.call('execute_api_call', {
    path: '/service/tickets',
    params: { fields: 'id', pageSize: 1 },
  });
  const id = String(found.table.rows[0][0]);
  const params = path.includes('{id}') ? { id } : {};
  const body = JSON.parse(JSON.stringify(data).replaceAll('{id}', id));
  const reply = await app.call('execute_api_call', { method, path, params, data: body });
  expect(reply.data.outcome).toMatch(/^NOT SENT/);
  expect(countTokens(reply.text)).toBeLessThanOrEqual(500);
  expect(countTokens(JSON.stringify(reply.data))).toBeLessThanOrEqual(500);
  expect(reply.data.change_id).toBeDefined();
});

test('repairs are reported, also where changes are sent at once', async () => {
  await using app = await connect({ environment: { CONNECTWISE_MODE: 'allow' } });
  const data = { Summary: 'x', company: { id: '1' } };
  const sent = await app.call('execute_api_call', { method: 'POST', path: '/service/tickets', data });
  expect(sent.data.outcome).toMatch(/^SENT/);
  expect(sent.data.notes).toEqual([
    expect.stringContaining('Summary is written summary; company/id: "1" is sent as 1'),
  ]);
});

test('strict false sends what the checks would refuse, and ConnectWise has the last word', async () => {
  await using app = await connect();
  const call = { method: 'POST', path: '/service/tickets', data: { sumary: 'x', company: { id: 1 } } };
  expect((await app.call('execute_api_call', call)).text).toMatch(
    /^invalid_body: [\s\S]*sumary: is not a member of Ticket/,
  );
  const prepared = await app.call('execute_api_call', { ...call, strict: false });
  expect(prepared.data.notes).toEqual(['strict is false: the body was not checked.']);
  expect(prepared.data.change.request.body).toEqual(call.data);
  const refused = await app.call('confirm_api_write', { change_id: prepared.data.change_id });
  expect(refused.text).toMatch(/^request_rejected: /);
});

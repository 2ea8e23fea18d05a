import { expect, test } from 'vitest';
import { connect } from '../support/connect.ts';

type Values = Record<string, unknown>;

test('a reference as it was read may be given back: by the name that ConnectWise shows, it is the record', async () => {
  await using app = await connect();
  const client = await app.gateway.context.client();
  const { endpoints } = await app.gateway.context.catalog();
  const lists = endpoints.flatMap(
    ({ method, path }) => (method === 'PATCH' ? /^([^{]*)\/\{id\}$/.exec(path)?.[1] : []) ?? [],
  );
  let tried = 0;
  for (const path of lists) {
    const answer = await client.send({ method: 'GET', path, query: { pageSize: '40' } }).catch(() => ({ body: [] }));
    const [first = {}, ...others] = answer.body as Values[];
    for (const [member, own] of Object.entries(first)) {
      const isOther = (value: unknown) => Object(value).name !== undefined && Object(value).id !== Object(own).id;
      const other = others.map((row) => row[member]).find(isOther);
      if (other === undefined || Object(own).id === undefined) continue;
      const data = { [member]: other };
      const { text } = await app.call('execute_api_call', { method: 'PATCH', path: `${path}/${first.id}`, data });
      expect(text, `${path} ${member}`).not.toMatch(/ and not '/);
      tried++;
    }
  }
  expect(tried).toBeGreaterThan(40);
});

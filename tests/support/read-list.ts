import type { ConnectWiseClient } from '../../src/connectwise/client.ts';

type Row = Readonly<Record<string, unknown>>;

/** All records of a list, read page by page and without any condition: nothing of what filters is in between. */
export async function readWholeList(client: Pick<ConnectWiseClient, 'send'>, path: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (let page = 1; ; page++) {
    const { body } = await client.send({ method: 'GET', path, query: { pageSize: '1000', page: String(page) } });
    rows.push(...(body as Row[]));
    if ((body as Row[]).length < 1_000) return rows;
  }
}

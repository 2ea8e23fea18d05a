// The second half of bench/memory.ts, in a process of its own: each job is asked again in words.
import type { ConnectWiseClient } from '../../src/connectwise/client.ts';
import { connect } from '../../tests/support/connect.ts';
import { environment, findLastTable, type Job, jobs, type Row } from './jobs.ts';
import { sizeOfCall } from './size-of-call.ts';

export interface SecondTime {
  job: string;
  right: boolean;
  bytes: number;
  outcome: string;
}

const [dataDir = ''] = process.argv.slice(2);
await using app = await connect({ dataDir, environment });
const client = await app.gateway.context.client();
const answers: SecondTime[] = [];
for (const job of jobs) {
  const given = { query: job.again, arguments: job.arguments, max_tokens: 8_000 };
  const reply = await app.call('run_fast_memory', given);
  const expected = new Set((await readAll(client, job)).filter((row) => job.key(row)).map(({ id }) => id));
  const { columns = [], rows = [] } = reply.data?.table ?? {};
  const at = columns.indexOf('id');
  const shown = rows.map((row: unknown[]) => Number(row[at]));
  const table = await findLastTable(app);
  const whole = table?.state === 'complete' && table.rows === expected.size;
  answers.push({
    job: job.job,
    right: whole && shown.every((id: number) => expected.has(id)),
    bytes: sizeOfCall({ query: job.again, arguments: job.arguments }, reply),
    outcome: reply.text.split('\n').slice(0, 2).join(' '),
  });
}
process.stdout.write(JSON.stringify(answers));

/** The whole list without any condition. */
async function readAll(connection: ConnectWiseClient, { path }: Job): Promise<Row[]> {
  const rows: Row[] = [];
  for (let page = 1; ; page++) {
    const { body } = await connection.send({ method: 'GET', path, query: { pageSize: '1000', page: String(page) } });
    rows.push(...(body as Row[]));
    if ((body as Row[]).length < 1_000) return rows;
  }
}

// The second half of bench/memory.ts, in a process of its own: each job is asked again in words.
import { connect } from '../../tests/support/connect.ts';
import { readWholeList } from '../../tests/support/read-list.ts';
import { environment, findLastTable, jobs } from './jobs.ts';
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
  const expected = new Set((await readWholeList(client, job.path)).filter((row) => job.key(row)).map(({ id }) => id));
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

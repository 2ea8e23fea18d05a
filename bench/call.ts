// What a call costs: a GET of 25 records as a whole tool call through an MCP client in process, through the client
// layer alone, and as a plain fetch of the same URL, in turn, against one server on loopback in a process of its own. Usage: npm run bench -- call [--runs 500] [--write]

import { openClient } from '../src/connectwise/open-client.ts';
import { parseSite } from '../src/connectwise/site.ts';
import { createLog, createRedaction } from '../src/core/log.ts';
import { connect } from '../tests/support/connect.ts';
import { startListServer } from './connectwise/start-list-server.ts';
import { median, writeFigures } from './figures.ts';

const runs = Number(process.argv[process.argv.indexOf('--runs') + 1] || 500) || 500;
using server = await startListServer(25, 1_000, 0);
const url = `http://127.0.0.1:${server.port}/v4_6_release/apis/3.0/service/tickets?pageSize=25`;
const headers = { authorization: 'Basic YWNtZStrZXk6c2VjcmV0', clientid: 'client', accept: 'application/json' };

const client = openClient({
  site: parseSite(`http://127.0.0.1:${server.port}`),
  credentials: { userName: 'acme+key', password: 'secret', clientId: 'client', company: 'acme' },
  // The usual limit per minute would be reached within a second here.
  settings: { timeoutSeconds: 30, concurrency: 4, requestsPerMinute: 1_000_000 },
  now: () => new Date(),
  random: Math.random,
  log: createLog({ level: 'info', redact: createRedaction([]), stderr: { write: () => true } }),
});

const app = await connect({
  environment: {
    CONNECTWISE_SANDBOX: 'false',
    CONNECTWISE_API_URL: `http://127.0.0.1:${server.port}/v4_6_release/apis/3.0`,
    CONNECTWISE_COMPANY_ID: 'acme',
    CONNECTWISE_PUBLIC_KEY: 'key',
    CONNECTWISE_PRIVATE_KEY: 'secret',
    CONNECTWISE_CLIENT_ID: 'client',
    CONNECTWISE_REQUESTS_PER_MINUTE: '1000',
  },
});

const contenders = {
  tool: async () => {
    const { isError, text } = await app.call('execute_api_call', { path: '/service/tickets', params: {} });
    if (isError) throw new Error(text);
    return Array.from({ length: 25 });
  },
  client: async () => (await client.send({ method: 'GET', path: '/service/tickets', query: { pageSize: '25' } })).body,
  fetch: async () => (await fetch(url, { headers })).json(),
};
const times: Record<keyof typeof contenders, number[]> = { tool: [], client: [], fetch: [] };
// The first hundred pairs warm both up.
for (let run = -100; run < runs; run += 1) {
  for (const name of ['tool', 'client', 'fetch'] as const) {
    const start = performance.now();
    const rows = await contenders[name]();
    if (run >= 0) times[name].push(performance.now() - start);
    if (!Array.isArray(rows) || rows.length !== 25) throw new Error('not the list');
  }
}
await client.close();
await app[Symbol.asyncDispose]();

const [tool, ours, theirs] = [median(times.tool), median(times.client), median(times.fetch)];
const lines = [
  '| GET of 25 records of 1 kB | ms |',
  '| --- | --- |',
  `| as a tool call: checked, stored as a table, shown (target: 8 at most) | ${tool.toFixed(2)} |`,
  `| through the client layer | ${ours.toFixed(2)} |`,
  `| plain \`fetch\` and \`json()\` | ${theirs.toFixed(2)} |`,
  `| client layer over fetch (target: 1 at most) | ${(ours - theirs).toFixed(2)} |`,
];
console.log(lines.join('\n'));
if (process.argv.includes('--write'))
  writeFigures('call', `medians of ${runs} calls each, in turn`, 'npm run bench -- call', lines);

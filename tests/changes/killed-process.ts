/** The process of killed.test.ts: prepares and confirms one change, and kills itself at the point given as argument. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openJournal } from '../../src/changes/journal.ts';
import { answers, setUp } from './fixtures.ts';

const [folder = '', point = ''] = process.argv.slice(2);
const dieAt = (here: string) => {
  if (here === point) process.kill(process.pid, 'SIGKILL');
};

const now = () => new Date();
const tenant = { host: 'cw.example', company: 'acme' };
const opened = await openJournal({ folder, tenant, now, random: Math.random });
const journal: typeof opened = {
  ...opened,
  ended(changeId, end) {
    dieAt('answered');
    opened.ended(changeId, end);
    dieAt('ended');
  },
};
let reads = 0;
const { changes } = setUp({
  journal,
  script: (request) => {
    if (request.method === 'GET') {
      reads += 1;
      dieAt(reads === 1 ? 'planned' : 'read again');
      return answers(request);
    }
    dieAt('noted');
    appendFileSync(join(folder, 'writes'), `${request.method}\n`);
    dieAt('arrived');
    return answers(request);
  },
});
const request = { method: 'PATCH', path: '/service/tickets/4711', body: { summary: 'x' } } as const;
const { changeId } = await changes.prepare(request);
writeFileSync(join(folder, 'id'), changeId);
dieAt('prepared');
await changes.confirm(changeId);
dieAt('replied');

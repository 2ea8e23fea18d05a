import { isRecord } from '../../core/json.ts';
import {
  describe,
  differs,
  holds,
  holdsIf,
  idOf,
  inconclusive,
  inner,
  type Live,
  type Probe,
  type Row,
  unknown,
} from './probe.ts';

const tickets = '/service/tickets';
const recent = 'id desc';

/** How many of the texts under some names are a day at midnight. */
function countMidnights(rows: readonly Row[], names: readonly string[]): { days: number; all: number } {
  const texts = rows.flatMap((row) => names.map((name) => row[name])).filter((text) => typeof text === 'string');
  return { days: texts.filter((text) => /T00:00:00Z$/.test(text)).length, all: texts.length };
}

/** Facts about tickets, time and other records, as far as records that exist show them. */
export const recordProbes: readonly Probe[] = [
  {
    fact: '5.5.1',
    question: 'Can a project ticket be read as a service ticket?',
    async run({ sample, read }) {
      const id = idOf(await sample('/project/tickets', { fields: 'id' }));
      const answer = await read({ path: `${tickets}/${id}`, query: { fields: 'id' } });
      return answer.status === 200 || answer.status === 404
        ? holdsIf(answer.status === 200, describe(answer))
        : unknown(describe(answer));
    },
  },
  {
    fact: '5.5.11',
    question: 'Are project tickets missing under /service/tickets, and among its recordTypes?',
    async run({ sample, read, count }) {
      const id = idOf(await sample('/project/tickets', { fields: 'id' }));
      const answer = await read({ path: `${tickets}/${id}`, query: { fields: 'id' } });
      if (answer.status !== 200 && answer.status !== 404) return unknown(describe(answer));
      const listed = await count(tickets, 'recordType in ("ProjectTicket","ProjectIssue")');
      return holdsIf(answer.status === 404 && listed === 0, `${describe(answer)}; ${listed} in the list`);
    },
  },
  {
    fact: '5.5.3',
    question: 'Does closedFlag follow the status’s closedStatus?',
    async run(live) {
      const found = await live.rows(tickets, {
        pageSize: '50',
        orderBy: recent,
        fields: 'id,closedFlag,status/id,board/id',
      });
      const closed = await readClosedStatuses(live, found);
      const judged = found.filter((row) => closed.has(inner(row, 'status', 'id')));
      if (judged.length === 0) return unknown('no ticket whose status could be read');
      const agreeing = judged.filter((row) => row.closedFlag === closed.get(inner(row, 'status', 'id'))).length;
      return holdsIf(agreeing === judged.length, `${agreeing} of ${judged.length} tickets, ${closed.size} statuses`);
    },
  },
  {
    fact: '5.5.4',
    question: 'Do members of schedule entries of type S appear in the ticket’s resources?',
    async run({ rows, read }) {
      const query = { conditions: 'type/identifier="S"', orderBy: recent, fields: 'id,objectId,member/identifier' };
      let [there, all] = [0, 0];
      for (const entry of await rows('/schedule/entries', { ...query, pageSize: '5' })) {
        const member = inner(entry, 'member', 'identifier');
        const answer = await read({ path: `${tickets}/${Number(entry.objectId)}`, query: { fields: 'id,resources' } });
        if (typeof member !== 'string' || !isRecord(answer.body) || answer.status !== 200) continue;
        all += 1;
        const resources = String(answer.body.resources ?? '')
          .toLowerCase()
          .split(/,\s*/);
        if (resources.includes(member.toLowerCase())) there += 1;
      }
      return all === 0 ? unknown('no such entry of a service ticket') : holdsIf(there === all, `${there} of ${all}`);
    },
  },
  {
    fact: '5.5.7',
    question: 'Is there /allNotes, and is it not filtered by noteType?',
    async run({ sample, read }) {
      const path = `${tickets}/${idOf(await sample(tickets, { fields: 'id' }))}/allNotes`;
      const plain = await read({ path, query: { pageSize: '1', fields: 'id' } });
      if (plain.status === 404) return differs(`${describe(plain)}: missing here`);
      if (plain.status !== 200) return unknown(describe(plain));
      const filtered = await read({
        path,
        query: { pageSize: '1', fields: 'id', conditions: 'noteType="TicketNote"' },
      });
      return holdsIf(filtered.status === 400, `there; by noteType ${describe(filtered)}`);
    },
  },
  {
    fact: '5.6.4',
    question: 'Do the defaults of a time entry name member, work role and work type?',
    async run({ sample, read }) {
      const id = idOf(await sample(tickets, { orderBy: recent, fields: 'id' }));
      // A POST that reads (CW 5.6.7).
      const body = { chargeToType: 'ServiceTicket', chargeToId: id };
      const answer = await read({ method: 'POST', path: '/time/entries/defaults', body });
      if (answer.status !== 200 || !isRecord(answer.body)) return unknown(describe(answer));
      const names = ['member', 'workRole', 'workType'];
      const there = names.filter((name) => isRecord(answer.body) && answer.body[name] !== undefined);
      return holdsIf(there.length === names.length, `${there.join(', ') || 'none'} of ${names.join(', ')}`);
    },
  },
  {
    fact: '5.6.6',
    question: 'Is time invoiced where invoice/id>0, and never with invoiceFlag=false?',
    async run({ tries, count }) {
      for (const conditions of ['billableOption="Billable" and invoiceFlag=false', 'invoice/id>0']) {
        const { taken, seen } = await tries('/time/entries', { conditions });
        if (!taken) return differs(`${conditions}: ${seen}`);
      }
      const both = await count('/time/entries', 'invoiceFlag=false and invoice/id>0');
      return holdsIf(both === 0, `both taken; ${both} entries on an invoice with invoiceFlag=false`);
    },
  },
  {
    fact: '5.6.9',
    question: 'Has the location of a ticket work roles of its own?',
    async run({ rows, read, count }) {
      const newest = await rows(tickets, { pageSize: '25', orderBy: recent, fields: 'id,location/id' });
      const location = newest.map((row) => inner(row, 'location', 'id')).find((id) => typeof id === 'number');
      if (location === undefined) return unknown('no location on the newest tickets');
      const path = `/system/locations/${location}/workRoles`;
      const answer = await read({ path, query: { fields: 'id', pageSize: '1000' } });
      if (answer.status === 404) return differs(describe(answer));
      if (answer.status !== 200 || !Array.isArray(answer.body)) return unknown(describe(answer));
      const all = await count('/time/workRoles', 'inactiveFlag=false');
      const seen = `${answer.body.length} of ${all} work roles in use`;
      return answer.body.length === 0 ? unknown(seen) : holds(seen);
    },
  },
  {
    fact: '5.7.1',
    question: 'Is there a schedule type S?',
    async run({ rows }) {
      const found = await rows('/schedule/types', { pageSize: '100', fields: 'id,identifier' });
      if (found.length === 0) return unknown('no schedule type seen');
      const has = found.some(({ identifier }) => identifier === 'S');
      return holdsIf(has, `${found.length} types, S ${has ? 'among' : 'not among'} them`);
    },
  },
  {
    fact: '5.7.4',
    question: 'Are dates of agreements midnight UTC?',
    async run({ rows }) {
      const names = ['startDate', 'endDate', 'billStartDate'];
      const found = await rows('/finance/agreements', { pageSize: '50', fields: `id,${names.join(',')}` });
      const { days, all } = countMidnights(found, names);
      return all === 0 ? unknown('no date seen') : holdsIf(days === all, `${days} of ${all} dates`);
    },
  },
  {
    fact: '6.11',
    question: 'Are dates of invoices midnight UTC?',
    async run({ rows }) {
      const names = ['date', 'dueDate'];
      const found = await rows('/finance/invoices', { pageSize: '50', fields: `id,${names.join(',')}` });
      const { days, all } = countMidnights(found, names);
      return all === 0 ? unknown('no date seen') : holdsIf(days === all, `${days} of ${all} dates`);
    },
  },
  {
    fact: '5.7.9',
    question: 'Can lists of companies hold deleted ones?',
    async run({ tries, count }) {
      const { taken, seen } = await tries('/company/companies', { conditions: 'deletedFlag=true' });
      if (!taken) return differs(seen);
      const deleted = await count('/company/companies', 'deletedFlag=true');
      return deleted > 0 ? holds(`${deleted} deleted`) : unknown('deletedFlag is taken, no deleted company seen');
    },
  },
];

/** Whether each status of some tickets closes; of six at most, since each is a request. */
async function readClosedStatuses({ read }: Live, found: readonly Row[]): Promise<Map<unknown, boolean>> {
  const pairs = new Map(found.map((row) => [inner(row, 'status', 'id'), inner(row, 'board', 'id')]));
  const closed = new Map<unknown, boolean>();
  for (const [status, board] of [...pairs].slice(0, 6)) {
    if (typeof status !== 'number' || typeof board !== 'number') throw inconclusive('a ticket without status or board');
    const answer = await read({
      path: `/service/boards/${board}/statuses/${status}`,
      query: { fields: 'id,closedStatus' },
    });
    if (isRecord(answer.body) && typeof answer.body.closedStatus === 'boolean')
      closed.set(status, answer.body.closedStatus);
  }
  return closed;
}

/** Conditions of everyday jobs that are known from other clients only: the fact, the list, and what it is asked. */
const jobs: readonly (readonly [fact: string, path: string, conditions: string])[] = [
  ['7.1', '/service/tickets', 'closedFlag=false and (owner/identifier="cwmprobe" or resources contains "cwmprobe")'],
  ['7.2', '/service/tickets', 'owner=null and closedFlag=false'],
  ['7.3', '/service/tickets', 'closedFlag=false and lastUpdated>[2020-01-01T00:00:00Z]'],
  ['7.4', '/service/tickets', 'closedFlag=false and status/name not in ("cwm probe")'],
  ['7.17', '/service/tickets', 'closedFlag=false and isInSla=false'],
  ['7.19', '/time/entries', 'member/identifier="cwmprobe" and timeStart>=[2020-01-01T00:00:00Z]'],
  ['7.21', '/time/entries', 'billableOption="Billable" and invoice=null'],
  ['7.25', '/company/configurations', 'activeFlag=true and warrantyExpirationDate>=[2020-01-01T00:00:00Z]'],
  ['7.27', '/finance/invoices', 'balance>0 and dueDate<[2020-01-01T00:00:00Z]'],
  ['7.28', '/sales/opportunities', 'status/id in (1) and expectedCloseDate<[2020-01-01T00:00:00Z]'],
  ['7.29', '/schedule/entries', 'doneFlag=false and dateStart>=[2020-01-01T00:00:00Z]'],
];

export const jobProbes: readonly Probe[] = jobs.map(([fact, path, conditions]) => ({
  fact,
  question: `Does ${path} take ${conditions}?`,
  async run({ tries }) {
    const { taken, seen } = await tries(path, { conditions });
    return holdsIf(taken, seen);
  },
}));

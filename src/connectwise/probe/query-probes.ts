import { GatewayError } from '../../core/errors.ts';
import { isRecord } from '../../core/json.ts';
import {
  describe,
  differs,
  holdsIf,
  idOf,
  inconclusive,
  inner,
  type Probe,
  plainText,
  type Row,
  unknown,
} from './probe.ts';

// Lists that are short on every system and open to every login (CW 5.12.2).
const priorities = '/service/priorities';
const boards = '/service/boards';
const companies = '/company/companies';
const contacts = '/company/contacts';
const tickets = '/service/tickets';
const past = '2000-01-01T00:00:00';

/** A refusal of one list among several is skipped. */
function unlessCancelled(error: unknown): readonly Row[] {
  if (error instanceof GatewayError && error.code !== 'cancelled') return [];
  throw error;
}

/** Facts about the grammar of conditions. */
export const conditionProbes: readonly Probe[] = [
  {
    fact: '2.2.1',
    question: 'Does `not in` work?',
    async run({ sample, count, tries }) {
      const id = idOf(await sample(priorities, { fields: 'id' }));
      const conditions = `id not in (${id})`;
      const { taken, seen } = await tries(priorities, { conditions });
      if (!taken) return differs(seen);
      const [all, others] = [await count(priorities, 'id>0'), await count(priorities, conditions)];
      return holdsIf(others === all - 1, `${others} of ${all} without the one`);
    },
  },
  {
    fact: '2.2.2',
    question: 'Does `in` take a list of strings?',
    async run({ sample, tries, count }) {
      const name = plainText((await sample(boards, { fields: 'id,name' })).name);
      const conditions = `name in ("${name}","cwm probe")`;
      const { taken, seen } = await tries(boards, { conditions });
      if (!taken) return differs(seen);
      const found = await count(boards, conditions);
      return holdsIf(found > 0, `${found} rows`);
    },
  },
  {
    fact: '2.2.5',
    question: 'Does AND bind tighter than OR?',
    async run({ rows, count }) {
      const [a, b, c] = (await rows(priorities, { pageSize: '3', fields: 'id' })).map(idOf);
      if (a === undefined || b === undefined || c === undefined) throw inconclusive('fewer than three priorities');
      const found = await count(priorities, `id=${a} or id=${b} and id=${c}`);
      return holdsIf(found === 1, `${found} rows: 1 says AND first, 0 says OR first`);
    },
  },
  {
    fact: '2.2.8',
    question: "Are both `\\\"` and `''` taken as escaped quotes?",
    async run({ tries }) {
      const backslash = await tries(companies, { conditions: 'name="cwm\\"probe"' });
      const doubled = await tries(companies, { conditions: "name='cwm''probe'" });
      return holdsIf(backslash.taken && doubled.taken, `\\": ${backslash.seen}; '': ${doubled.seen}`);
    },
  },
  {
    fact: '2.2.8',
    question: "Does `''` mean one quote?",
    async run({ sample, count }) {
      // Last names have one most often, and a company's contacts are fewer than its tickets.
      const { lastName } = await sample(contacts, { fields: 'id,lastName', conditions: `lastName like "%'%"` });
      if (typeof lastName !== 'string' || lastName.includes('"')) return unknown('no last name with an apostrophe');
      const [straight, doubled] = [`lastName="${lastName}"`, `lastName='${lastName.replaceAll("'", "''")}'`];
      const [expected, found] = [await count(contacts, straight), await count(contacts, doubled)];
      return holdsIf(found === expected && found > 0, `${found} rows, ${expected} in double quotes`);
    },
  },
  {
    fact: '2.2.10',
    question: 'Are date-times without a zone taken, and read as UTC?',
    async run({ tries, count }) {
      const { taken, seen } = await tries(companies, { conditions: `lastUpdated>[${past}]` });
      if (!taken) return differs(seen);
      const without = await count(companies, `lastUpdated>[${past}]`);
      const utc = await count(companies, `lastUpdated>[${past}Z]`);
      return holdsIf(without === utc, `${without} rows without a zone, ${utc} with Z`);
    },
  },
  {
    fact: '9.5',
    question: 'Does `>=` with brackets return rows?',
    async run({ count }) {
      const [atLeast, after] = [
        await count(companies, `lastUpdated>=[${past}Z]`),
        await count(companies, `lastUpdated>[${past}Z]`),
      ];
      if (after === 0) return unknown('no rows with > either');
      return holdsIf(atLeast === after, `${atLeast} rows with >=, ${after} with >`);
    },
  },
  {
    fact: '2.2.11',
    question: 'Does `= null` work, and `is null` not?',
    async run({ tries }) {
      const equals = await tries(tickets, { conditions: 'owner = null' });
      const is = await tries(tickets, { conditions: 'owner is null' });
      return holdsIf(equals.taken && !is.taken, `= null: ${equals.seen}; is null: ${is.seen}`);
    },
  },
  {
    fact: '2.2.12',
    question: 'Is a reference of a reference refused in conditions?',
    async run({ tries }) {
      const { taken, seen } = await tries(tickets, { conditions: 'company/defaultContact/id>0' });
      return holdsIf(!taken, seen);
    },
  },
  {
    fact: '2.2.13',
    question: 'Do `_info/lastUpdated` and `_info/dateEntered` filter like `lastUpdated` and `dateEntered`?',
    async run({ count, tries }) {
      for (const name of ['lastUpdated', 'dateEntered']) {
        const { taken, seen } = await tries(companies, { conditions: `_info/${name}>[${past}Z]` });
        if (!taken) return differs(`_info/${name}: ${seen}`);
      }
      const deep = await count(companies, `_info/lastUpdated>[${past}Z]`);
      const top = await count(companies, `lastUpdated>[${past}Z]`);
      return holdsIf(deep === top, `${deep} rows by _info/lastUpdated, ${top} by lastUpdated`);
    },
  },
  {
    fact: '2.2.14',
    question: 'Do strings compare without case?',
    async run({ sample, count }) {
      const name = plainText((await sample(boards, { fields: 'id,name' })).name);
      if (name.toUpperCase() === name.toLowerCase()) return unknown('a name without letters');
      const [upper, lower] = [
        await count(boards, `name="${name.toUpperCase()}"`),
        await count(boards, `name="${name.toLowerCase()}"`),
      ];
      return holdsIf(upper === lower && upper > 0, `${upper} rows in capitals, ${lower} in small letters`);
    },
  },
  {
    fact: '2.2.15',
    question: 'Does `_` in `like` stand for one character?',
    async run({ sample, count }) {
      const name = plainText((await sample(boards, { fields: 'id,name' })).name);
      const found = await count(boards, `name like "_${name.slice(1)}"`);
      const tooLong = await count(boards, `name like "_${name}"`);
      return holdsIf(
        found > 0 && tooLong === 0,
        `${found} rows with one in place of a letter, ${tooLong} with one too many`,
      );
    },
  },
  {
    fact: '2.2.18',
    question: 'Are arrays refused in conditions and taken in childConditions?',
    async run({ tries }) {
      const own = await tries(companies, { conditions: 'types/name="cwm probe"' });
      const child = await tries(companies, { childConditions: 'types/name="cwm probe"' });
      return holdsIf(!own.taken && child.taken, `conditions: ${own.seen}; childConditions: ${child.seen}`);
    },
  },
  {
    fact: '2.2.19',
    question: 'Do enums take = and in, and refuse like and unknown values?',
    async run({ tries }) {
      const equal = await tries(tickets, { conditions: 'severity="Low"' });
      const among = await tries(tickets, { conditions: 'severity in ("Low","High")' });
      const like = await tries(tickets, { conditions: 'severity like "L%"' });
      const wrong = await tries(tickets, { conditions: 'severity="CwmProbe"' });
      const seen = `=: ${equal.seen}; in: ${among.seen}; like: ${like.seen}; unknown value: ${wrong.seen}`;
      return holdsIf(equal.taken && among.taken && !like.taken && !wrong.taken, seen);
    },
  },
  {
    fact: '2.2.20',
    question: 'Do some lists return inactiveFlag and refuse it in conditions?',
    async run({ tries, rows }) {
      const paths = [
        boards,
        '/company/contacts',
        '/time/workTypes',
        '/time/workRoles',
        '/service/sources',
        '/service/locations',
      ];
      const [returned, refused]: [string[], string[]] = [[], []];
      for (const path of paths) {
        // A list that this login may not read says nothing about conditions.
        const [first] = await rows(path, { pageSize: '1' }).catch(unlessCancelled);
        if (first === undefined || !('inactiveFlag' in first)) continue;
        returned.push(path);
        const { taken } = await tries(path, { conditions: 'inactiveFlag=false' });
        if (!taken) refused.push(path);
      }
      if (returned.length === 0) return unknown('no list returned it');
      const seen = `returned by ${returned.join(', ')}; refused by ${refused.join(', ') || 'none of them'}`;
      return holdsIf(refused.length > 0, seen);
    },
  },
  {
    fact: '2.4',
    question: 'Must two clauses of childConditions hold on the same element?',
    async run({ rows }) {
      for (const row of await rows(contacts, { pageSize: '25', fields: 'id,communicationItems' })) {
        const items = Array.isArray(row.communicationItems) ? row.communicationItems.filter(isRecord) : [];
        const [one, two] = items.map(({ id }) => id).filter((id) => typeof id === 'number');
        if (one === undefined || two === undefined) continue;
        const childConditions = `communicationItems/id=${one} and communicationItems/id=${two}`;
        const found = await rows(contacts, { conditions: `id=${idOf(row)}`, childConditions, fields: 'id' });
        return holdsIf(found.length === 0, `${found.length} rows: 0 says the same element, 1 says any`);
      }
      return unknown('no contact with two communication items among 25');
    },
  },
  {
    fact: '9.6',
    question: 'Do compound conditions return rows?',
    async run({ count }) {
      const [single, both] = [
        await count(tickets, 'closedFlag=false'),
        await count(tickets, 'closedFlag=false and id>0'),
      ];
      if (single === 0) return unknown('no open ticket to try it with');
      return holdsIf(both === single, `${both} rows with both, ${single} with one`);
    },
  },
  {
    fact: '9.14',
    question: 'Does `NOT (…)` work?',
    async run({ sample, count, tries }) {
      const id = idOf(await sample(priorities, { fields: 'id' }));
      const { taken, seen } = await tries(priorities, { conditions: `not (id=${id})` });
      if (!taken) return differs(seen);
      const [all, others] = [await count(priorities, 'id>0'), await count(priorities, `not (id=${id})`)];
      return holdsIf(others === all - 1, `${others} of ${all} without the one`);
    },
  },
  {
    fact: '6.12',
    question: 'Has one status name different ids on different boards?',
    async run({ rows }) {
      const ids = new Map<unknown, number[]>();
      for (const board of await rows(boards, { pageSize: '5', fields: 'id' })) {
        const statuses = await rows(`${boards}/${idOf(board)}/statuses`, { pageSize: '100', fields: 'id,name' });
        for (const status of statuses) {
          ids.set(status.name, [...(ids.get(status.name) ?? []), idOf(status)]);
        }
      }
      const repeated = [...ids.values()].filter(({ length }) => length > 1);
      if (repeated.length === 0) return unknown(`no name twice among ${ids.size}`);
      const same = repeated.filter((some) => new Set(some).size < some.length).length;
      return holdsIf(same === 0, `${repeated.length} names on several boards, ${same} with one id`);
    },
  },
  {
    fact: '6.11',
    question: 'Are times in UTC with whole seconds?',
    async run({ rows }) {
      const times = (await rows(tickets, { pageSize: '25', fields: 'id,_info/lastUpdated' })).map((row) =>
        inner(row, '_info', 'lastUpdated'),
      );
      const texts = times.filter((time) => typeof time === 'string');
      const utc = texts.filter((time) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(time)).length;
      if (texts.length === 0) return unknown('no _info with these fields');
      return holdsIf(utc === texts.length, `${utc} of ${texts.length} end in Z with whole seconds`);
    },
  },
];

const isAscending = (numbers: readonly number[]) =>
  numbers.every((one, index) => index === 0 || (numbers[index - 1] ?? 0) < one);

/** Facts about order, fields and pages. */
export const listProbes: readonly Probe[] = [
  {
    fact: '2.6.1',
    question: 'Does orderBy take several keys?',
    async run({ rows, tries }) {
      const query = { orderBy: 'board/id asc,id desc', pageSize: '50', fields: 'id,board/id' };
      const { taken, seen } = await tries(tickets, query);
      if (!taken) return differs(seen);
      const found = await rows(tickets, query);
      if (found.length < 2) return unknown(`${found.length} tickets`);
      const keys = found.map((row) => [Number(inner(row, 'board', 'id')), -idOf(row)] as const);
      const wrong = keys.filter(([board, id], index) => {
        const [before, idBefore] = keys[index - 1] ?? [Number.NEGATIVE_INFINITY, 0];
        return board < before || (board === before && id < idBefore);
      });
      return holdsIf(wrong.length === 0, `${wrong.length} of ${found.length} rows out of order`);
    },
  },
  {
    fact: '2.6.2',
    question: 'Are unknown names in fields ignored?',
    async run({ tries }) {
      const { taken, seen } = await tries(tickets, { fields: 'id,cwmProbe' });
      return holdsIf(taken, seen);
    },
  },
  {
    fact: '9.16',
    question: 'Is `_info` left out unless fields name it?',
    async run({ sample }) {
      const [without, named] = [await sample(tickets, { fields: 'id' }), await sample(tickets, { fields: 'id,_info' })];
      const shown = (has: boolean) => (has ? 'there' : 'missing');
      return holdsIf(
        !('_info' in without) && '_info' in named,
        `unnamed ${shown('_info' in without)}, named ${shown('_info' in named)}`,
      );
    },
  },
  {
    fact: '2.6.4',
    question: 'Do pageSize and fields of a search work in the query string?',
    async run({ read }) {
      const query = { pageSize: '2', fields: 'id' };
      const answer = await read({
        method: 'POST',
        path: `${tickets}/search`,
        query,
        body: { conditions: 'id>0' },
      });
      if (!Array.isArray(answer.body)) return unknown(describe(answer));
      const found = answer.body.filter(isRecord);
      const isBare = found.every((row) => Object.keys(row).every((name) => name === 'id'));
      return holdsIf(found.length <= 2 && isBare, `${found.length} rows, ${isBare ? 'ids alone' : 'more than ids'}`);
    },
  },
  {
    fact: '3.1',
    question: 'Is a pageSize above 1,000 refused?',
    async run({ tries }) {
      const { taken, seen } = await tries('/service/priorities', { pageSize: '1001' });
      return holdsIf(!taken, seen);
    },
  },
  {
    fact: '3.4',
    question: 'Does Link name the next pageId in forward-only paging?',
    async run({ read }) {
      const answer = await read({ path: tickets, query: { pageSize: '2', fields: 'id' }, paging: 'forward-only' });
      if (answer.status !== 200 || !Array.isArray(answer.body)) return unknown(describe(answer));
      if (answer.body.length === 0) return unknown('no ticket');
      const { link = '' } = answer.headers;
      return holdsIf(
        /pageid=\d/i.test(link),
        link === '' ? 'no Link' : `Link ${/pageid=\d/i.test(link) ? 'with' : 'without'} pageId`,
      );
    },
  },
  {
    fact: '3.5',
    question: 'Is a page past the end 200 and empty?',
    async run({ read }) {
      const answer = await read({
        path: '/service/priorities',
        query: { page: '100000', pageSize: '1000', fields: 'id' },
      });
      const isEmpty = Array.isArray(answer.body) && answer.body.length === 0;
      return holdsIf(
        answer.status === 200 && isEmpty,
        `${describe(answer)}, ${isEmpty ? 'no rows' : 'not an empty list'}`,
      );
    },
  },
  {
    fact: '3.7',
    question: 'Does a list without orderBy come by id?',
    async run({ rows }) {
      const ids = (await rows(tickets, { pageSize: '100', fields: 'id' })).map(idOf);
      if (ids.length < 2) return unknown(`${ids.length} tickets`);
      return holdsIf(isAscending(ids), `${ids.length} rows, ${isAscending(ids) ? 'ascending' : 'not ascending'}`);
    },
  },
  {
    fact: '6.1',
    question: 'Has a full ticket several kB, and one of five members about 0.2 kB?',
    async run({ read, sample }) {
      const path = `${tickets}/${idOf(await sample(tickets, { fields: 'id' }))}`;
      const fields = 'id,summary,status/name,company/name,owner/identifier';
      const [full, few] = [await read({ path }), await read({ path, query: { fields } })];
      if (full.status !== 200 || few.status !== 200) return unknown(`${describe(full)}, ${describe(few)}`);
      return holdsIf(full.bytes >= 2_000 && few.bytes <= 400, `${full.bytes} bytes, ${few.bytes} with five members`);
    },
  },
  {
    fact: '6.5',
    question: 'Are a hundred ids in one `id in (…)` answered in full?',
    async run({ rows }) {
      const ids = (await rows(tickets, { pageSize: '100', fields: 'id' })).map(idOf);
      if (ids.length === 0) return unknown('no ticket');
      const found = await rows(tickets, {
        conditions: `id in (${ids.join(',')})`,
        pageSize: '1000',
        fields: 'id',
      });
      return holdsIf(found.length === ids.length, `${found.length} rows for ${ids.length} ids`);
    },
  },
];

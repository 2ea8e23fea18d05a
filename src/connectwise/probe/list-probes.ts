import { isRecord } from '../../core/json.ts';
import { describe, idOf, inner } from './live.ts';
import { differs, holdsIf, type Probe, unknown } from './probe.ts';

const tickets = '/service/tickets';

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
      const told = (has: boolean) => (has ? 'there' : 'missing');
      return holdsIf(
        !('_info' in without) && '_info' in named,
        `unnamed ${told('_info' in without)}, named ${told('_info' in named)}`,
      );
    },
  },
  {
    fact: '2.6.4',
    question: 'Do pageSize and fields of a search work in the query string?',
    async run({ read }) {
      const query = { pageSize: '2', fields: 'id' };
      const answer = await read({ method: 'POST', path: `${tickets}/search`, query, body: { conditions: 'id>0' } });
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
      const found = await rows(tickets, { conditions: `id in (${ids.join(',')})`, pageSize: '1000', fields: 'id' });
      return holdsIf(found.length === ids.length, `${found.length} rows for ${ids.length} ids`);
    },
  },
];

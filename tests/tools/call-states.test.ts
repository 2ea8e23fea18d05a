import { describe, expect, test } from 'vitest';
import type { ManySent, PartState, PreparedChange } from '../../src/changes/change.ts';
import { statusOf } from '../../src/cli/answer.ts';
import { errorCodes } from '../../src/core/errors.ts';
import { type NextStep, renderNextStep } from '../../src/core/next-step.ts';
import { wordsForModel, wordsForTerminal } from '../../src/gateway/calls/reader-words.ts';
import { renderCall } from '../../src/gateway/calls/render.ts';
import type { Advice, CallResult, CallState } from '../../src/gateway/calls/result.ts';
import { manyResult } from '../../src/gateway/calls/write.ts';
import { listTools } from '../../src/server/list-tools.ts';

const plain = { notes: [], advice: [] } as const;

const change: PreparedChange = {
  changeId: 'ticket-5_status-Closed_abcdefgh',
  method: 'PATCH',
  path: '/service/tickets/5',
  sentence: 'Ticket 5: status Closed.',
  statement: { subject: 'Ticket 5', settings: [{ member: 'status', value: 'Closed' }], ends: [] },
  warnings: [],
  approval: 'client',
  customerVisible: false,
  preparedAt: '2026-03-10T15:00:00Z',
  expiresAt: '2026-03-10T16:00:00Z',
};

const id = change.changeId;
const prepared: CallResult = {
  ...{ what: 'prepared', state: 'prepared', change, notes: [] },
  advice: [{ kind: 'confirm', changeId: id, asked: true }],
};
const sent: CallResult = {
  ...{
    what: 'sent',
    state: 'sent',
    sent: { kind: 'sent', change, status: 200, applied: 'all', notApplied: [], notes: [] },
    notes: [],
  },
  advice: [{ kind: 'undo', changeId: id }],
};

function many(state: ManySent['state'], ...states: PartState[]): CallResult {
  const counts = { waiting: 0, sending: 0, sent: 0, failed: 0, unknown: 0, stale: 0 };
  for (const one of states) counts[one] += 1;
  const results = states.map((one, at) => ({ id: String(at), state: one }));
  return manyResult({ kind: 'many', change, state, counts, results }, { canUndo: true });
}

const list = `execute_api_call GET /gateway/changes with params part_of "${id}" lists the records`;
const confirmNow = `Call confirm_api_write with change_id "${id}": the user is shown the change and asked before it is sent. After a no: DELETE /gateway/changes/{change_id}.`;
const parts = `Results by record: call GET /gateway/changes --param part_of=${id}`;

interface Case {
  name: string;
  result: CallResult;
  status: number;
  outcome: string;
  /** Next steps; empty for none. */
  model: string;
  terminal: string;
}

const cases: Case[] = [
  {
    name: 'a whole list',
    result: { ...plain, what: 'rows', state: 'complete', rows: 1_234, table: 'tickets_371' },
    ...{ status: 0, outcome: 'COMPLETE: 1,234 rows in tickets_371.', model: '', terminal: '' },
  },
  {
    name: 'one page of a list',
    result: {
      ...{ what: 'rows', state: 'partial', rows: 25, total: 600, reason: 'one page was read', table: 't_1', notes: [] },
      advice: [
        { kind: 'read_more', after: 'more', goOn: { page: '2' } },
        { kind: 'query_table', table: 't_1', rows: 25 },
      ],
    },
    status: 3,
    outcome: 'PARTIAL: 25 of 600 rows in t_1; one page was read.',
    model:
      'all_pages true reads the rest; or continue with params {"page":"2"}, or narrow with conditions. query_results with SQL over t_1 reads all 25 rows.',
    terminal: '--all reads the rest.',
  },
  {
    name: 'a list that is still being read',
    result: {
      ...{ what: 'rows', state: 'reading', rows: 4_000, table: 't_1', notes: [] },
      advice: [{ kind: 'see_reading', table: 't_1' }],
    },
    status: 3,
    outcome: 'PARTIAL: 4,000 rows so far in t_1; reading continues in the background.',
    model: 'Ask again later: query_results on t_1 shows the progress.',
    terminal: 'Run it again for what is missing.',
  },
  {
    name: 'a change of what is already so',
    result: { ...plain, what: 'unchanged', state: 'unchanged', said: 'Nothing to change at /x/1: name is already A.' },
    status: 0,
    outcome: 'NOT SENT, already so: Nothing to change at /x/1: name is already A.',
    model: '',
    terminal: '',
  },
  {
    name: 'a record without some members',
    result: {
      ...{ what: 'record', state: 'partial', record: { id: 5 }, moreMembers: ['notes'], notes: [] },
      advice: [{ kind: 'name_fields' }],
    },
    status: 3,
    outcome: 'PARTIAL: 1 record, without 1 members.',
    model: 'Name members in params fields to see them; max_tokens up to 8,000 shows more at once.',
    terminal: '',
  },
  {
    name: 'a count',
    result: { ...plain, what: 'count', state: 'complete', count: 600 },
    ...{ status: 0, outcome: 'COMPLETE: 600 records.', model: '', terminal: '' },
  },
  {
    name: 'an empty answer',
    result: { ...plain, what: 'value', state: 'complete', value: undefined },
    ...{ status: 0, outcome: 'COMPLETE: an empty answer.', model: '', terminal: '' },
  },
  {
    name: 'an answer of the gateway itself',
    result: { ...plain, what: 'local', state: 'complete', endpoint: 'GET /gateway/me', value: {} },
    ...{ status: 0, outcome: 'GET /gateway/me, answered by the gateway itself.', model: '', terminal: '' },
  },
  {
    name: 'a file',
    result: { ...plain, what: 'file', state: 'complete', path: '/x/a.png', mediaType: 'image/png', bytes: 340_000 },
    ...{ status: 0, outcome: 'COMPLETE: a file of 340 kB was saved on this computer.', model: '', terminal: '' },
  },
  {
    name: 'a prepared change',
    result: prepared,
    ...{ status: 4, outcome: 'NOT SENT. Nothing has changed in ConnectWise yet.', model: confirmNow },
    terminal: 'The same with --confirm sends it.',
  },
  {
    name: 'a change prepared again',
    result: { ...prepared, renewed: 'The record changed.' },
    status: 4,
    outcome:
      'NOT SENT. Nothing has changed in ConnectWise yet. The record changed. A new preview with a new change_id was prepared.',
    model: confirmNow,
    terminal: 'The same with --confirm sends it.',
  },
  {
    name: 'a sent change',
    result: sent,
    ...{ status: 0, outcome: 'SENT: PATCH /service/tickets/5; ConnectWise returned 200.' },
    model: `To undo: execute_api_call POST /gateway/changes/${id}/undo.`,
    terminal: `To undo: changes undo ${id}`,
  },
  {
    name: 'a change that was applied only in part',
    result: {
      ...{ what: 'sent', state: 'part_sent', notes: [], advice: [{ kind: 'cannot_undo' }] },
      sent: { kind: 'sent', change, status: 200, applied: 'part', notApplied: ['status is still New.'], notes: [] },
    },
    status: 3,
    outcome: 'SENT: PATCH /service/tickets/5; ConnectWise returned 200. NOT ALL OF IT WAS APPLIED.',
    model: 'This cannot be undone.',
    terminal: 'This cannot be undone.',
  },
  {
    name: 'a change of which nothing was applied',
    result: {
      ...{ what: 'sent', state: 'part_sent', notes: [], advice: [] },
      sent: { kind: 'sent', change, status: 200, applied: 'nothing', notApplied: ['status is still New.'], notes: [] },
    },
    ...{ status: 3, outcome: 'SENT: PATCH /service/tickets/5; ConnectWise returned 200. NOTHING OF IT WAS APPLIED.' },
    model: '',
    terminal: '',
  },
  {
    name: 'many records, of which one was not applied',
    result: manyResult(
      {
        ...{ kind: 'many', change, state: 'finished' },
        counts: { waiting: 0, sending: 0, sent: 2, failed: 0, unknown: 0, stale: 0 },
        results: [
          { id: '1', state: 'sent' },
          { id: '2', state: 'sent', applied: 'nothing', detail: 'status is still New.' },
        ],
      },
      { canUndo: true },
    ),
    ...{ status: 3, outcome: 'PARTIAL, SENT: 2 sent of 2 records. NOTHING OF IT WAS APPLIED to 1.' },
    model: `To undo: execute_api_call POST /gateway/changes/${id}/undo. ${list}.`,
    terminal: `To undo: changes undo ${id}`,
  },
  {
    name: 'many records, all sent',
    result: many('finished', 'sent', 'sent'),
    ...{ status: 0, outcome: 'SENT: 2 sent of 2 records.' },
    model: `To undo: execute_api_call POST /gateway/changes/${id}/undo. ${list}.`,
    terminal: `To undo: changes undo ${id}`,
  },
  {
    name: 'many records, some of them not sent or of unknown end',
    result: many('finished', 'sent', 'failed', 'unknown'),
    ...{ status: 3, outcome: 'PARTIAL, SENT: 1 sent, 1 failed, 1 unknown of 3 records.' },
    model: `confirm_api_write with the same change_id continues with what was not sent; what was sent or is unknown is not repeated. ${list}.`,
    terminal: parts,
  },
  {
    name: 'many records, still being sent',
    result: many('running', 'sent', 'waiting'),
    ...{ status: 3, outcome: 'PARTIAL, SENDING: 1 waiting, 1 sent of 2 records.' },
    model: 'Sending continues in the background. Call confirm_api_write with the same change_id to see the progress.',
    terminal: parts,
  },
  {
    name: 'many records, stopped',
    result: many('stopped', 'sent', 'failed', 'waiting'),
    ...{ status: 3, outcome: 'PARTIAL, STOPPED: 1 waiting, 1 sent, 1 failed of 3 records.' },
    model: `confirm_api_write with the same change_id continues with what was not sent; what was sent or is unknown is not repeated. ${list}.`,
    terminal: parts,
  },
  {
    name: 'several changes, all sent',
    result: { ...plain, what: 'several', state: 'sent', of: 1, sent: [{ changeId: id, result: sent }] },
    ...{ status: 0, outcome: 'SENT: 1 changes.', model: '', terminal: '' },
  },
  {
    name: 'several changes, ended by a failure',
    result: {
      ...{ what: 'several', state: 'part_sent', of: 3, sent: [{ changeId: id, result: sent }], notes: [] },
      last: { changeId: 'b', error: { code: 'unknown_change', message: 'No change "b".' } },
      advice: [{ kind: 'confirm_others', changeIds: ['c'] }],
    },
    ...{ status: 3, outcome: 'PARTIAL: 1 of 3 changes SENT, then b failed: No change "b".' },
    ...{ model: 'Not sent: c. They can still be confirmed.', terminal: 'Not sent: c.' },
  },
  {
    name: 'several changes, ended by one that was prepared again',
    result: {
      ...{ what: 'several', state: 'part_sent', of: 2, sent: [{ changeId: id, result: sent }], notes: [] },
      last: { changeId: 'b', result: { ...prepared, renewed: 'It has expired.' } },
      advice: prepared.advice,
    },
    status: 3,
    outcome:
      'PARTIAL: 1 of 2 changes SENT, then b: NOT SENT. Nothing has changed in ConnectWise yet. It has expired. A new preview with a new change_id was prepared.',
    model: confirmNow,
    terminal: 'The same with --confirm sends it.',
  },
];

describe.each(cases)('$name', ({ result, status, outcome, model, terminal }) => {
  test(`has exit status ${status}`, () => {
    expect(statusOf(result.state)).toBe(status);
  });

  test('is said to a model', () => {
    const { outcome: said, next = '' } = renderCall(result, wordsForModel);
    expect({ said, next }).toEqual({ said: outcome, next: model });
  });

  test('is said at a terminal', () => {
    const { outcome: said, next = '' } = renderCall(result, wordsForTerminal);
    expect({ said, next }).toEqual({ said: outcome, next: terminal });
  });
});

test('every state is among these', () => {
  const all: Record<CallState, true> = {
    complete: true,
    partial: true,
    reading: true,
    prepared: true,
    unchanged: true,
    sent: true,
    part_sent: true,
    sending: true,
    stopped: true,
  };
  expect(new Set(cases.map(({ result }) => result.state))).toEqual(new Set(Object.keys(all)));
});

test('a statement that rests on tables that are not whole says so before all else', () => {
  const gap = { name: 'b_2', request: 'GET /b', storedAt: '', rows: 3, total: 9, state: 'partial' } as const;
  const table = { columns: ['n'], rows: [[1]] };
  const { outcome } = renderCall(
    {
      ...{ ...plain, what: 'rows', state: 'partial', rows: 7, table: 'a_1' },
      shown: { as: 'query', of: 'complete', table, cut: false, empty: [], moreColumns: 0, hasMore: false, gaps: [gap] },
    },
    wordsForModel,
  );
  expect(outcome).toBe(
    'PARTIAL: b_2 holds 3 of 9 rows: counts and sums over it may be too small. COMPLETE: 7 rows in a_1. The query returned 1 row.',
  );
});

/** One of each kind of advice, in all its forms. */
const everyAdvice: { [Kind in Advice['kind']]: readonly Extract<Advice, { kind: Kind }>[] } = {
  read_more: (['more', 'max-records', 'cancelled', 'changed', 'failed'] as const).map((after) => ({
    ...{ kind: 'read_more', after, goOn: { page: '2' } },
  })),
  read_missing: [{ kind: 'read_missing' }],
  see_reading: [{ kind: 'see_reading', table: 't_1' }, { kind: 'see_reading' }],
  query_table: [{ kind: 'query_table', table: 't_1', rows: 7 }],
  query_all: [{ kind: 'query_all', table: 't_1' }],
  see_originals: [{ kind: 'see_originals', table: 't_1', hasOthers: true }],
  name_fields: [{ kind: 'name_fields' }],
  save_file: [{ kind: 'save_file', path: '/x/1/pdf' }],
  confirm: [
    { kind: 'confirm', changeId: 'x', asked: true },
    { kind: 'confirm', changeId: 'x', asked: false },
  ],
  confirm_others: [{ kind: 'confirm_others', changeIds: ['x'] }],
  confirm_rest: [{ kind: 'confirm_rest', changeId: 'x' }],
  see_sending: [{ kind: 'see_sending', changeId: 'x' }],
  see_parts: [
    { kind: 'see_parts', changeId: 'x' },
    { kind: 'see_parts', changeId: 'x', undoEach: true },
  ],
  query_results: [{ kind: 'query_results', table: 't_1' }],
  undo: [{ kind: 'undo', changeId: 'x' }],
  cannot_undo: [{ kind: 'cannot_undo' }],
};

/** One of each kind of next step after a failure. */
const everyStep: { [Step in NextStep['step']]: Extract<NextStep, { step: Step }> } = {
  find_endpoint: { step: 'find_endpoint', named: true },
  describe_endpoint: { step: 'describe_endpoint', before: 'Check the path.' },
  list_categories: { step: 'list_categories' },
  list_queries: { step: 'list_queries' },
  save_query_again: { step: 'save_query_again', id: 7 },
  give_arguments: { step: 'give_arguments', names: ['company', 'since'] },
  fill_path: { step: 'fill_path', example: '/service/tickets/123', names: ['id'] },
  say_who: { step: 'say_who' },
  prepare_again: { step: 'prepare_again', before: 'It has expired.' },
  read_list: { step: 'read_list' },
  set_up: { step: 'set_up', before: 'Set it.' },
  test_settings: { step: 'test_settings', before: 'Check the keys.' },
};

/** Names of tools and of their arguments. */
const wordsOfTools = new RegExp(
  `\\b(?:${listTools(false)
    .flatMap(({ name, inputSchema }) => [name, ...Object.keys(inputSchema.properties ?? {})])
    .filter((name) => name.includes('_'))
    .join('|')})\\b|with arguments|ask the user`,
  'i',
);

describe('a reader gets no words of another', () => {
  const steps = [...Object.values(everyStep), ...Object.values(errorCodes).map(({ hint }) => hint)];

  test('after a failure', () => {
    for (const step of steps) {
      expect(renderNextStep(step, 'terminal')).not.toMatch(wordsOfTools);
      // Errors of the command line itself reach no model.
      if (step !== errorCodes.usage.hint) expect(renderNextStep(step, 'model')).not.toMatch(/--[a-z]|`doctor`/);
      expect(renderNextStep(step, 'model')).not.toMatch(/undefined|\[object/);
    }
    expect(renderNextStep(everyStep.give_arguments, 'terminal')).toBe('Give --arg company=… --arg since=….');
    expect(renderNextStep(everyStep.give_arguments, 'model')).toContain('arguments {"company":"…","since":"…"}');
  });

  test('after a call', () => {
    for (const advice of Object.values(everyAdvice).flat()) {
      expect(wordsForTerminal.advise([advice])).not.toMatch(wordsOfTools);
      const said = wordsForModel.advise([advice]);
      expect(said).not.toMatch(/--[a-z]/);
      expect(said.length).toBeGreaterThan(10);
    }
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Schema } from '../catalog/endpoint.ts';
import { GatewayError } from '../core/errors.ts';
import { createZone, dayMs, instantOfClock, toUtcSeconds, type Zone } from '../core/zone.ts';
import { type CheckOptions, checkConditions } from './check-conditions.ts';
import { compileConditions } from './evaluate-conditions.ts';
import { parseConditions } from './parse-conditions.ts';

const board: Schema = {
  name: 'BoardReference',
  members: [
    { name: 'id', type: 'integer' },
    { name: 'name', type: 'string' },
  ],
};

const task: Schema = {
  name: 'Task',
  members: [
    { name: 'id', type: 'integer' },
    { name: 'summary', type: 'string' },
    { name: 'doneFlag', type: 'boolean' },
    { name: 'board', type: 'object', schema: 'BoardReference' },
    { name: 'boards', type: 'array', schema: 'BoardReference' },
    { name: 'level', type: 'string', enum: ['Low', 'High'] },
    { name: 'started', type: 'string', format: 'date-time' },
    { name: 'due', type: 'string', format: 'date' },
    { name: '_info', type: 'object' },
  ],
};

const options: CheckOptions = {
  kind: 'conditions',
  schema: task,
  findSchema: (name) => (name === board.name ? board : undefined),
  zone: createZone('Europe/London'),
  nowMs: Date.parse('2025-07-10T23:30:00Z'),
};

const check = (text: string, more: Partial<CheckOptions> = {}) => checkConditions(text, { ...options, ...more });

function refusal(text: string, more: Partial<CheckOptions> = {}): GatewayError {
  try {
    check(text, more);
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
  throw new Error(`${text} was accepted`);
}

describe('checkConditions', () => {
  it('takes dates without a zone for the zone of the user', () => {
    expect(check('started >= [2025-07-01] and started < [2025-01-01T12:00:00]').text).toBe(
      'started >= [2025-06-30T23:00:00Z] and started < [2025-01-01T12:00:00]',
    );
  });

  it('knows today by the clock of the user', () => {
    expect(check('started >= today').text).toBe('started >= [2025-07-10T23:00:00Z]');
    expect(check('started >= today', { zone: createZone('America/New_York') }).text).toBe(
      'started >= [2025-07-10T04:00:00Z]',
    );
  });

  it('never shifts the days of date-only members', () => {
    expect(check('due >= [2025-07-01] and due < "2025-08-01"').text).toBe('due >= [2025-07-01] and due < [2025-08-01]');
    expect(check('due = today').text).toBe('(due >= [2025-07-11T00:00:00Z] and due < [2025-07-12T00:00:00Z])');
  });

  it('takes a day without a time for the whole day, where an instant is compared with its end', () => {
    const newYork = { zone: createZone('America/New_York') };
    expect(check('started <= [2025-10-31]', newYork).text).toBe('started < [2025-11-01T04:00:00Z]');
    expect(check('started = 10/31/2025', newYork).text).toBe(
      '(started >= [2025-10-31T04:00:00Z] and started < [2025-11-01T04:00:00Z])',
    );
    // Clocks are set back on 2 November: that day has 25 hours.
    expect(check('started != [2025-11-02]', newYork).text).toBe(
      '(started < [2025-11-02T04:00:00Z] or started >= [2025-11-03T05:00:00Z])',
    );
    expect(check('started between [2025-10-01] and [2025-10-31]', newYork).text).toBe(
      '(started >= [2025-10-01T04:00:00Z] and started <= [2025-11-01T03:59:59Z])',
    );
    expect(check('started <= [2025-10-31]', newYork).repairs).toEqual([
      '[2025-10-31] (America/New_York): started < [2025-11-01T04:00:00Z]',
    ]);
  });

  it('compares a day with a day, in every zone, however the literal is written', () => {
    const zones = fc
      .constantFrom('America/New_York', 'Europe/London', 'Africa/Cairo', 'Pacific/Kiritimati', 'UTC')
      .map(createZone);
    // 2026: clocks change on 8 and 29 March, 24 April, 25 and 29 October, and 1 November.
    const days = fc.integer({ min: Date.UTC(2026, 1, 25), max: Date.UTC(2026, 10, 5) }).map((ms) => ms - (ms % dayMs));
    const compare = {
      '<': (a: number, b: number) => a < b,
      '<=': (a: number, b: number) => a <= b,
      '>': (a: number, b: number) => a > b,
      '>=': (a: number, b: number) => a >= b,
      '=': (a: number, b: number) => a === b,
      '!=': (a: number, b: number) => a !== b,
    };
    const operators = fc.constantFrom(...(Object.keys(compare) as (keyof typeof compare)[]));
    const forms = fc.constantFrom(
      (day: number) => new Date(day).toISOString().slice(0, 10),
      (day: number) => toUtcSeconds(day),
      (day: number) => toUtcSeconds(day).slice(0, 19),
      (day: number) => `${toUtcSeconds(day).slice(0, 19)}-05:00`,
      (day: number, zone: Zone) => toUtcSeconds(instantOfClock(day, zone)),
    );
    fc.assert(
      fc.property(
        zones,
        days,
        fc.integer({ min: -3, max: 3 }),
        operators,
        forms,
        (zone, day, apart, operator, form) => {
          const due = day + apart * dayMs;
          const { expression } = check(`due ${operator} [${form(day, zone)}]`, { zone });
          if (expression === undefined) throw new Error('conditions have an expression');
          expect(compileConditions(expression)(() => toUtcSeconds(due))).toBe(compare[operator](due, day));
        },
      ),
    );
  });

  it('says each repair once, and leaves the rest as it was written', () => {
    const checked = check(`doneFlag="true"  AND  level = 'low'`);
    expect(checked.text).toBe('doneFlag=true  AND  level = "Low"');
    expect(checked.repairs).toEqual(['"true" is the boolean true', `'low' is spelt "Low"`]);
  });

  it('returns the tree of the text to send, repaired or not', () => {
    for (const text of ['id = 1 or doneFlag = true', 'doneFlag = "true" and due = today', 'id in 1, 2']) {
      const checked = check(text);
      expect(checked.expression).toEqual(parseConditions(checked.text));
    }
    expect(check('id desc', { kind: 'orderBy' })).not.toHaveProperty('expression');
  });

  it('passes what the catalog does not know, with a note', () => {
    expect(check('somethingNew = 5 and _info/whatever = "x"')).toMatchObject({
      text: 'somethingNew = 5 and _info/whatever = "x"',
      repairs: [],
      notes: ['somethingNew is not in the catalog of Task; sent as it is'],
    });
  });

  it('checks the language alone where the schema is unknown', () => {
    expect(check('anything == "x" and when > today', { schema: undefined }).text).toBe(
      'anything = "x" and when > [2025-07-10T23:00:00Z]',
    );
  });

  it('says what brackets and _ mean after like, and that a merged company keeps its status', () => {
    expect(check('summary like "[SLB-4711]%"').repairs).toEqual([expect.stringMatching(/^"\[SLB-4711\]%": .*\[\[\]/)]);
    expect(check('summary not like "SLB_4711%"').notes).toEqual([expect.stringContaining('_ is any one character')]);
    expect(check('summary like "[^_]LB%"').notes).toEqual([]);
    const company: Schema = { ...task, name: 'Company' };
    const merged = expect.stringContaining('deletedFlag=false');
    expect(check('status/name = "Active"', { schema: company }).notes).toContainEqual(merged);
    expect(check('status/name = "Active" and deletedFlag = false', { schema: company }).notes).not.toContainEqual(
      merged,
    );
    expect(check('status/name = "Active"').notes).not.toContainEqual(merged);
  });

  it('notes a like without a wildcard and a day that means its midnight', () => {
    expect(check('summary like "printer"').notes).toEqual([expect.stringContaining('equals "="')]);
    expect(check('started > [2025-07-01]').notes).toEqual([expect.stringContaining('midnight')]);
  });

  it('names every fault at once, the correction first, and the place of the first', () => {
    const { message, details } = refusal('id = 1 and bord/id = 2 and level like "Hi%"');
    expect(details).toMatchObject({
      field: 'conditions',
      position: 11,
      corrected: 'id = 1 and board/id = 2 and level = "High"',
    });
    expect(message).toMatch(
      /^Write `conditions=id = 1 and board\/id = 2 and level = "High"`\. .*"bord".*; .*fixed values.*\(at character 12: /,
    );
  });

  it('offers the values of an enum and the members of a reference', () => {
    expect(refusal('level = "Medium"').details).toMatchObject({ candidates: ['Low', 'High'] });
    expect(refusal('level = "Medium"').details).not.toHaveProperty('corrected');
    expect(refusal('board = 1').details).toMatchObject({ candidates: ['board/id', 'board/name'] });
  });

  it('says which part belongs into which parameter', () => {
    const { details, message } = refusal('boards/name = "A" and id > 1');
    expect(details).toMatchObject({ corrected: 'id > 1', move: { childConditions: 'boards/name = "A"' } });
    expect(message).toMatch(/^Write `conditions=id > 1` and `childConditions=boards\/name = "A"`\./);
  });

  it('refuses an order together with forward-only paging', () => {
    expect(check('id desc', { kind: 'orderBy' }).text).toBe('id desc');
    expect(refusal('id desc', { kind: 'orderBy', forwardOnly: true }).message).toMatch(/forward-only/);
  });

  it('keeps an error short however long the text is', () => {
    const { message, hint } = refusal(`bord/id = 1 and summary = "${'x'.repeat(50_000)}"`);
    expect(message.length + hint.length).toBeLessThan(1_200);
  });
});

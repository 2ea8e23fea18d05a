import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Expression, Value } from '../../src/conditions/expression.ts';
import { readConditions } from '../../src/conditions/parse-conditions.ts';
import { countTokens } from '../../src/gateway/calls/reply.ts';
import { tools } from '../../src/gateway/tools/index.ts';
import { getPrompt, listPrompts } from '../../src/server/prompts.ts';
import type { Connection } from '../support/connect.ts';
import { connectToKey, type Era, findCalls, getText } from './follow-prompt.ts';

const given: Readonly<Record<string, Record<string, string>>> = {
  board_health: { board: 'Service Desk' },
  technician_workload: { member: 'asmith', period: 'last month' },
  client_overview: { company: 'Acme' },
  unbilled_time: { until: '2026-03-01' },
  agreements_expiring: { days: '60' },
};

const eras: Era[] = ['legacy', 'modern'];

describe.each(eras)('a client of the %s protocol', (era) => {
  let app: Connection;
  beforeAll(async () => {
    app = await connectToKey(era);
  });
  afterAll(() => app[Symbol.asyncDispose]());

  test('lists five prompts with their arguments', async () => {
    const { prompts } = await app.client.listPrompts();
    expect(prompts.map(({ name }) => name)).toEqual(Object.keys(given));
    const listed = prompts.map(({ name, arguments: list = [] }) => [
      name,
      list.map((one) => `${one.name}${one.required ? '' : '?'}`).join(' '),
    ]);
    expect(Object.fromEntries(listed)).toEqual({
      board_health: 'board',
      technician_workload: 'member? period',
      client_overview: 'company',
      unbilled_time: 'until',
      agreements_expiring: 'days',
    });
    for (const prompt of prompts) {
      expect(prompt.title).toMatch(/^[A-Z]/);
      expect(prompt.description?.length).toBeGreaterThan(40);
      for (const one of prompt.arguments ?? []) expect(one.description?.length, one.name).toBeGreaterThan(10);
    }
  });

  test('gets each of them as one message', async () => {
    for (const [name, values] of Object.entries(given)) {
      const text = await getText(app, name, values);
      for (const value of Object.values(values)) expect(text).toContain(value);
    }
  });

  test.each([
    ['an unknown prompt', 'board_helth', {}, /no prompt "board_helth"\. Prompts: board_health, technician/],
    ['a missing argument', 'board_health', {}, /board_health needs the argument board\. Arguments: board: Name/],
    ['an empty argument', 'board_health', { board: ' ' }, /needs the argument board/],
    ['an unknown argument', 'unbilled_time', { until: 'today', x: '1' }, /no argument "x".*until: /],
    [
      'a name that is too long',
      'client_overview',
      { company: 'x'.repeat(101) },
      /company has 101 characters; at most 100/,
    ],
    ['a line break in a name', 'board_health', { board: 'a\nb' }, /board contains invisible characters/],
    ['an override of direction', 'board_health', { board: 'a\u202eb' }, /invisible characters/],
    ['an unknown period', 'technician_workload', { period: 'lately' }, /"lately" is not a period.*last_month/],
    ['an invalid day', 'unbilled_time', { until: '2026-02-30' }, /"2026-02-30" is not a day/],
    ['a bracket in a day', 'unbilled_time', { until: 'today] or id > [0' }, /is not a day/],
    ['days beyond all plans', 'agreements_expiring', { days: '731' }, /"731" is not a number of days from 1 to 730/],
    ['days in words', 'agreements_expiring', { days: 'sixty' }, /"sixty" is not a number/],
  ])('gets an error for %s', async (_name, name, values, message) => {
    await expect(app.client.getPrompt({ name, arguments: values })).rejects.toMatchObject({
      code: -32602,
      message: expect.stringMatching(message),
    });
  });
});

test('an underscore between words is a space, since some clients cut arguments at spaces', () => {
  expect(textOf('board_health', { board: 'Service_Desk' })).toBe(textOf('board_health', { board: 'Service Desk' }));
  expect(textOf('technician_workload', { period: 'last_30_days' })).toBe(
    textOf('technician_workload', { period: 'last 30 days' }),
  );
  expect(textOf('board_health', { board: '_' })).toContain('"_');
  // A member's identifier may have one of its own.
  expect(textOf('technician_workload', { member: 'j_doe', period: 'today' })).toContain('j_doe');
});

test('the calls of prompts are of tools there are, with arguments those take', () => {
  for (const [name, values] of Object.entries(given)) {
    const calls = findCalls(textOf(name, values));
    expect(calls.length).toBeGreaterThan(1);
    for (const call of calls) {
      const tool = tools.find((one) => one.name === call.tool);
      expect(tool?.input.safeParse(call.arguments).error, `${name}: ${call.tool}`).toBeUndefined();
    }
  }
});

test('a prompt takes 1,200 tokens at most', () => {
  for (const [name, values] of Object.entries(given)) {
    expect(countTokens(textOf(name, values)), name).toBeLessThanOrEqual(1_200);
  }
  expect(listPrompts()).toHaveLength(5);
});

describe('a name of whatever characters', () => {
  const nameOf = { board_health: 'board', technician_workload: 'member', client_overview: 'company' } as const;
  const awkward = fc.string({
    unit: fc.constantFrom('"', "'", '\\', '`', ')', '%', ' ', 'a', 'O', '×', 'ש'),
    maxLength: 20,
  });
  const names = fc
    .oneof(awkward, fc.string({ unit: 'grapheme', maxLength: 20 }))
    .map((text) => text.trim())
    // Between letters `_` is taken for a space.
    .filter(
      (text) => text !== '' && !text.includes('_') && !/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(text),
    );

  test.each(Object.entries(nameOf))('stays one value in the conditions of %s', (prompt, argument) => {
    const plain = conditionsOf(textOf(prompt, { ...given[prompt], [argument]: 'PLAIN' }));
    fc.assert(
      fc.property(names, (name) => {
        const written = conditionsOf(textOf(prompt, { ...given[prompt], [argument]: name }));
        expect(written.map((one) => stringsIn(readConditions(one).expression))).toEqual(
          plain.map((one) => stringsIn(readConditions(one).expression).map((text) => (text === 'PLAIN' ? name : text))),
        );
      }),
      { examples: [['" or id > 0 or name="'], ['O\'Brien & "Sons"'], ['```\n'.trim()], ['\\']] },
    );
  });
});

function textOf(name: string, values: Readonly<Record<string, string>>): string {
  const content = getPrompt(name, values).messages[0]?.content;
  return content?.type === 'text' ? content.text : '';
}

function conditionsOf(text: string): string[] {
  return findCalls(text).flatMap((call) => {
    const { conditions } = (call.arguments.params ?? {}) as { conditions?: string };
    return conditions === undefined ? [] : [conditions];
  });
}

/** The text of each comparison as it is, or the type of a value that is not text. */
function stringsIn(expression: Expression): string[] {
  const show = (value: Value) => (value.kind === 'string' ? value.value : value.kind);
  switch (expression.kind) {
    case 'and':
    case 'or':
      return [expression.kind, ...expression.operands.flatMap(stringsIn)];
    case 'not':
      return ['not', ...stringsIn(expression.operand)];
    case 'compare':
      return [expression.path.segments.join('/'), expression.operator, show(expression.value)];
    case 'like':
      return ['like', show(expression.pattern)];
    case 'contains':
      return ['contains', show(expression.text)];
    case 'in':
      return ['in', ...expression.values.map(show)];
  }
}

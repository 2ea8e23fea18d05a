import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { OpenedCatalog } from '../../src/catalog/catalog.ts';
import { checkConditions } from '../../src/conditions/check-conditions.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { manyRuns } from '../support/depth.ts';
import { sharedCatalog } from '../support/shared.ts';
import { type CorpusCase, optionsFor, readCorpus, type WrongCase } from './read-corpus.ts';

const valid = readCorpus<CorpusCase>('valid.jsonl');
const wrong = readCorpus<WrongCase>('wrong.jsonl');

let catalog: OpenedCatalog;

beforeAll(async () => {
  catalog = await sharedCatalog();
});

/** What the checker makes of a case, in the form the corpus has. */
function outcome({ text, ...rest }: CorpusCase): Pick<WrongCase, 'repaired' | 'refused' | 'move'> {
  try {
    const checked = checkConditions(text, optionsFor(rest, catalog));
    return checked.repairs.length === 0 ? {} : { repaired: checked.text };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const { corrected = null, move } = error.details;
    return move === undefined ? { refused: corrected } : { refused: corrected, move: move as Record<string, string> };
  }
}

describe('the corpus', () => {
  it('knows the schemas it names, and holds no case twice', () => {
    const cases = [...valid, ...wrong];
    expect(valid.length).toBeGreaterThanOrEqual(200);
    expect(wrong.length).toBeGreaterThanOrEqual(200);
    expect(cases.filter(({ schema }) => schema !== undefined && catalog.findSchema(schema) === undefined)).toEqual([]);
    expect(new Set(cases.map(({ schema, kind, text }) => `${schema} ${kind} ${text}`)).size).toBe(cases.length);
  });

  it('is accepted unchanged where it is right', () => {
    for (const example of valid) {
      const checked = checkConditions(example.text, optionsFor(example, catalog));
      expect({ text: checked.text, repairs: checked.repairs }).toEqual({ text: example.text, repairs: [] });
    }
  });

  it('is repaired, or refused with the right correction, where it is wrong', () => {
    for (const { schema, kind, text, ...expected } of wrong) {
      const example = schema === undefined ? { kind, text } : { schema, kind, text };
      expect({ text, ...outcome(example) }).toEqual({ text, ...expected });
    }
  });

  it('corrects at least nine of ten wrong texts to one that passes', () => {
    const corrected = wrong.filter(
      ({ repaired, refused, move }) => repaired !== undefined || typeof refused === 'string' || move !== undefined,
    );
    expect(corrected.length / wrong.length).toBeGreaterThan(0.9);
    for (const { repaired, refused, ...example } of wrong) {
      const text = repaired ?? refused ?? '';
      if (text !== '') expect(outcome({ ...example, text })).toEqual({});
    }
  });

  it('puts the corrected text first', () => {
    for (const { refused, ...example } of wrong) {
      if (typeof refused !== 'string' || refused === '') continue;
      const check = () => checkConditions(example.text, optionsFor(example, catalog));
      expect(check).toThrow(expect.objectContaining({ message: expect.stringMatching(/^Write `/) }));
    }
  });
});

describe('checkConditions on any text', () => {
  it('throws nothing but GatewayError, and passes what it corrected and repaired', () => {
    const word = fc.constantFrom(
      ...'status status/name statusName company_name _info_dateEntered owner closedFlag id dateEntered summary resources/identifier customFields/a severity and or not like contains in is null = == != < between today "x" \'y 5 "5" [2025-01-01] 2025-01-01 ( ) , true "true" New'.split(
        ' ',
      ),
    );
    const soup = fc.array(word, { maxLength: 9 }).map((words) => words.join(' '));
    const kind = fc.constantFrom('conditions', 'childConditions', 'customFieldConditions', 'orderBy', 'fields');
    fc.assert(
      fc.property(fc.oneof(soup, fc.string({ unit: 'binary', maxLength: 30 })), kind, (text, parameter) => {
        const result = outcome({ schema: 'Ticket', kind: parameter, text });
        const passes = result.repaired ?? result.refused ?? '';
        if (passes !== '') expect(outcome({ schema: 'Ticket', kind: parameter, text: passes })).toEqual({});
      }),
      { numRuns: manyRuns },
    );
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeInPieces, jsonLimits, readJsonInPieces } from './read-json.ts';

/** What a reader makes of a text: its value, or that it is no JSON. */
const outcome = async (read: () => unknown) => {
  try {
    return { value: await read() };
  } catch {
    return 'no JSON';
  }
};

/** JSON, as written in many ways, and the same with a character missing or added. */
const texts = fc
  .tuple(fc.json({ maxDepth: 4 }), fc.nat(), fc.constantFrom('', ',', ']', '[', '{', '}', '"', ' ', '1'), fc.nat(2))
  .map(([json, at, added, removed]) => {
    const place = at % (json.length + 1);
    return json.slice(0, place) + added + json.slice(place + removed);
  });

test('in pieces of any size a text is read as JSON.parse reads it', async () => {
  const property = fc.asyncProperty(fc.oneof(fc.json(), texts), fc.integer({ min: 1, max: 20 }), async (text, size) => {
    const read = outcome(async () => {
      const found = await readJsonInPieces(text, { pieceLength: size });
      return 'value' in found ? found.value : found;
    });
    expect(await read).toEqual(await outcome(() => JSON.parse(text)));
  });
  await fc.assert(property, {
    examples: [
      ['[1,2,]', 1],
      ['[1,2', 1],
      ['[1,,2]', 1],
      ['[1,2]]', 1],
      [' [ 1 , 2 ] ', 1],
      ['][0,null]', 1],
      ['[1,2]\u00a0', 1],
    ],
  });
});

const { members, elements, valuesOfElement, valuesOfOne, values } = jsonLimits;
const record = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`m${at}`, at]));
const list = (count: number, of: unknown = 0) => Array.from({ length: count }, () => of);

test.each<[string, unknown, RegExp | undefined]>([
  ['a record of as many members', record(members), undefined],
  ['a record of more members', { a: [record(members + 1)] }, /members/],
  ['a list of as many rows', list(elements), undefined],
  ['a list of more rows', list(elements + 1), /rows/],
  ['a row with an array that is too long', [{ a: list(valuesOfElement) }], /values/],
  ['a report', { row_values: list(1_000, list(250)) }, undefined],
  ['one record with too many values', { a: list(valuesOfOne) }, /values/],
  ['a list of too many values', list(values / 100, list(100)), /values/],
  ['names and texts full of what ends a value', list(200, { 'a,{[': '\\"]},[{'.repeat(2_000) }), undefined],
])('%s', async (_, value, refused) => {
  const read = await readJsonInPieces(JSON.stringify(value));
  if (refused === undefined) expect(read).toEqual({ value });
  else expect(read).toEqual({ refused: expect.stringMatching(refused) });
});

test('a body in pieces is decoded as a whole, also where a character is on both sides of a cut', async () => {
  const bytes = new TextEncoder().encode('\uFEFFZoë 😀 '.repeat(50));
  for (const size of [1, 2, 3, 5]) {
    expect(await decodeInPieces(bytes, 'utf-8', size)).toBe(new TextDecoder().decode(bytes));
    expect(await decodeInPieces(bytes, 'klingon', size)).toBeUndefined();
  }
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../json.ts';
import { applyPatch, mergeRows, PatchError, readPatch } from './patch.ts';

function patch(record: JsonObject, ...body: JsonValue[]): JsonObject | string {
  const operations = readPatch(body);
  if (operations instanceof PatchError) return operations.message;
  const result = applyPatch(record, operations);
  return result instanceof PatchError ? result.message : result;
}

const contact = {
  firstName: 'Ann',
  company: { id: 1 },
  communicationItems: [
    { id: 1, value: 'a' },
    { id: 2, value: 'b' },
  ],
};

describe('CW 5.2: operations', () => {
  test.each<[string, JsonValue, JsonObject]>([
    ['replace', { op: 'replace', path: 'firstName', value: 'Bo' }, { ...contact, firstName: 'Bo' }],
    ['a slash in front', { op: 'replace', path: '/firstName', value: 'Bo' }, { ...contact, firstName: 'Bo' }],
    ['add a member', { op: 'add', path: 'lastName', value: 'Ek' }, { ...contact, lastName: 'Ek' }],
    ['replace what was not there', { op: 'replace', path: 'lastName', value: 'Ek' }, { ...contact, lastName: 'Ek' }],
    [
      'a whole reference',
      { op: 'replace', path: 'company', value: { identifier: 'acme' } },
      { ...contact, company: { identifier: 'acme' } },
    ],
    ['a reference by its id', { op: 'replace', path: 'company/id', value: 9 }, { ...contact, company: { id: 9 } }],
    [
      'a reference by its identifier',
      { op: 'replace', path: '/company/identifier', value: 'acme' },
      { ...contact, company: { identifier: 'acme' } },
    ],
    [
      'an element by index',
      { op: 'replace', path: '/communicationItems/1/value', value: 'c' },
      {
        ...contact,
        communicationItems: [
          { id: 1, value: 'a' },
          { id: 2, value: 'c' },
        ],
      },
    ],
    [
      'remove an element',
      { op: 'remove', path: '/communicationItems/0' },
      { ...contact, communicationItems: [{ id: 2, value: 'b' }] },
    ],
    [
      'add an element behind the last',
      { op: 'add', path: '/communicationItems/2', value: { id: 3 } },
      { ...contact, communicationItems: [...contact.communicationItems, { id: 3 }] },
    ],
    [
      'add an element in between',
      { op: 'add', path: '/communicationItems/1', value: { id: 3 } },
      { ...contact, communicationItems: [{ id: 1, value: 'a' }, { id: 3 }, { id: 2, value: 'b' }] },
    ],
  ])('%s', (_, operation, expected) => {
    expect(patch(contact, operation)).toEqual(expected);
  });

  test.each(['remove', 'replace'])('%s without a value clears a member', (op) => {
    expect(patch(contact, { op, path: 'firstName', value: null })).not.toHaveProperty('firstName');
  });

  test('the first element of an array that was not there', () => {
    expect(patch({}, { op: 'add', path: '/communicationItems/0', value: { id: 1 } })).toEqual({
      communicationItems: [{ id: 1 }],
    });
  });

  test.each<[string, JsonValue]>([
    ['an index past the end', { op: 'replace', path: '/communicationItems/2', value: 1 }],
    ['a negative index', { op: 'remove', path: '/communicationItems/-1' }],
    ['a member of a text', { op: 'replace', path: '/firstName/x', value: 1 }],
    ['no path', { op: 'replace', value: 1 }],
    ['an empty path', { op: 'replace', path: '/', value: 1 }],
    ['another op', { op: 'test', path: 'firstName', value: 'Ann' }],
    ['no object', 'firstName'],
  ])('%s is refused', (_, operation) => {
    expect(typeof patch(contact, operation)).toBe('string');
  });

  test('a bare object is refused', () => {
    expect(readPatch({ op: 'replace', path: 'firstName', value: 'Bo' })).toBeInstanceOf(PatchError);
  });

  test('the record itself is never touched', () => {
    const before = structuredClone(contact);
    patch(contact, { op: 'remove', path: '/communicationItems/0' }, { op: 'replace', path: 'company/id', value: 5 });
    expect(contact).toEqual(before);
  });
});

describe('CW 5.2: custom fields', () => {
  const rows = [
    { id: 1, caption: 'a', value: 'x' },
    { id: 2, caption: 'b', value: null },
  ];

  test('rows are merged by id, and those that are not listed keep their value', () => {
    const merged = patch(
      { customFields: rows },
      {
        op: 'replace',
        path: 'customFields',
        value: [
          { id: 2, value: 'y' },
          { id: 7, value: 'z' },
        ],
      },
    );
    expect(merged).toEqual({ customFields: [rows[0], { id: 2, caption: 'b', value: 'y' }] });
  });

  test('an empty array clears nothing', () => {
    expect(patch({ customFields: rows }, { op: 'replace', path: '/customFields', value: [] })).toEqual({
      customFields: rows,
    });
  });

  test('merging what is there changes nothing', () => {
    const row = fc.record({ id: fc.nat(20), value: fc.oneof(fc.string(), fc.constant(null)) });
    fc.assert(
      fc.property(fc.uniqueArray(row, { selector: ({ id }) => id }), (some) => {
        expect(mergeRows(some, some)).toEqual(some);
        expect(mergeRows(some, [])).toEqual(some);
      }),
    );
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareMembers } from './differences.ts';
import { applyOperations, type Operation } from './operations.ts';

const contact = {
  firstName: 'Ann',
  site: { id: 1, name: 'Main' },
  communicationItems: [
    { id: 7, value: 'ann@acme.example' },
    { id: 8, value: '555-0100' },
  ],
};
const preview = (operations: Operation[]) => {
  const { record, touched, warnings } = applyOperations(contact, operations);
  return { ...compareMembers(contact, record, touched), warnings };
};

test.each<[string, Operation[], unknown]>([
  [
    'an element is changed in place',
    [{ op: 'replace', path: '/communicationItems/1/value', value: '555-0199' }],
    [{ member: 'communicationItems[id 8]/value', before: '555-0100', after: '555-0199' }],
  ],
  [
    'an element goes',
    [{ op: 'remove', path: '/communicationItems/0' }],
    [{ member: 'communicationItems[id 7]', before: { id: 7, value: 'ann@acme.example' } }],
  ],
  [
    'an element without an id comes',
    [{ op: 'add', path: '/communicationItems/2', value: { value: 'new' } }],
    [{ member: 'communicationItems[new 2]', after: { value: 'new' } }],
  ],
  [
    'a reference is replaced whole',
    [{ op: 'replace', path: 'site', value: { id: 2 } }],
    [{ member: 'site', before: { id: 1, name: 'Main' }, after: { id: 2 } }],
  ],
  [
    'the last of several operations counts',
    [
      { op: 'replace', path: 'firstName', value: 'Bea' },
      { op: 'replace', path: '/firstName', value: 'Ann' },
    ],
    [],
  ],
])('%s', (_, operations, expected) => {
  expect(preview(operations)).toMatchObject({ differences: expected, warnings: [] });
});

test('a new element is shown whole, however it is named', () => {
  const line = { name: 'Setup', price: 500 };
  expect(compareMembers({ lines: [] }, { lines: [line] }, ['lines']).differences).toEqual([
    { member: 'lines[new 0]', after: line },
  ]);
});

test('long arrays are counted, not listed', () => {
  const { differences } = compareMembers({}, { lines: Array.from({ length: 30 }, (_, id) => ({ id })) }, ['lines']);
  expect(differences).toHaveLength(11);
  expect(differences.at(-1)).toEqual({ member: 'lines', after: '20 more elements differ' });
});

const paths = fc.array(
  fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', '0', '-', 'site', 'communicationItems')),
  {
    minLength: 1,
    maxLength: 4,
  },
);

test('no path changes the record that was read, or anything outside the copy', () => {
  const operation = fc.record({
    op: fc.constantFrom('add' as const, 'replace' as const, 'remove' as const),
    path: paths.map((segments) => `/${segments.join('/')}`),
    value: fc.jsonValue(),
  });
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 5 }), (operations) => {
      const before = structuredClone(contact);
      preview(operations);
      expect(contact).toEqual(before);
      expect(Object.keys(Object.prototype)).toEqual([]);
    }),
  );
});

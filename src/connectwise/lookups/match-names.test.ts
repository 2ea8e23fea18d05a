import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { findByName, findByNumber, foldLabel, type NamedRecord, nearestRecords } from './match-names.ts';

function record(id: number, name: string, more: Partial<NamedRecord> = {}): NamedRecord {
  const labels = [name, more.identifier].filter((label) => label !== undefined);
  return { id, name, labels, gone: false, ...more };
}

const records = [
  record(1, 'Open'),
  record(2, 'Open - Urgent'),
  record(3, 'Waiting Customer', { identifier: 'WC' }),
  record(4, 'Waiting Vendor', { identifier: 'WV' }),
  record(5, 'Reopened', { gone: true }),
];

describe('findByName', () => {
  test.each([
    ['open', 1, 'exact'],
    ['  OPEN ', 1, 'exact'],
    ['wv', 4, 'exact'],
    ['open -', 2, 'prefix'],
    ['waiting c', 3, 'prefix'],
    ['urgent', 2, 'contains'],
    ['vendor', 4, 'contains'],
  ])('takes "%s" as %i by %s', (text, id, matchedBy) => {
    expect(findByName(text, records)).toMatchObject({ kind: 'one', record: { id }, matchedBy });
  });

  test.each([
    ['waiting', [3, 4]],
    ['op', [1, 2]],
    ['w', undefined],
    ['pe', undefined],
    ['reopened', undefined],
    ['new', undefined],
  ])('takes "%s" as none of %o', (text, ids) => {
    const finding = findByName(text, records);
    expect(finding.kind === 'several' ? finding.records.map(({ id }) => id) : undefined).toEqual(ids);
    if (ids === undefined) expect(finding.kind).toBe('none');
  });

  it('says which inactive record has the name', () => {
    expect(findByName('reopened', records)).toMatchObject({ kind: 'none', gone: { id: 5 } });
  });

  const name = fc.string({ unit: fc.constantFrom(...'abAB -1'), maxLength: 6 });
  const some = fc.array(fc.tuple(name, fc.boolean()), { maxLength: 8 });

  it('finds nothing whose name lacks the text, nothing inactive, and the same in any order', () => {
    fc.assert(
      fc.property(some, name, (rows, text) => {
        const all = rows.map(([label, gone], index) => record(index + 1, label, { gone }));
        const finding = findByName(text, all);
        const backwards = findByName(text, all.toReversed());
        expect(backwards.kind).toBe(finding.kind);
        if (finding.kind !== 'one') return;
        expect(foldLabel(finding.record.name)).toContain(foldLabel(text));
        expect(finding.record.gone).toBe(false);
        expect(backwards).toEqual(finding);
      }),
    );
  });
});

describe('findByNumber', () => {
  const numbered = [
    record(7, 'Seven'),
    record(8, '9'),
    record(9, 'Nine'),
    record(10, '77'),
    record(11, 'Old', { gone: true }),
  ];

  test.each([
    ['7', 7, 'id'],
    ['77', 10, 'exact'],
    ['007', 7, 'id'],
  ])('takes "%s" as %i by %s', (text, id, matchedBy) => {
    expect(findByNumber(text, numbered)).toMatchObject({ kind: 'one', record: { id }, matchedBy });
  });

  it('does not choose between an id and a name, and knows what is inactive', () => {
    expect(findByNumber('9', numbered).kind).toBe('several');
    expect(findByNumber('11', numbered)).toMatchObject({ kind: 'none', gone: { id: 11 } });
    expect(findByNumber('12', numbered)).toEqual({ kind: 'none', nearest: [] });
  });
});

describe('nearestRecords', () => {
  it('offers those alike by name or identifier, each once, and none that is inactive', () => {
    expect(nearestRecords('reopned', records)).toEqual([records[0]]);
    expect(nearestRecords('WX', records).map(({ id }) => id)).toEqual([3, 4]);
  });

  it('offers all of a few where none is alike, and none of many', () => {
    expect(nearestRecords('zzzz', records)).toHaveLength(4);
    expect(nearestRecords('zzzz', records, 3)).toEqual([]);
  });
});

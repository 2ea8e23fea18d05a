import { describe, expect, it } from 'vitest';
import { createSplitter } from './compounds.ts';
import { stem } from './stem.ts';

const split = createSplitter(
  ['TimeEntry', 'PurchaseOrderStatus', 'OnHandSerialNumber', 'Workflow', 'BoardSubType'],
  stem,
);

describe('createSplitter', () => {
  it.each([
    ['timeentries', ['time', 'entries']],
    ['purchaseorderstatuses', ['purchase', 'order', 'statuses']],
    ['workflows', ['workflows']],
    ['subtypes', ['sub', 'types']],
    ['configurations', ['configurations']],
  ])('splits %s by the words of other names', (word, parts) => {
    expect(split(word)).toEqual(parts);
  });
});

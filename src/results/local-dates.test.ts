import { expect, test } from 'vitest';
import { createZone } from '../core/zone.ts';
import { showLocalDates } from './local-dates.ts';

const zone = createZone('America/New_York');
const agreement = {
  name: 'Agreement',
  members: [
    { name: 'endDate', type: 'string', format: 'date-time' },
    { name: 'company', type: 'object', schema: 'CompanyReference' },
  ],
} as const;
const options = { schema: agreement, findSchema: () => undefined, zone };

test('a calendar day stays that day west of Greenwich', () => {
  expect(showLocalDates({ endDate: '2026-03-01T00:00:00Z' }, options)).toEqual({ endDate: '2026-03-01' });
});

test('an instant is local time with the zone, also inside _info and lists', () => {
  const record = { _info: { lastUpdated: '2026-03-01T14:30:00Z' }, times: ['2026-07-01T14:30:00Z'] };
  expect(showLocalDates(record, options)).toEqual({
    _info: { lastUpdated: '2026-03-01 09:30 EST' },
    times: ['2026-07-01 10:30 EDT'],
  });
});

test('text that only holds a date, numbers and nulls stay as they are', () => {
  const record = { text: 'due 2026-03-01T00:00:00Z', id: 5, none: null };
  expect(showLocalDates(record, options)).toEqual(record);
});

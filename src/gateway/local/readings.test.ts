import { expect, test } from 'vitest';
import { createReadings, createReadingsEndpoints } from './readings.ts';

/** A reading that ends when it is cancelled. */
function begin(table?: string) {
  const { promise, resolve } = Promise.withResolvers<void>();
  let rows = 3;
  return {
    grow: () => {
      rows += 1;
    },
    finish: resolve,
    reading: {
      request: 'GET /service/tickets',
      reached: () => ({ rows, ...(table !== undefined && { table }) }),
      work: { value: promise, cancel: resolve },
    },
  };
}

test('a reading is listed until it ends, and ends when it is told to', async () => {
  const readings = createReadings();
  const [named, unnamed] = [begin('tickets_1'), begin()];
  readings.add(named.reading);
  readings.add(unnamed.reading);
  named.grow();
  expect(readings.list()).toEqual([
    { id: 'tickets_1', request: 'GET /service/tickets', rows: 4 },
    { id: 'reading_2', request: 'GET /service/tickets', rows: 3 },
  ]);
  expect(await readings.end('tickets_1')).toEqual({ ended: 'tickets_1', rows: 4 });
  expect(readings.list()).toHaveLength(1);
  await expect(readings.end('tickets_1')).rejects.toMatchObject({
    code: 'invalid_argument',
    details: { candidates: ['reading_2'] },
  });
  await readings.endAll();
  expect(readings.list()).toEqual([]);
});

test('a reading that fails is forgotten too', async () => {
  const readings = createReadings();
  readings.add({ ...begin().reading, work: { value: Promise.reject(new Error('broke')), cancel: () => undefined } });
  await new Promise((resolve) => setImmediate(resolve));
  expect(readings.list()).toEqual([]);
});

test('its endpoints list and end', async () => {
  const readings = createReadings();
  readings.add(begin('tickets_1').reading);
  const [list, end] = createReadingsEndpoints(readings);
  const request = { pathValues: { id: 'tickets_1' }, query: {}, body: undefined, signal: AbortSignal.timeout(1_000) };
  expect(await list?.run(request)).toMatchObject({ readings: [{ id: 'tickets_1' }] });
  expect(await end?.run(request)).toEqual({ ended: 'tickets_1', rows: 3 });
});

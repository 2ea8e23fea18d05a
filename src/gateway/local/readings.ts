import { GatewayError } from '../../core/errors.ts';
import type { RunningWork } from '../../core/long-call.ts';
import type { LocalEndpoint } from './local-endpoints.ts';

/** A list that is read on after its call was answered. */
export interface BackgroundReading {
  /** The request, as a person would write it. */
  request: string;
  /** What its rows are kept in, and how many there are so far. */
  reached(): { rows: number; table?: string };
  work: Pick<RunningWork<unknown>, 'value' | 'cancel'>;
}

/** The lists that are read in the background: named, so that a person can end one. */
export interface Readings {
  add(reading: BackgroundReading): void;
  list(): { id: string; request: string; rows: number }[];
  /**
   * Ends a reading; its rows stay.
   * @param id its table, or what `list` calls it
   * @throws GatewayError `invalid_argument` for one that is not running
   */
  end(id: string): Promise<{ ended: string; rows: number }>;
  endAll(): Promise<void>;
}

export function createReadings(): Readings {
  const running = new Map<string, BackgroundReading>();
  let made = 0;
  const idOf = (number: string, { reached }: BackgroundReading) => reached().table ?? number;
  /** Waits for the end, so that the table says how much of the list it holds. */
  const stop = async ({ work }: BackgroundReading) => {
    work.cancel();
    await work.value.catch(() => undefined);
  };
  const list = () =>
    [...running].map(([number, one]) => ({
      id: idOf(number, one),
      request: one.request,
      rows: one.reached().rows,
    }));
  return {
    list,
    add(reading) {
      made += 1;
      const number = `reading_${made}`;
      running.set(number, reading);
      const forget = () => running.delete(number);
      reading.work.value.then(forget, forget);
    },
    async end(id) {
      const found = [...running].find(([number, one]) => idOf(number, one) === id || number === id);
      if (found === undefined) {
        const message = `${JSON.stringify(id.slice(0, 60))} is not being read in the background.`;
        throw new GatewayError('invalid_argument', message, {
          details: { field: 'path', candidates: list().map((one) => one.id) },
          hint: 'GET /gateway/readings lists what is.',
        });
      }
      await stop(found[1]);
      return { ended: id, rows: found[1].reached().rows };
    },
    async endAll() {
      await Promise.all([...running.values()].map(stop));
    },
  };
}

/** What is read in the background, and a way to end it. */
export function createReadingsEndpoints(readings: Pick<Readings, 'list' | 'end'>): LocalEndpoint[] {
  const common = { module: 'gateway', category: 'Gateway', status: 200 };
  const id = { name: 'id', location: 'path', required: true, type: 'string' } as const;
  return [
    {
      definition: {
        ...{ ...common, method: 'GET', path: '/gateway/readings', parameters: [] },
        summary: 'Which lists are still being read in the background',
      },
      run: async () => ({ readings: readings.list(), next: 'DELETE /gateway/readings/{id} ends one.' }),
    },
    {
      definition: {
        ...{ ...common, method: 'DELETE', path: '/gateway/readings/{id}', parameters: [id] },
        summary: 'End the background reading of a list: its rows so far stay',
      },
      run: async ({ pathValues }) => readings.end(pathValues.id ?? ''),
    },
  ];
}

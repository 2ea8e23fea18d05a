import { defined } from '../../src/core/json.ts';
import { dayMs, hourMs } from '../../src/core/zone.ts';
import { toStamp } from '../context.ts';
import { type JsonObject, type JsonValue, referenceId } from '../json.ts';
import type { Store, StoredRecord } from '../store.ts';
import { customFieldRows } from './data.ts';
import type { Random } from './random.ts';

export interface AddOptions {
  parents?: readonly number[];
  id?: number;
  enteredAt?: Date;
  updatedAt?: Date;
  enteredBy?: string;
}

/** A record that is being seeded: nothing else refers to it yet, so its members may be set one by one. */
export interface SeededRecord extends StoredRecord {
  value: JsonObject;
}

/** The store while it is seeded. */
interface SeedingStore extends Store {
  records(key: string, parents?: readonly number[]): Iterable<SeededRecord>;
  find(key: string, id: number, parents?: readonly number[]): SeededRecord | undefined;
}

/** What every part of the seed works with: the store, a fixed time, a random generator and the size of the provider. */
export interface Seeder {
  store: SeedingStore;
  random: Random;
  now: Date;
  size: Size;
  /** Adds a record; members that are undefined are left out. */
  add(key: string, value: Readonly<Record<string, JsonValue | undefined>>, options?: AddOptions): SeededRecord;
  /** A random record of a company, from a collection that is complete by now; undefined if the company has none. */
  pickOwned(key: string, companyId: number): SeededRecord | undefined;
  /** A moment within working hours, some days before now (after it, for a negative number), never later than now for the past. */
  workingTime(daysAgo: number): Date;
  /** A moment within the working hours of a day to come; today's, gone or not, for 0. */
  workingTimeAhead(days: number): Date;
  /** Some hours after a moment, or on the way there where that would be later than now. */
  hoursAfter(time: Date, hours: number): Date;
  /** Midnight UTC some days before now: how calendar days are kept (CW 6.11). */
  day(daysAgo: number): string;
}

export function createSeeder(store: SeedingStore, random: Random, now: Date, size = sizeAt(1)): Seeder {
  const midnight = Math.floor(now.getTime() / dayMs) * dayMs;
  const owned = new Map<string, Map<number | undefined, SeededRecord[]>>();
  // 13:00 to 22:59 UTC is the working day of the provider's own zone, New York.
  const workingTimeAhead = (days: number) =>
    new Date(midnight + days * dayMs + random.between(13 * 60, 23 * 60 - 1) * 60_000);
  return {
    store,
    random,
    now,
    size,
    workingTimeAhead,
    add(key, value, { parents = [], id = store.nextId(key), enteredAt, updatedAt, enteredBy = 'jmarsh' } = {}) {
      const entered = Math.min((enteredAt ?? new Date(midnight - 400 * dayMs)).getTime(), now.getTime());
      const updated = Math.min(
        Math.max((updatedAt ?? enteredAt ?? new Date(entered)).getTime(), entered),
        now.getTime(),
      );
      const dateEntered = toStamp(new Date(entered));
      const lastUpdated = updated === entered ? dateEntered : toStamp(new Date(updated));
      const record: SeededRecord = {
        id,
        parents,
        value: defined<JsonObject>({ id, ...value }),
        stamps: { lastUpdated, updatedBy: enteredBy, dateEntered, enteredBy },
      };
      store.insert(key, record);
      return record;
    },
    pickOwned(key, companyId) {
      const byCompany = owned.get(key) ?? Map.groupBy(store.records(key), ({ value }) => referenceId(value.company));
      owned.set(key, byCompany);
      const records = byCompany.get(companyId);
      return records === undefined ? undefined : random.pick(records);
    },
    workingTime(daysAgo) {
      const time = workingTimeAhead(-Math.floor(daysAgo));
      return daysAgo >= 0 ? new Date(Math.min(time.getTime(), now.getTime() - 60_000)) : time;
    },
    hoursAfter(time, hours) {
      const later = addHours(time, hours);
      if (later <= now) return later;
      return new Date(time.getTime() + Math.floor((now.getTime() - time.getTime()) * random.next()));
    },
    day: (daysAgo) => toStamp(new Date(midnight - Math.floor(daysAgo) * dayMs)),
  };
}

export function addHours(time: Date, hours: number): Date {
  return new Date(time.getTime() + hours * hourMs);
}

/** A stored reference. */
export function to(id: number): { id: number } {
  return { id };
}

/** How many records of each kind. Kinds that are not listed follow from these. */
interface Size {
  scale: number;
  companies: number;
  contacts: number;
  /** Who may own tickets, the service manager among them. */
  technicians: number;
  configurations: number;
  tickets: number;
  timeEntries: number;
  products: number;
  projects: number;
  opportunities: number;
  activities: number;
}

/**
 * A scale of 1 is the provider of the demo, 100 one of 60,000 tickets a year. Work grows with the scale; who does it
 * and whom it is done for grow slower: 100 times the tickets are 800 companies and 120 technicians.
 */
export function sizeAt(scale: number): Size {
  const grown = (count: number, power: number) => Math.round(count * scale ** power);
  return {
    scale,
    companies: grown(40, 0.65),
    contacts: grown(150, 0.8),
    technicians: grown(6, 0.65),
    configurations: grown(300, 0.8),
    tickets: 600 * scale,
    timeEntries: 2000 * scale,
    products: grown(40, 0.8),
    projects: grown(10, 0.65),
    opportunities: grown(35, 0.65),
    activities: grown(60, 0.65),
  };
}

/** How many of what grows less than the work does, where the smallest provider has `count`. */
export function several({ scale }: Size, count: number): number {
  return Math.round(count * Math.sqrt(scale));
}

/** The rows of a collection with some values set, by caption. */
export function customFields(key: string, values: Readonly<Record<string, string | boolean | null>>): JsonObject[] {
  return (customFieldRows.get(key) ?? []).map((row) => ({ ...row, value: values[String(row.caption)] ?? null }));
}

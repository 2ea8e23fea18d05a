import { type JsonObject, type JsonValue, referenceId } from '../json.ts';
import type { Store, StoredRecord } from '../store.ts';
import { toStamp } from '../world.ts';
import type { Random } from './random.ts';
import { type Size, sizeAt } from './size.ts';

const dayMs = 86_400_000;

export interface PlantOptions {
  parents?: readonly number[];
  id?: number;
  enteredAt?: Date;
  updatedAt?: Date;
  enteredBy?: string;
}

/** A record while the provider is made: nobody else has it yet, so its members may be set one by one. */
export interface PlantedRecord extends StoredRecord {
  value: JsonObject;
}

/** The store as the seed fills it. */
interface Bed extends Store {
  records(key: string, parents?: readonly number[]): Iterable<PlantedRecord>;
  find(key: string, id: number, parents?: readonly number[]): PlantedRecord | undefined;
}

/** Where the seed puts its records: the store, a clock that stands still, chance, and how much is wanted. */
export interface Garden {
  store: Bed;
  random: Random;
  now: Date;
  size: Size;
  /** Adds a record; members that are undefined are left out. */
  plant(key: string, value: Readonly<Record<string, JsonValue | undefined>>, options?: PlantOptions): PlantedRecord;
  /** One of a company's records, of a collection that is planted by now; undefined where it has none. */
  pickOwned(key: string, companyId: number): PlantedRecord | undefined;
  /** A moment within working hours, some days before now (after it, for a negative number), never later than now for the past. */
  workingTime(daysAgo: number): Date;
  /** A moment within the working hours of a day to come; today's, gone or not, for 0. */
  workingTimeAhead(days: number): Date;
  /** Some hours after a moment, or on the way there where that would be later than now. */
  hoursAfter(time: Date, hours: number): Date;
  /** Midnight UTC some days before now: how calendar days are kept (CW 6.11). */
  day(daysAgo: number): string;
}

export function createGarden(store: Bed, random: Random, now: Date, size = sizeAt(1)): Garden {
  const midnight = Math.floor(now.getTime() / dayMs) * dayMs;
  const owned = new Map<string, Map<number | undefined, PlantedRecord[]>>();
  // 13:00 to 22:59 UTC is the working day of the provider's own zone, New York.
  const workingTimeAhead = (days: number) =>
    new Date(midnight + days * dayMs + random.between(13 * 60, 23 * 60 - 1) * 60_000);
  return {
    store,
    random,
    now,
    size,
    workingTimeAhead,
    plant(key, value, { parents = [], id = store.nextId(key), enteredAt, updatedAt, enteredBy = 'jmarsh' } = {}) {
      const entered = Math.min((enteredAt ?? new Date(midnight - 400 * dayMs)).getTime(), now.getTime());
      const updated = Math.min(
        Math.max((updatedAt ?? enteredAt ?? new Date(entered)).getTime(), entered),
        now.getTime(),
      );
      const dateEntered = toStamp(new Date(entered));
      const lastUpdated = toStamp(new Date(updated));
      const record: PlantedRecord = {
        id,
        parents,
        value: present(id, value),
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

/** A plain loop, as half a million records are made with it. */
function present(id: number, members: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  const value: JsonObject = { id };
  for (const [name, member] of Object.entries(members)) if (member !== undefined) value[name] = member;
  return value;
}

export function addHours(time: Date, hours: number): Date {
  return new Date(time.getTime() + hours * 3_600_000);
}

/** A stored reference. */
export function to(id: number): { id: number } {
  return { id };
}

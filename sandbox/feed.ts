import type { JsonObject } from './json.ts';
import { newStamps, type World } from './world.ts';

/** More entries than anybody reads; the oldest go, so that a sandbox that runs for weeks does not grow. */
const mostEntries = 20_000;

/** Adds an entry to a collection that only ever grows at its end. */
export function appendEntry(world: World, key: string, members: JsonObject): void {
  const id = world.store.nextId(key);
  world.store.insert(key, { id, parents: [], value: { ...members, id }, stamps: newStamps(world) });
  const outdated = world.store.find(key, id - mostEntries);
  if (outdated !== undefined) world.store.remove(key, outdated);
}

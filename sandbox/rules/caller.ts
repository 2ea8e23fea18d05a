import type { StoredRecord } from '../store.ts';
import type { World } from '../world.ts';

/** The API member whose keys the caller uses: much defaults from its set-up (CW 5.4, 5.6). */
export function findCaller(world: World): StoredRecord | undefined {
  for (const member of world.store.records('/system/members')) {
    if (member.value.identifier === world.caller) return member;
  }
  return undefined;
}

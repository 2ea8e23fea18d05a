import { emptyAnswer } from '../answer.ts';
import type { Call } from '../call.ts';
import { changeLogKey } from '../change-log.ts';

/** Whoever has read the feed of changes empties it (CW 5.5.10). */
export function clearChangeLog({ world }: Call): Response {
  for (const entry of [...world.store.records(changeLogKey)]) world.store.remove(changeLogKey, entry);
  return emptyAnswer(204);
}

import { isRecord } from '../../core/json.ts';
import { oneLine } from '../wording.ts';

/** Somebody who saved a record this recently may still have it open. */
const recentMs = 15 * 60_000;

/** A sentence for a record that somebody changed just now (CW 5.14); `ownStamp` is what this process's own write left. */
export function describeRecentChange(
  record: Readonly<Record<string, unknown>>,
  nowMs: number,
  ownStamp?: string,
): string | undefined {
  const { lastUpdated, updatedBy } = stampsOf(record);
  const ageMs = nowMs - Date.parse(lastUpdated ?? '');
  if (lastUpdated === ownStamp || !(ageMs >= 0 && ageMs <= recentMs)) return undefined;
  const minutes = Math.round(ageMs / 60_000);
  const age = minutes < 1 ? 'less than a minute ago' : `${minutes} ${minutes === 1 ? 'minute' : 'minutes'} ago`;
  return `The record was changed ${age} by ${oneLine(updatedBy ?? 'someone', 40)}.`;
}

/** When a record was last written, and by whom. */
export function stampsOf(record: unknown): { lastUpdated?: string; updatedBy?: string } {
  const info = isRecord(record) && isRecord(record._info) ? record._info : {};
  return {
    ...(typeof info.lastUpdated === 'string' ? { lastUpdated: info.lastUpdated } : {}),
    ...(typeof info.updatedBy === 'string' ? { updatedBy: info.updatedBy } : {}),
  };
}

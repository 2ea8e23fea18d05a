import { instantOf } from './iso-time.ts';
import { clockOf, type Zone } from './zone.ts';

/** `2025-01-31T14:00:00Z` as people there read it, `2025-01-31 09:00 EST`; what is no date-time comes back unchanged. */
export function localTime(iso: string, zone: Zone): string {
  const instant = instantOf(iso);
  if (instant === undefined) return iso;
  const clock = new Date(clockOf(instant, zone)).toISOString();
  return `${clock.slice(0, 10)} ${clock.slice(11, 16)} ${zone.abbreviation(instant)}`;
}

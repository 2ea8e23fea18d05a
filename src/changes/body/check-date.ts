import type { DateKind } from '../../catalog/index.ts';
import { localTime } from '../../core/iso-time.ts';
import { type BodyContext, shown } from './findings.ts';
import { findWrittenDate, type WrittenDate } from './written-date.ts';

interface DatePlace {
  path: string;
  kind: DateKind;
  /** Whether the definition itself says that it is a date. */
  certain: boolean;
}

/** Whole seconds of UTC for instants (CW 5.6.2), the midnight of the day for calendar days (CW 5.7.4). */
export function checkDate({ findings, zone, nowMs }: BodyContext, value: unknown, place: DatePlace): unknown {
  const { path, kind } = place;
  const date = typeof value === 'string' ? findWrittenDate(value, { kind, zone, nowMs }) : undefined;
  if (date === undefined || 'days' in date) {
    const fault = { path, ...describeFault(shown(path, value), kind, date?.days) };
    if (place.certain) findings.faults.push(fault);
    else if (value !== '') findings.warnings.push(`${path}: ${fault.problem}; ConnectWise may refuse it.`);
    return value;
  }
  if (date.sent !== value)
    findings.repairs.push(`${path}: ${shown(path, value)} is sent as ${date.sent}${explain(date)}`);
  return date.sent;

  function explain({ sent, byClock, peculiarity }: WrittenDate): string {
    if (kind === 'date-only') return ', a calendar day';
    const local = byClock ? ` (${localTime(sent, zone)})` : '';
    return peculiarity === undefined ? local : `${local}: ${peculiarity}`;
  }
}

function describeFault(given: string, kind: DateKind, days: readonly string[] = []) {
  if (days.length > 0) return { problem: `${given} is one of two days`, allowed: days.join(' or ') };
  const allowed =
    kind === 'date-only'
      ? '2025-01-31, today, tomorrow or in 3 days'
      : '2025-01-31T14:00:00Z, 2025-01-31 14:00 or tomorrow 14:00';
  return { problem: `${given} is no date`, allowed };
}

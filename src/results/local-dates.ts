import { dateKindOf, type Schema } from '../catalog/index.ts';
import { localTime } from '../core/iso-time.ts';
import { isRecord } from '../core/json.ts';
import type { Zone } from '../core/zone.ts';

// ConnectWise answers every date as an instant in UTC (CW 5.6.2, 6.11).
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;

export interface DateOptions {
  /** Schema of the records; without it every date is shown as an instant. */
  schema: Schema | undefined;
  findSchema(name: string): Schema | undefined;
  zone: Zone;
}

/** A copy with instants as local time with the zone, and calendar days as days, which have no zone. */
export function showLocalDates(value: unknown, options: DateOptions): unknown {
  if (Array.isArray(value)) return value.map((item) => showLocalDates(item, options));
  if (!isRecord(value)) return typeof value === 'string' ? show(value, false, options.zone) : value;
  const { schema, findSchema, zone } = options;
  const members = new Map(schema?.members.map((member) => [member.name, member]));
  const shown = Object.entries(value).map(([name, inner]) => {
    const member = members.get(name);
    if (typeof inner !== 'string') {
      const next = member?.schema === undefined ? undefined : findSchema(member.schema);
      return [name, showLocalDates(inner, { ...options, schema: next })] as const;
    }
    const day = member !== undefined && dateKindOf(schema?.name ?? '', member) === 'date-only';
    return [name, show(inner, day, zone)] as const;
  });
  return Object.fromEntries(shown);
}

function show(text: string, day: boolean, zone: Zone): string {
  if (!instant.test(text)) return text;
  return day ? text.slice(0, 10) : localTime(text, zone);
}

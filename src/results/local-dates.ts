import { dateKindOf, isDayByValue, type Member, type Schema } from '../catalog/index.ts';
import { localTime } from '../core/iso-time.ts';
import { defined, isRecord } from '../core/json.ts';
import type { Zone } from '../core/zone.ts';

// ConnectWise answers every date as an instant in UTC (CW 5.6.2, 6.11).
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;
const midnight = /^\d{4}-\d{2}-\d{2}T00:00:00(\.0+)?Z$/;

export interface DateOptions {
  /** Schema of the records; without it the values decide what is a day. */
  schema: Schema | undefined;
  findSchema(name: string): Schema | undefined;
  zone: Zone;
}

export interface LocalDates {
  value: unknown;
  /** The members that are shown as days, such as `date` and `invoice/dueDate`. */
  days: ReadonlySet<string>;
  /** Why the zone of the local times may not be the user's; absent where it is, or where there are none. */
  problem?: string;
}

/**
 * A copy with instants as local time with the zone, and calendar days as days, which have no zone (CW 6.11). Where
 * nothing says what a member holds, it holds days if each of its values is a midnight of UTC.
 */
export function showLocalDates(value: unknown, options: DateOptions): LocalDates {
  const timed = new Set<string>();
  visitDates(value, options, ({ path, text }) => {
    if (!midnight.test(text)) timed.add(path);
    return text;
  });
  const days = new Set<string>();
  let isShifted = false;
  const shown = visitDates(value, options, ({ path, text, kind }) => {
    // A day with a time is shown with it, whatever its member is known for.
    const isDay = midnight.test(text) && (kind === 'date-only' || (kind === 'by-value' && !timed.has(path)));
    if (isDay) {
      days.add(path);
      return text.slice(0, 10);
    }
    isShifted = true;
    return localTime(text, options.zone);
  });
  return defined<LocalDates>({ value: shown, days, problem: isShifted ? options.zone.problem : undefined });
}

/** A copy with calendar days as days, and instants as they were sent. */
export function showDays<T>(value: T, options: Omit<DateOptions, 'zone'>): T {
  // Only texts are replaced, so the copy has the type of the value.
  return visitDates(value, options, ({ text, kind }) =>
    kind === 'date-only' && midnight.test(text) ? text.slice(0, 10) : text,
  ) as T;
}

interface DateInPlace {
  path: string;
  text: string;
  kind: 'date-time' | 'date-only' | 'by-value';
}

type ShowDate = (date: DateInPlace) => string;

/** A copy in which `show` has replaced each date. */
function visitDates(value: unknown, options: Omit<DateOptions, 'zone'>, show: ShowDate, path = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => visitDates(item, options, show, path));
  if (typeof value === 'string') return instant.test(value) ? show({ path, text: value, kind: 'by-value' }) : value;
  if (!isRecord(value)) return value;
  const { schema, findSchema } = options;
  const members = membersOf(schema);
  const shown = Object.entries(value).map(([name, inner]) => {
    const member = members.get(name);
    const at = path === '' ? name : `${path}/${name}`;
    if (typeof inner !== 'string') {
      const next = member?.schema === undefined ? undefined : findSchema(member.schema);
      return [name, visitDates(inner, { schema: next, findSchema }, show, at)] as const;
    }
    if (!instant.test(inner)) return [name, inner] as const;
    return [name, show({ path: at, text: inner, kind: kindOf(schema, member ?? { name, type: 'string' }) })] as const;
  });
  return Object.fromEntries(shown);
}

const membersOf = (schema: Schema | undefined) => new Map(schema?.members.map((member) => [member.name, member]));

function kindOf(schema: Schema | undefined, member: Pick<Member, 'name' | 'type' | 'format'>): DateInPlace['kind'] {
  const owner = schema?.name ?? '';
  return isDayByValue(owner, member) ? 'by-value' : (dateKindOf(owner, member) ?? 'by-value');
}

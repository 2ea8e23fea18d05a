import { isRecord } from '../core/json.ts';
import { ownValue } from './differences.ts';
import { stampsOf } from './effects/recent-change.ts';
import type { Waiting } from './prepared-changes.ts';
import { segmentsOf } from './to-operations.ts';
import { oneLine, renderValue } from './wording.ts';

type Values = Readonly<Record<string, unknown>>;

/** What names of a board belong to: moved to another, a ticket's status is another (CW 5.5.2). */
const ofBoard: ReadonlySet<string> = new Set(['status', 'type', 'subType', 'item', 'team']);

/** A sentence where a record is no more what a prepared change rests on; undefined where it is. */
export function describeStale({ change, record }: Waiting, current: Values): string | undefined {
  if (record === undefined) return undefined;
  const changed =
    change.method === 'DELETE' ? changedSince(record, current) : touchedSince(change.body, record, current);
  if (changed.length === 0) return undefined;
  const { updatedBy } = stampsOf(current);
  const shown = changed.slice(0, 3).map((member) => {
    return `${oneLine(member, 40)} is now ${renderValue(member, ownValue(current, member))}`;
  });
  const by = updatedBy === undefined ? '' : `, last changed by ${oneLine(updatedBy, 40)}`;
  return `The record has changed since the preview: ${shown.join(', ')}${by}.`;
}

function touchedSince(body: unknown, before: Values, current: Values): string[] {
  const operations = Array.isArray(body) ? body.filter(isRecord) : [];
  const members = new Set(operations.map(({ path }) => segmentsOf({ op: 'replace', path: String(path) })[0] ?? ''));
  if ([...members].some((member) => ofBoard.has(member))) members.add('board');
  return [...members].filter((member) => !isEqual(ownValue(before, member), ownValue(current, member)));
}

/** All members, unless the stamp says that nothing was written (CW 5.14): SLA minutes move by themselves. */
function changedSince(before: Values, current: Values): string[] {
  const [then, now] = [stampsOf(before), stampsOf(current)];
  if (then.lastUpdated !== undefined && then.lastUpdated === now.lastUpdated) return [];
  const members = new Set([...Object.keys(before), ...Object.keys(current)]);
  members.delete('_info');
  return [...members].filter((member) => !isEqual(ownValue(before, member), ownValue(current, member)));
}

/** Equal but for links and stamps, and for what is empty or absent. */
export function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(bare(one)) === JSON.stringify(bare(other));
}

function bare(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map(bare);
  if (!isRecord(value)) return value;
  const names = Object.keys(value).filter((name) => name !== '_info' && bare(value[name]) !== null);
  return Object.fromEntries(names.sort().map((name) => [name, bare(value[name])]));
}

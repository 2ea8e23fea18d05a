import type { ManyRecords } from '../change.ts';
import { joinMembers, renderMembers, renderTarget } from '../sentence.ts';
import { oneLine, titleOf } from '../wording.ts';
import type { BulkPlan, Part } from './plan-bulk.ts';

/** Kinds of differences with fewer records than this name them. */
const namedIds = 3;
const maxKinds = 4;
const maxMembers = 4;

/** What a plan does, in one sentence: `Change 88 tickets: status New → Closed (71), In Progress → Closed (17).` */
export function renderBulkSentence({ target, request }: BulkPlan, { groups, leftOut }: ManyRecords): string {
  const shown = groups
    .slice(0, maxKinds)
    .map((group) => (groups.length === 1 ? group.change : `${group.change} (${group.count})`));
  const more = groups.length > maxKinds ? ` and ${groups.length - maxKinds} more kinds` : '';
  const what = request.method === 'DELETE' ? '' : `: ${shown.join(', ')}${more}`;
  const skipped = leftOut.length > 0 ? `; ${leftOut.length} left out` : '';
  return `${renderTarget(request.method, target)}${what}${skipped}.`;
}

export function describeBulk({ parts, leftOut }: BulkPlan): ManyRecords {
  const byChange = new Map<string, { change: string; ids: string[] }>();
  const rows = parts.map((part) => {
    const members = membersOf(part);
    const change = joinMembers(members, maxMembers);
    // Those that are alike only in what is shown of them are two kinds all the same.
    const key = JSON.stringify(members);
    const { ids } = byChange.get(key) ?? { ids: [] };
    byChange.set(key, { change, ids: [...ids, part.id] });
    const title = part.plan.record === undefined ? undefined : titleOf(part.plan.record);
    return [part.id, title === undefined ? '' : oneLine(title, 40), change] as const;
  });
  const groups = [...byChange.values()]
    .sort((one, other) => other.ids.length - one.ids.length)
    .map(({ change, ids }) => {
      const isOutlier = ids.length <= namedIds && ids.length < parts.length;
      return { change, count: ids.length, ...(isOutlier ? { ids } : {}) };
    });
  return { count: parts.length, leftOut, groups, rows };
}

function membersOf({ plan }: Part): string[] {
  if (plan.differences === undefined && plan.request.method === 'DELETE') return ['deleted'];
  return plan.sentence === undefined ? renderMembers(plan) : [plan.sentence];
}

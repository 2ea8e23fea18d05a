import type { ManyRecords } from '../change.ts';
import { oneLine, quote, renderValue, titleOf } from '../wording.ts';
import type { BulkPlan, Part } from './plan-bulk.ts';

/** Kinds of differences with fewer records than this name them. */
const namedIds = 3;

/** What a plan does, in one sentence: `Change 88 tickets: status New → Closed (71), In Progress → Closed (17).` */
export function renderBulkSentence({ target, request }: BulkPlan, { count, groups, leftOut }: ManyRecords): string {
  const shown = groups
    .slice(0, 4)
    .map((group) => (groups.length === 1 ? group.change : `${group.change} (${group.count})`));
  const more = groups.length > 4 ? ` and ${groups.length - 4} more kinds` : '';
  const verb = request.method === 'DELETE' ? 'Delete' : request.method === 'POST' ? 'POST for' : 'Change';
  const what = request.method === 'DELETE' ? '' : `: ${shown.join(', ')}${more}`;
  const skipped = leftOut.length > 0 ? `; ${leftOut.length} left out` : '';
  return `${verb} ${count} ${target.object}${what}${skipped}.`;
}

export function describeBulk({ parts, leftOut }: BulkPlan): ManyRecords {
  const byChange = new Map<string, string[]>();
  const rows = parts.map((part) => {
    const change = renderPart(part);
    byChange.set(change, [...(byChange.get(change) ?? []), part.id]);
    const title = part.plan.record === undefined ? undefined : titleOf(part.plan.record);
    return [part.id, title === undefined ? '' : oneLine(title, 40), change] as const;
  });
  const groups = [...byChange]
    .sort(([, one], [, other]) => other.length - one.length)
    .map(([change, ids]) => {
      const isOutlier = ids.length <= namedIds && ids.length < parts.length;
      return { change, count: ids.length, ...(isOutlier ? { ids } : {}) };
    });
  return { count: parts.length, leftOut, groups, rows };
}

function renderPart({ plan }: Part): string {
  const { differences, request } = plan;
  if (differences === undefined)
    return request.method === 'DELETE' ? 'deleted' : (plan.sentence ?? renderBody(request.body));
  return differences
    .slice(0, 4)
    .map(
      ({ member, before, after }) =>
        `${oneLine(member, 40)} ${renderValue(member, before)} → ${renderValue(member, after)}`,
    )
    .join(', ');
}

function renderBody(body: unknown): string {
  return quote(JSON.stringify(body) ?? '', 80);
}

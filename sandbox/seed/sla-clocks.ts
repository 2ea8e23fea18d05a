import { toStamp } from '../context.ts';
import { referenceId } from '../json.ts';
import { addHours, type SeededRecord, type Seeder, to } from './seeder.ts';

/** Hours to the first response and to the solution, from the most urgent priority to the least. */
const goals = [
  [1, 8],
  [1, 16],
  [2, 24],
  [4, 72],
  [8, 120],
] as const;

const goalsOf = (priority: number) => goals[priority - 1] ?? goals[3];

/** What the agreement on service promises, by priority. */
export function seedGoals({ add }: Seeder): void {
  for (const [index, [respondHours, resolutionHours]] of goals.entries()) {
    const goal = {
      respondHours,
      respondPercent: 90,
      planWithin: respondHours * 2,
      planWithinPercent: 90,
      resolutionHours,
    };
    const members = { priority: to(index + 1), sla: to(1), ...goal, resolutionPercent: 90 };
    add('/service/slas/{}/priorities', members, { parents: [1] });
  }
}

/** Who answered when, and whether that was in time: a ticket is out of its SLA when the first answer came too late. */
export function stampSlaTimes(seeder: Seeder): void {
  for (const ticket of seeder.store.records('/service/tickets')) stampSlaTime(seeder, ticket);
}

function stampSlaTime({ random, store, now }: Seeder, { value, stamps }: SeededRecord): void {
  const entered = new Date(stamps.dateEntered);
  const [respondHours, resolutionHours] = goalsOf(referenceId(value.priority) ?? 4);
  const closed = typeof value.closedDate === 'string' ? new Date(value.closedDate) : undefined;
  const answerBy = addHours(entered, respondHours);
  const spread = value.isInSla === true ? random.between(5, 95) : random.between(110, 400);
  const answered = Math.min(addHours(entered, (respondHours * spread) / 100).getTime(), (closed ?? now).getTime());
  // Tickets without an owner were not answered yet.
  const isAnswered = closed !== undefined || (referenceId(value.owner) !== undefined && answered < now.getTime());
  value.isInSla = (isAnswered ? answered : now.getTime()) <= answerBy.getTime();
  const by = store.find('/system/members', referenceId(value.owner) ?? 0)?.value.identifier ?? 'dlopez';
  if (isAnswered) {
    value.dateResponded = toStamp(new Date(answered));
    value.respondMinutes = minutesBetween(entered, new Date(answered));
    value.respondedBy = by;
  }
  if (closed === undefined) {
    const goal = isAnswered ? addHours(entered, resolutionHours) : answerBy;
    value.slaStatus = `${isAnswered ? 'Resolve' : 'Respond'} by ${toStamp(goal)}`;
    return;
  }
  value.slaStatus = 'Resolved';
  value.dateResolved = toStamp(closed);
  value.resolveMinutes = minutesBetween(entered, closed);
  value.resolvedBy = by;
}

function minutesBetween(from: Date, until: Date): number {
  return Math.floor((until.getTime() - from.getTime()) / 60_000);
}

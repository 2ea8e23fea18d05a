import { referenceId } from '../json.ts';
import { toStamp } from '../world.ts';
import { addHours, type Garden, to } from './garden.ts';
import { chooseHelper } from './members.ts';

/** The number of the schedule type for service tickets, see set-up.ts. */
const serviceType = 4;

/** Every open ticket with an owner is on somebody's calendar, and who is scheduled stands in `resources` (CW 5.5). */
export function plantSchedule(garden: Garden): void {
  const { plant, random, store } = garden;
  for (const ticket of store.records('/service/tickets')) {
    const ownerId = referenceId(ticket.value.owner);
    const isClosed = ticket.value.closedFlag === true;
    if (ownerId === undefined || (isClosed && !random.chance(0.25))) continue;
    // Now and then two work on one ticket.
    const helper = random.chance(0.15) ? chooseHelper(garden) : ownerId;
    const members = [...new Set([ownerId, helper])];
    for (const memberId of members) {
      const start = isClosed
        ? addHours(new Date(ticket.stamps.dateEntered), random.between(1, 20))
        : garden.workingTimeAhead(random.between(0, 6));
      const hours = random.pick([0.5, 1, 1, 2]);
      plant(
        '/schedule/entries',
        {
          objectId: ticket.id,
          name: ticket.value.summary,
          member: to(memberId),
          type: to(serviceType),
          status: to(isClosed ? 3 : random.between(1, 2)),
          dateStart: toStamp(start),
          dateEnd: toStamp(addHours(start, hours)),
          hours,
          doneFlag: isClosed,
          acknowledgedFlag: isClosed || random.chance(0.5),
          ownerFlag: memberId === ownerId,
          meetingFlag: false,
          allowScheduleConflictsFlag: false,
          where: to(random.between(1, 2)),
        },
        { enteredAt: new Date(ticket.stamps.dateEntered), enteredBy: 'dlopez' },
      );
    }
    ticket.value.resources = members.map((id) => store.find('/system/members', id)?.value.identifier).join(', ');
  }
}

import { plantClient, plantContact, plantSite } from './companies.ts';
import { type Garden, to } from './garden.ts';
import { plantMember } from './members.ts';
import { several } from './size.ts';
import { cast } from './stories.ts';
import { plantTimeSheets } from './time-sheets.ts';

/** A client and a site that are easily taken for others; answers the number of the client. */
export function plantLookAlikes(garden: Garden): number {
  // Beside "Harborview Dental Group", the first client.
  const { id } = plantClient(garden, ['Harbor View Dental Associates', 'HarborViewAssoc', 'Portsmouth', 'NH', 14], 0);
  plantContact(garden, { companyId: id, isMain: false });
  const { store, now } = garden;
  const company = store.find('/company/companies', cast.manySites);
  for (const name of ['Warehouse 2', 'Warehouse East']) {
    if (company !== undefined) plantSite(garden, company, name, now);
  }
  return id;
}

/** People who can only be called. */
export function plantWithoutMail(garden: Garden): void {
  for (let made = several(garden.size, 7); made > 0; made -= 1) {
    plantContact(garden, { companyId: garden.random.between(1, garden.size.companies), isMain: false, hasMail: false });
  }
}

/** Two who have never entered time, and one who has left while tickets are still his. */
export function plantComersAndGoers(garden: Garden): void {
  const { store, day } = garden;
  const trainee = { identifier: 'gbaker', firstName: 'Grace', lastName: 'Baker', title: 'Junior Technician' };
  const coordinator = { identifier: 'ipark', firstName: 'Ines', lastName: 'Park', title: 'Project Coordinator' };
  const former = { identifier: 'hstone', firstName: 'Harry', lastName: 'Stone', title: 'Technician' };
  plantTimeSheets(garden, [
    plantMember(garden, { ...trainee, role: 1, rate: 38 }, 20),
    plantMember(garden, { ...coordinator, role: 3, rate: 60 }, 330),
  ]);
  const { id, value } = plantMember(garden, { ...former, role: 1, rate: 50 }, 900);
  value.inactiveFlag = true;
  value.inactiveDate = day(25);
  let left = several(garden.size, 3);
  for (const ticket of store.records('/service/tickets')) {
    const isHis = ticket.value.closedFlag === false && ticket.value.owner !== undefined;
    if (!isHis || ticket.stamps.dateEntered >= day(26)) continue;
    ticket.value.owner = to(id);
    left -= 1;
    if (left === 0) return;
  }
}

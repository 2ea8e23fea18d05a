import type { Store } from '../store.ts';
import { plantAgreements } from './agreements.ts';
import { plantBoards } from './boards.ts';
import { plantCompanies } from './companies.ts';
import { plantConfigurations } from './configurations.ts';
import { createGarden } from './garden.ts';
import { plantInvoices } from './invoices.ts';
import { plantMembers } from './members.ts';
import { plantProducts } from './products.ts';
import { plantProjects } from './projects.ts';
import { createRandom } from './random.ts';
import { plantSales } from './sales.ts';
import { plantSchedule } from './schedule.ts';
import { plantSetUp } from './set-up.ts';
import { plantTickets } from './tickets.ts';
import { plantTime } from './time.ts';
import { plantTimeSheets } from './time-sheets.ts';

/** Fills an empty store with a small managed service provider; the same for the same seed and time. */
export function plantSeed(store: Store, { seed, now }: { seed: number; now: Date }): void {
  const garden = createGarden(store, createRandom(seed), now);
  // What is referred to comes first.
  plantSetUp(garden);
  plantBoards(garden);
  plantMembers(garden);
  plantCompanies(garden);
  plantAgreements(garden);
  plantConfigurations(garden);
  plantTickets(garden);
  plantProducts(garden);
  plantProjects(garden);
  plantTime(garden);
  plantTimeSheets(garden);
  plantSchedule(garden);
  plantInvoices(garden);
  plantSales(garden);
}

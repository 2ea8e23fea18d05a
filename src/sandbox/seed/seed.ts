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
import { sizeAt } from './size.ts';
import { plantTickets } from './tickets.ts';
import { plantTime } from './time.ts';
import { plantTimeSheets } from './time-sheets.ts';

export interface SeedOptions {
  seed: number;
  /** 1 to 100: see `sizeAt`. */
  scale?: number;
  now: Date;
}

/** Fills an empty store with a managed service provider; the same for the same seed, scale and time. */
export function plantSeed(store: Store, { seed, scale = 1, now }: SeedOptions): void {
  const garden = createGarden(store, createRandom(seed), now, sizeAt(scale));
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

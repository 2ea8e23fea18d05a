import type { Store } from '../store.ts';
import { plantAgreements } from './agreements.ts';
import { plantBoards } from './boards.ts';
import { plantGoals, runClocks } from './clocks.ts';
import { plantCompanies } from './companies.ts';
import { plantConfigurations } from './configurations.ts';
import { createGarden } from './garden.ts';
import { plantInvoices } from './invoices.ts';
import { plantLooseEnds } from './loose-ends.ts';
import { plantMembers } from './members.ts';
import { plantComersAndGoers, plantLookAlikes, plantWithoutMail } from './people-and-places.ts';
import { plantProducts } from './products.ts';
import { plantProjects } from './projects.ts';
import { createRandom } from './random.ts';
import { plantSales } from './sales.ts';
import { plantSchedule } from './schedule.ts';
import { plantSetUp } from './set-up.ts';
import { sizeAt } from './size.ts';
import { tellStories } from './stories.ts';
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
  // What is referred to comes first. Stories have a chance of their own, so that one more leaves the rest as it is.
  plantSetUp(garden);
  plantBoards(garden);
  plantMembers(garden);
  plantCompanies(garden);
  plantAgreements(garden);
  plantConfigurations(garden);
  plantTickets(garden);
  const stories = createGarden(store, createRandom(seed + 1_000_003), now, garden.size);
  tellStories(stories, plantLookAlikes(stories));
  plantProducts(garden);
  plantProjects(garden);
  plantTime(garden);
  plantTimeSheets(garden, store.records('/system/members'));
  plantSchedule(garden);
  plantInvoices(garden, store.records('/finance/agreements'));
  plantSales(garden);
  plantWithoutMail(stories);
  plantComersAndGoers(stories);
  plantLooseEnds(stories);
  plantGoals(stories);
  runClocks(stories);
}

import type { Store } from '../store.ts';
import { seedAgreements, seedInvoices } from './agreements.ts';
import { seedCompanies } from './companies.ts';
import { seedConfigurations } from './configurations.ts';
import { seedIrregularities, seedLookAlikes, seedStaffChanges, seedWithoutMail } from './irregularities.ts';
import { seedMembers } from './members.ts';
import { seedProjects } from './projects.ts';
import { createRandom } from './random.ts';
import { seedCampaigns, seedProducts, seedPurchaseOrders, seedSales, seedSalesOrders } from './sales.ts';
import { createSeeder, sizeAt } from './seeder.ts';
import { seedBoards, seedSetUp } from './set-up.ts';
import { seedGoals, stampSlaTimes } from './sla-clocks.ts';
import { seedStories } from './stories.ts';
import { seedTickets } from './tickets.ts';
import { seedExpenses, seedSchedule, seedTime, seedTimeSheets } from './time.ts';

export interface SeedOptions {
  seed: number;
  /** 1 to 100: see `sizeAt`. */
  scale?: number;
  now: Date;
}

/** Fills an empty store with a managed service provider; the same for the same seed, scale and time. */
export function seedStore(store: Store, { seed, scale = 1, now }: SeedOptions): void {
  const seeder = createSeeder(store, createRandom(seed), now, sizeAt(scale));
  // What is referred to comes first. Stories and trade use random generators of their own: adding one leaves the rest unchanged.
  seedSetUp(seeder);
  seedBoards(seeder);
  seedMembers(seeder);
  seedCompanies(seeder);
  seedAgreements(seeder);
  seedConfigurations(seeder);
  seedTickets(seeder);
  const stories = createSeeder(store, createRandom(seed + 1_000_003), now, seeder.size);
  seedStories(stories, seedLookAlikes(stories));
  seedProducts(seeder);
  seedProjects(seeder);
  seedTime(seeder);
  seedTimeSheets(seeder, store.records('/system/members'));
  seedSchedule(seeder);
  seedInvoices(seeder, store.records('/finance/agreements'));
  seedSales(seeder);
  seedWithoutMail(stories);
  seedStaffChanges(stories);
  seedIrregularities(stories);
  seedGoals(stories);
  stampSlaTimes(stories);
  const trade = createSeeder(store, createRandom(seed + 2_000_003), now, seeder.size);
  seedExpenses(trade);
  seedSalesOrders(trade);
  seedPurchaseOrders(trade);
  seedCampaigns(trade);
}

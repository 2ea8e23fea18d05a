import type { Client } from './names.ts';
import { clients, firstNames, lastNames } from './names.ts';
import type { Random } from './random.ts';

const places = [
  'Alder',
  'Amber',
  'Ashford',
  'Baxter',
  'Bayview',
  'Belmont',
  'Bridgeport',
  'Canton',
  'Chestnut',
  'Clearwater',
  'Copper',
  'Crescent',
  'Delta',
  'Eastfield',
  'Elmwood',
  'Fieldstone',
  'Franklin',
  'Glenwood',
  'Hillcrest',
  'Juniper',
  'Kingsley',
  'Lexington',
  'Longmeadow',
  'Magnolia',
  'Newbury',
  'Orchard',
  'Pinecrest',
  'Prescott',
  'Ridgeway',
  'Rosewood',
  'Sheffield',
  'Sterling',
  'Thornton',
  'Upland',
  'Vantage',
  'Westbrook',
  'Willow',
  'Winslow',
  'Woodlawn',
  'Yorkshire',
] as const;

const trades = [
  'Accounting',
  'Animal Hospital',
  'Architects',
  'Auto Parts',
  'Bakery',
  'Builders',
  'Dental Care',
  'Electric',
  'Engineering',
  'Eye Care',
  'Financial',
  'Foods',
  'Freight',
  'Hardware',
  'Insurance',
  'Law Group',
  'Marine',
  'Medical',
  'Plastics',
  'Printing',
  'Properties',
  'Schools',
  'Staffing',
  'Tool Works',
] as const;

/** The clients of the list, and behind them as many more as a larger provider has. */
export function listClients(random: Random, count: number): Client[] {
  const more = Array.from({ length: Math.max(0, count - clients.length) }, (_, index): Client => {
    // 40 places and 24 trades: stepping through both keeps the first 960 names apart.
    const place = places[index % places.length] ?? 'Alder';
    const trade = trades[(index + Math.floor(index / places.length)) % trades.length] ?? 'Foods';
    const [, , city, state] = random.pick(clients);
    return [`${place} ${trade}`, `${place}${trade.replaceAll(' ', '')}`, city, state, random.between(6, 170)];
  });
  return [...clients, ...more];
}

export interface Person {
  identifier: string;
  firstName: string;
  lastName: string;
}

/** Technicians beyond those of the list, whose identifiers are theirs alone. */
export function listColleagues(count: number, taken: Iterable<string>): Person[] {
  const identifiers = new Set(taken);
  return Array.from({ length: Math.max(0, count) }, (_, index) => {
    const firstName = firstNames[(index * 5) % firstNames.length] ?? 'Alex';
    const lastName = lastNames[(index * 3) % lastNames.length] ?? 'Doe';
    const short = (firstName.charAt(0) + lastName).toLowerCase().replace(/[^a-z]/g, '');
    const identifier = identifiers.has(short) ? `${short}${index}` : short;
    identifiers.add(identifier);
    return { identifier, firstName, lastName };
  });
}

/** How many of everything; numbers that do not stand here follow from these. */
export interface Size {
  scale: number;
  companies: number;
  contacts: number;
  /** Who may own tickets, the service manager among them. */
  technicians: number;
  configurations: number;
  tickets: number;
  timeEntries: number;
  products: number;
  projects: number;
  opportunities: number;
  activities: number;
}

/**
 * A scale of 1 is the provider of the demo, 100 one of 60,000 tickets a year. Work grows with the scale; who does it
 * and whom it is done for grow slower, as in life: 100 times the tickets are 800 companies and 120 technicians.
 */
export function sizeAt(scale: number): Size {
  const grown = (count: number, power: number) => Math.round(count * scale ** power);
  return {
    scale,
    companies: grown(40, 0.65),
    contacts: grown(150, 0.8),
    technicians: grown(6, 0.65),
    configurations: grown(300, 0.8),
    tickets: 600 * scale,
    timeEntries: 2000 * scale,
    products: grown(40, 0.8),
    projects: grown(10, 0.65),
    opportunities: grown(35, 0.65),
    activities: grown(60, 0.65),
  };
}

/** How many of what grows less than the work does, where the smallest provider has `count`. */
export function several({ scale }: Size, count: number): number {
  return Math.round(count * Math.sqrt(scale));
}

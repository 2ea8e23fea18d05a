import { type Garden, to } from './garden.ts';

/** Parts that were sold on tickets: laptops, firewalls, access points. */
export function plantProducts({ plant, random, store, size, ...garden }: Garden): void {
  const tickets = [...store.records('/service/tickets')];
  for (let made = 0; made < size.products; made += 1) {
    const ticket = random.pick(tickets);
    const item = store.find('/procurement/catalog', random.between(7, 10));
    const quantity = random.weighted([
      [1, 7],
      [2, 2],
      [4, 1],
    ]);
    const price = Number(item?.value.price);
    const cost = Number(item?.value.cost);
    plant(
      '/procurement/products',
      {
        catalogItem: to(item?.id ?? 7),
        description: item?.value.description,
        customerDescription: item?.value.customerDescription,
        quantity,
        price,
        cost,
        extPrice: price * quantity,
        extCost: cost * quantity,
        billableOption: 'Billable',
        ticket: to(ticket.id),
        company: ticket.value.company,
        locationId: 1,
        businessUnitId: 1,
        taxableFlag: true,
        cancelledFlag: false,
      },
      { enteredAt: garden.hoursAfter(new Date(ticket.stamps.dateEntered), random.between(1, 30)) },
    );
  }
}

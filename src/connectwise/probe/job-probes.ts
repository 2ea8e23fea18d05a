import { holdsIf, type Probe } from './probe.ts';

/** Conditions of the everyday jobs that rest on clients alone: which fact, of which list, and what it asks. */
const jobs: readonly (readonly [fact: string, path: string, conditions: string])[] = [
  ['7.1', '/service/tickets', 'closedFlag=false and (owner/identifier="cwmprobe" or resources contains "cwmprobe")'],
  ['7.2', '/service/tickets', 'owner=null and closedFlag=false'],
  ['7.3', '/service/tickets', 'closedFlag=false and lastUpdated>[2020-01-01T00:00:00Z]'],
  ['7.4', '/service/tickets', 'closedFlag=false and status/name not in ("cwm probe")'],
  ['7.17', '/service/tickets', 'closedFlag=false and isInSla=false'],
  ['7.19', '/time/entries', 'member/identifier="cwmprobe" and timeStart>=[2020-01-01T00:00:00Z]'],
  ['7.21', '/time/entries', 'billableOption="Billable" and invoice=null'],
  ['7.25', '/company/configurations', 'activeFlag=true and warrantyExpirationDate>=[2020-01-01T00:00:00Z]'],
  ['7.27', '/finance/invoices', 'balance>0 and dueDate<[2020-01-01T00:00:00Z]'],
  ['7.28', '/sales/opportunities', 'status/id in (1) and expectedCloseDate<[2020-01-01T00:00:00Z]'],
  ['7.29', '/schedule/entries', 'doneFlag=false and dateStart>=[2020-01-01T00:00:00Z]'],
];

export const jobProbes: readonly Probe[] = jobs.map(([fact, path, conditions]) => ({
  fact,
  question: `Does ${path} take ${conditions}?`,
  async run({ tries }) {
    const { taken, seen } = await tries(path, { conditions });
    return holdsIf(taken, seen);
  },
}));

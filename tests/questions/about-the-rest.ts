import { company, elements, isWithin, tally } from './provider.ts';
import type { Question } from './question.ts';

const configurations = '/company/configurations';
const contacts = '/company/contacts';
const opportunities = '/sales/opportunities';
const projects = '/project/projects';
const now = '2026-03-10T15:00:00Z';

const openStatuses = ['Open', 'Quoted'];

/** Devices and people. */
export const aboutClients: readonly Question[] = [
  {
    id: 'warranties-ending',
    asks: 'Whose devices run out of warranty in the next 90 days?',
    means: 'activeFlag true, warrantyExpirationDate from now until 2026-06-08T15:00:00Z; names of devices by client.',
    reads: [configurations, company],
    answer(provider) {
      const found = provider
        .rows(configurations)
        .filter((row) => row.activeFlag === true && isWithin(row.warrantyExpirationDate, now, '2026-06-08T15:00:00Z'));
      const answer = tally(found, (row) => provider.nameOf(company, row.company))
        .map(({ name, rows }) => ({ company: name, devices: rows.map((row) => String(row.name)).sort() }))
        .sort((a, b) => a.company.localeCompare(b.company, 'en'));
      return { answer, chosen: found.length };
    },
  },
  {
    id: 'twin-devices',
    asks: 'Do we have any device in the list twice?',
    means: 'The same serialNumber on more than one configuration; by serial number.',
    reads: [configurations],
    answer(provider) {
      const twins = tally(provider.rows(configurations), ({ serialNumber }) => String(serialNumber))
        .filter(({ rows }) => rows.length > 1)
        .map(({ name, rows }) => ({ serialNumber: name, devices: rows.map((row) => String(row.name)).sort() }))
        .sort((a, b) => (a.serialNumber < b.serialNumber ? -1 : 1));
      return { answer: twins, chosen: twins.flatMap(({ devices }) => devices).length };
    },
  },
  {
    id: 'contacts-without-mail',
    asks: 'Which contacts have no e-mail address?',
    means: 'inactiveFlag false, no communication item of communicationType Email; full names with client, by number.',
    reads: [contacts, company],
    answer(provider) {
      const found = provider
        .rows(contacts)
        .filter(
          (row) =>
            row.inactiveFlag === false &&
            !elements(row.communicationItems).some((item) => item.communicationType === 'Email'),
        );
      const answer = found.map((row) => ({
        id: row.id,
        name: `${row.firstName} ${row.lastName}`,
        company: provider.nameOf(company, row.company),
      }));
      return { answer, chosen: found.length };
    },
  },
];

/** Sales and projects. */
export const aboutPlans: readonly Question[] = [
  {
    id: 'stale-opportunities',
    asks: 'Which open opportunities has nobody touched for 60 days?',
    means: 'Status Open or Quoted, lastUpdated before 2026-01-09T15:00:00Z; numbers and names.',
    reads: [opportunities, '/sales/opportunities/statuses'],
    answer(provider) {
      const found = provider
        .rows(opportunities)
        .filter(
          ({ status, lastUpdated }) =>
            openStatuses.includes(provider.nameOf('/sales/opportunities/statuses', status)) &&
            lastUpdated < '2026-01-09T15:00:00Z',
        );
      return { answer: found.map(({ id, name }) => ({ id, name: String(name) })), chosen: found.length };
    },
  },
  {
    id: 'pipeline-by-stage',
    asks: 'What does the pipeline for this quarter look like, by stage?',
    means: 'Status Open or Quoted, expectedCloseDate in the first quarter of 2026; number of opportunities by stage.',
    reads: [opportunities, '/sales/stages', '/sales/opportunities/statuses'],
    answer(provider) {
      const found = provider
        .rows(opportunities)
        .filter(
          ({ status, expectedCloseDate }) =>
            openStatuses.includes(provider.nameOf('/sales/opportunities/statuses', status)) &&
            isWithin(expectedCloseDate, '2026-01-01', '2026-04-01'),
        );
      const answer = tally(found, ({ stage }) => provider.nameOf('/sales/stages', stage))
        .map(({ name, rows }) => ({ stage: name, opportunities: rows.length }))
        .sort((a, b) => a.stage.localeCompare(b.stage, 'en'));
      return { answer, chosen: found.length };
    },
  },
  {
    id: 'projects-over-budget',
    asks: 'Which running projects have used more hours than planned?',
    means: 'closedFlag false, actualHours above budgetHours; with both.',
    reads: [projects],
    answer(provider) {
      const found = provider
        .rows(projects)
        .filter(
          ({ closedFlag, actualHours, budgetHours }) =>
            closedFlag === false && Number(actualHours) > Number(budgetHours),
        );
      const answer = found.map((row) => ({
        name: String(row.name),
        budget: Number(row.budgetHours),
        actual: Number(row.actualHours),
      }));
      return { answer, chosen: found.length };
    },
  },
];

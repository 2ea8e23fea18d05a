import { namesIn, read, type Script, tableOf } from './script.ts';

const opportunities = '/sales/opportunities';

const openStatuses = read('/sales/opportunities/statuses', '', 'select name, wonFlag, lostFlag, closedFlag from it');

/** Devices and people. */
export const clientScripts: readonly Script[] = [
  {
    id: 'warranties-ending',
    calls: [
      read(
        '/company/configurations',
        'activeFlag=true and warrantyExpirationDate >= [now] and warrantyExpirationDate < [2026-06-08T15:00:00Z]',
        'select company_name company, group_concat(name) devices from it group by 1 order by 1',
      ),
    ],
    say: (rows) => rows.map(({ company, devices }) => ({ company: String(company), devices: namesIn(devices) })),
  },
  {
    id: 'twin-devices',
    calls: [
      read(
        '/company/configurations',
        '',
        "select serialNumber, group_concat(name) devices from it where serialNumber <> '' group by 1 having count(*) > 1 order by 1",
        'id,name,serialNumber',
      ),
    ],
    say: (rows) =>
      rows.map(({ serialNumber, devices }) => ({ serialNumber: String(serialNumber), devices: namesIn(devices) })),
  },
  {
    id: 'contacts-without-mail',
    calls: [
      read(
        '/company/contacts',
        'inactiveFlag=false',
        "select id, firstName || ' ' || lastName name, company_name company from it where id not in (select parent_id from it_communicationItems where communicationType = 'Email') order by id",
      ),
    ],
  },
];

/** Sales and projects. */
export const planScripts: readonly Script[] = [
  {
    id: 'stale-opportunities',
    calls: [
      openStatuses,
      (earlier) =>
        read(
          opportunities,
          'lastUpdated < [2026-01-09T15:00:00Z]',
          `select id, name from it where status_id in (select id from ${tableOf(earlier)} where not closedFlag) order by id`,
        ),
    ],
  },
  {
    id: 'pipeline-by-stage',
    calls: [
      openStatuses,
      (earlier) =>
        read(
          opportunities,
          'expectedCloseDate = [this quarter]',
          `select stage_name stage, count(*) opportunities from it where status_id in (select id from ${tableOf(earlier)} where not closedFlag) group by 1 order by 1`,
        ),
    ],
  },
  {
    id: 'projects-over-budget',
    calls: [
      read(
        '/project/projects',
        'closedFlag=false',
        'select name, budgetHours budget, actualHours actual from it where actualHours > budgetHours',
      ),
    ],
  },
];

import { read, readEach, type Script, tableOf } from './script.ts';

const agreements = '/finance/agreements';
const additions = '/finance/agreements/{id}/additions';
const inForce = 'effectiveDate <= [now] and (cancelledDate = null or cancelledDate > [now])';

export const moneyScripts: readonly Script[] = [
  {
    id: 'overdue-invoices',
    calls: [
      read(
        '/finance/invoices',
        'balance > 0 and dueDate < [now]',
        'select company_name company, count(*) invoices, round(sum(balance), 2) balance from it group by 1 order by 3 desc, 1',
      ),
    ],
    say: (rows) => ({
      total: Math.round(rows.reduce((sum, { balance }) => sum + Number(balance), 0) * 100) / 100,
      clients: rows.map((row) => ({ ...row })),
    }),
  },
  {
    id: 'agreements-ending',
    calls: [
      read(
        agreements,
        "agreementStatus='Active' and endDate >= [now] and endDate <= [in 60 days]",
        'select name, substr(endDate, 1, 10) ends from it order by endDate',
      ),
    ],
  },
  {
    id: 'revenue-of-an-agreement',
    calls: [
      read(
        agreements,
        "company/name='Bluefin Seafood Distributors' and type/name='Managed Services'",
        'select id, name, agreementStatus, billAmount from it',
      ),
      (earlier) =>
        readEach(
          additions,
          `select id from ${tableOf(earlier)}`,
          inForce,
          `select a.name, a.billAmount + coalesce((select sum(extPrice) from it where parentId = a.id), 0) monthly from ${tableOf(earlier)} a where a.agreementStatus = 'Active'`,
        ),
    ],
    say: (rows) => Number(rows[0]?.monthly),
  },
  {
    id: 'recurring-revenue',
    calls: [
      read(
        agreements,
        "agreementStatus='Active'",
        'select type_name, count(*) n, sum(billAmount) base from it group by 1',
      ),
      (earlier) =>
        readEach(
          additions,
          `select id from ${tableOf(earlier)}`,
          inForce,
          `select a.type_name type, count(*) agreements, round(sum(coalesce(a.billAmount, 0) + coalesce(x.price, 0)), 2) monthly from ${tableOf(earlier)} a left join (select parentId, sum(extPrice) price from it group by 1) x on x.parentId = a.id group by 1 order by 1`,
        ),
    ],
  },
];

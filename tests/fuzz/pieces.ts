import fc from 'fast-check';
import { printConditions } from '../../src/conditions/print-conditions.ts';
import { expressions } from '../support/expressions.ts';

/** Pieces that have a meaning somewhere: in paths, SQL, JSON, conditions, JavaScript. */
const pieces = [
  ...[
    '..',
    '%2e',
    '%',
    '/',
    '//',
    '\\',
    '?',
    '&',
    '=',
    '#',
    ';',
    ':',
    '@',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '`',
    '$',
    ' ',
  ],
  ...['\u0000', '\n', '\r\n', '\u001b[0m', '\ud800', '\udfff', '\u202e', '\u{e0041}', '🎫', 'é', '\u2028', 'ß'],
  ...['GET', 'post', 'PATCH', 'service', 'tickets', 'company', 'gateway', 'me', '1', '-1', '0', '1e9', 'NaN', 'null'],
  ...['__proto__', 'constructor', 'toString', 'id', 'count', 'conditions', 'and', 'like', 'in (', '[2026-01-01]'],
  ...["status/name='Open'", 'SELECT * FROM', '--', '*', 'http://', 'evil.example', '{"summary":"x"}', '[{"op":"add"}]'],
];

export const text = fc.oneof(
  { weight: 4, arbitrary: fc.array(fc.constantFrom(...pieces), { maxLength: 6 }).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
);

export const anything = fc.oneof(text, fc.jsonValue({ maxDepth: 3 }), fc.integer(), fc.double(), fc.constant(null));

const members = ['summary', 'name', 'company', 'board', 'status', 'id', 'op', 'path', 'value', 'customFields'];
export const object = fc.dictionary(
  fc.oneof(fc.constantFrom(...members, '__proto__'), text),
  fc.oneof(anything, fc.record({ id: anything })),
  { maxKeys: 4 },
);

/** What a run puts in for names that only it knows: of a stored table, a prepared change, a saved query. */
export const names = { table: '@@table@@', change: '@@change@@', query: '@@query@@' } as const;

const goodConditions = [
  "status/name='Open'",
  'closedFlag=false and dateEntered>[last month]',
  "company/name like 'Harbor%' or owner=null",
  'id in (1001,1002,1003)',
  "summary contains 'printer' and priority/name!='Low'",
];

/** Right, nearly right, and any conditions. */
export const conditions = fc.oneof(
  fc.constantFrom(...goodConditions),
  expressions.map((tree) => printConditions(tree)),
  fc.tuple(fc.constantFrom(...goodConditions), text).map((parts) => parts.join(' ')),
  text,
);

const columns = [
  'id',
  'summary',
  'status_name',
  'company_id',
  'no_such',
  '_record',
  '*',
  'count(*)',
  'local(dateEntered)',
];
const tables = [
  names.table,
  names.table,
  'it',
  'sqlite_schema',
  'pragma_table_info(1)',
  'json_each(_record)',
  'nothing',
];
const ends = [
  ...[
    '',
    '',
    ' LIMIT 5',
    ' GROUP BY 1',
    ' ORDER BY 1 DESC',
    ' WHERE id > 1001',
    " WHERE summary LIKE '%a%'",
    ' LIMIT -1',
  ],
  ...[
    ' UNION SELECT 1',
    ' WHERE',
    ';',
    '; SELECT 2',
    ' -- x',
    ' JOIN it USING (id)',
    ' WHERE id IN (SELECT id FROM it)',
  ],
];
const wholeSql = [
  ...[
    'select 1',
    'values (1),(2)',
    'select count(*) from it',
    'with t(a) as (select 1) select * from t',
    'select zeroblob(9)',
  ],
  ...[
    'select business_days(1,2)',
    "select hours_between('x', null)",
    'select month(9e99), week(x) from it',
    'select 1/0, -0.0',
  ],
  ...[
    'PRAGMA query_only=OFF',
    "ATTACH 'x' AS y",
    'DROP TABLE it',
    'select load_extension(1)',
    'select randomblob(1e9)',
  ],
  ...[
    "select printf('%.*c', 99999999, 'x')",
    'select char(0,55296,1114111)',
    "select json('{')",
    'select 9223372036854775808',
  ],
];

/** SELECTs over stored tables, from right to none. */
export const sql = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...columns),
        fc.constantFrom(...columns),
        fc.constantFrom(...tables),
        fc.constantFrom(...ends),
      )
      .map(([first, second, table, end]) => `SELECT ${first}, ${second} FROM ${table}${end}`),
  },
  { weight: 3, arbitrary: fc.constantFrom(...wholeSql) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('select '), text).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: text },
);

import type { JsonValue } from '../json.ts';
import type { Garden } from './garden.ts';
import { to } from './garden.ts';

type Rows = readonly Readonly<Record<string, JsonValue>>[];

/** A table whose rows differ in their name only; the first is the default where the record has such a flag. */
function named(names: readonly string[], member = 'name'): Rows {
  return names.map((name) => ({ [member]: name }));
}

/** The same with a flag on the first row. */
function withDefault(rows: Rows, more: Readonly<Record<string, JsonValue>> = {}): Rows {
  return rows.map((row, index) => ({ ...row, defaultFlag: index === 0, ...more }));
}

const companyWide = {
  '/system/locations': [
    { name: 'Boston', locationFlag: true, clientFlag: true, structureLevel: to(2) },
    { name: 'Portsmouth', locationFlag: true, clientFlag: true, structureLevel: to(2) },
  ],
  '/system/departments': [
    { identifier: 'Service', name: 'Professional Services' },
    { identifier: 'Sales', name: 'Sales' },
    { identifier: 'Admin', name: 'Administration' },
  ],
  '/system/mycompany/corporatestructurelevels': named(['Company', 'Location']),
  '/system/securityroles': named(['Admin', 'Service Technician', 'Sales', 'API Integration']),
  '/system/members/types': named(['Employee', 'Contractor', 'Integration']),
  '/system/timezonesetups': withDefault(named(['US Eastern', 'US Pacific', 'Central Europe']), { timeZone: { id: 1 } }),
  '/company/countries': [
    { name: 'United States', defaultFlag: true, currency: to(1) },
    { name: 'Canada', defaultFlag: false, currency: to(1) },
  ],
  '/company/communicationtypes': [
    {
      description: 'Email',
      iphoneXref: 'Email',
      androidXref: 'Email',
      emailFlag: true,
      phoneFlag: false,
      faxFlag: false,
      defaultFlag: true,
    },
    {
      description: 'Direct',
      iphoneXref: 'Direct',
      androidXref: 'Direct',
      emailFlag: false,
      phoneFlag: true,
      faxFlag: false,
      defaultFlag: true,
    },
    {
      description: 'Cell',
      iphoneXref: 'Cell',
      androidXref: 'Cell',
      emailFlag: false,
      phoneFlag: true,
      faxFlag: false,
      defaultFlag: false,
    },
    {
      description: 'Fax',
      iphoneXref: 'Fax',
      androidXref: 'Fax',
      emailFlag: false,
      phoneFlag: false,
      faxFlag: true,
      defaultFlag: true,
    },
  ],
  '/company/companies/statuses': withDefault(named(['Active', 'Inactive', 'Credit Hold', 'Former Client'])),
  '/company/companies/types': [
    { name: 'Client', defaultFlag: true, vendorFlag: false },
    { name: 'Prospect', defaultFlag: false, vendorFlag: false },
    { name: 'Vendor', defaultFlag: false, vendorFlag: true },
    { name: 'Managed Client', defaultFlag: false, vendorFlag: false },
  ],
  '/company/contacts/types': named(['End User', 'Decision Maker', 'Billing', 'Technical'], 'description'),
  '/company/configurations/statuses': [
    { description: 'Active', closedFlag: false, defaultFlag: true },
    { description: 'In Stock', closedFlag: false, defaultFlag: false },
    { description: 'Retired', closedFlag: true, defaultFlag: false },
  ],
  '/company/configurations/types': named([
    'Workstation',
    'Server',
    'Firewall',
    'Switch',
    'Access Point',
    'Printer',
    'UPS',
  ]).map((row) => ({ ...row, inactiveFlag: false })),
  '/company/notetypes': named(['Comments', 'Account Review']),
} as const satisfies Record<string, Rows>;

const work = {
  '/time/workroles': [
    { name: 'Technician', hourlyRate: 145, inactiveFlag: false },
    { name: 'Engineer', hourlyRate: 185, inactiveFlag: false },
    { name: 'Consultant', hourlyRate: 210, inactiveFlag: false },
  ],
  '/time/worktypes': [
    {
      name: 'Remote Support',
      billTime: 'Billable',
      rateType: 'Multiplier',
      rate: 1,
      inactiveFlag: false,
      overallDefaultFlag: true,
      utilizationFlag: true,
    },
    {
      name: 'Onsite Support',
      billTime: 'Billable',
      rateType: 'Multiplier',
      rate: 1,
      inactiveFlag: false,
      overallDefaultFlag: false,
      utilizationFlag: true,
    },
    {
      name: 'After Hours',
      billTime: 'Billable',
      rateType: 'Multiplier',
      rate: 1.5,
      inactiveFlag: false,
      overallDefaultFlag: false,
      utilizationFlag: true,
    },
    {
      name: 'Internal',
      billTime: 'DoNotBill',
      rateType: 'Multiplier',
      rate: 1,
      inactiveFlag: false,
      overallDefaultFlag: false,
      utilizationFlag: false,
    },
  ],
  '/time/chargecodes': named(['Internal Meeting', 'Training', 'Paid Time Off']).map((row) => ({
    company: to(40),
    ...row,
    timeEntryFlag: true,
  })),
  '/schedule/types': [
    { name: 'Sales Activity', identifier: 'C', systemFlag: true },
    { name: 'Project', identifier: 'P', systemFlag: true },
    { name: 'Holiday', identifier: 'H', systemFlag: true },
    // The number that ConnectWise's own hint uses for tickets (CW 2.3).
    { name: 'Service', identifier: 'S', systemFlag: true },
  ],
  '/schedule/statuses': withDefault(named(['Firm', 'Tentative', 'Completed']), { showAsTentativeFlag: false }),
  '/service/locations': [
    { name: 'Remote', where: 'Remote', defaultFlag: true },
    { name: 'On-Site', where: 'OnSite', defaultFlag: false },
    { name: 'In-House', where: 'InHouse', defaultFlag: false },
  ],
  '/service/sources': withDefault(named(['Phone', 'Email Connector', 'Portal', 'Monitoring', 'Walk-in'])),
  '/service/priorities': [
    { name: 'Critical', color: 'Red', sortOrder: 1, level: 'Critical', defaultFlag: false },
    { name: 'Urgent', color: 'Orange', sortOrder: 2, level: 'High', defaultFlag: false },
    { name: 'High', color: 'Yellow', sortOrder: 3, level: 'High', defaultFlag: false },
    { name: 'Medium', color: 'Green', sortOrder: 4, level: 'Medium', defaultFlag: true },
    { name: 'Low', color: 'White', sortOrder: 5, level: 'Low', defaultFlag: false },
  ],
  '/service/slas': withDefault(named(['Standard', 'Premium']), { basedOn: 'MyCalendar' }),
} as const satisfies Record<string, Rows>;

const money = {
  '/finance/currencies': [
    {
      currencyIdentifier: 'USD',
      name: 'US Dollar',
      currencyCode: { id: 1, name: 'USD' },
      symbol: '$',
      displaySymbolFlag: true,
      numberOfDecimals: 2,
      decimalSeparator: '.',
      thousandsSeparator: ',',
    },
  ],
  '/finance/billingterms': [
    { name: 'Net 30', dueDays: 30, defaultFlag: true },
    { name: 'Net 15', dueDays: 15, defaultFlag: false },
    { name: 'Due on Receipt', dueDays: 0, defaultFlag: false },
  ],
  '/finance/billingcycles': ['Monthly', 'Quarterly', 'Yearly'].map((name) => ({
    name,
    identifier: name.charAt(0),
    billingOptions: name,
  })),
  '/finance/billingstatuses': [
    { name: 'New', sortOrder: 1, defaultFlag: true, closedFlag: false, inactiveFlag: false, sentFlag: false },
    { name: 'Sent', sortOrder: 2, defaultFlag: false, closedFlag: false, inactiveFlag: false, sentFlag: true },
    { name: 'Paid', sortOrder: 3, defaultFlag: false, closedFlag: true, inactiveFlag: false, sentFlag: true },
  ],
  '/finance/agreements/types': named(['Managed Services', 'Block Hours', 'Backup & Recovery', 'Microsoft 365']).map(
    (row) => ({
      ...row,
      employeeCompRate: 'Actual',
      employeeCompNotExceed: 'Billing',
      invoicingCycle: 'CalendarYear',
      billTime: 'Billable',
      billExpenses: 'Billable',
      billProducts: 'Billable',
      inactiveFlag: false,
    }),
  ),
  '/sales/opportunities/types': named(['New Business', 'Renewal', 'Hardware Refresh', 'Project'], 'description').map(
    (row) => ({ ...row, inactiveFlag: false }),
  ),
  '/sales/opportunities/statuses': [
    { name: 'Open', wonFlag: false, lostFlag: false, closedFlag: false, inactiveFlag: false, defaultFlag: true },
    { name: 'Quoted', wonFlag: false, lostFlag: false, closedFlag: false, inactiveFlag: false, defaultFlag: false },
    { name: 'Won', wonFlag: true, lostFlag: false, closedFlag: true, inactiveFlag: false, defaultFlag: false },
    { name: 'Lost', wonFlag: false, lostFlag: true, closedFlag: true, inactiveFlag: false, defaultFlag: false },
  ],
  '/sales/opportunities/ratings': named(['Cold', 'Warm', 'Hot']),
  '/sales/stages': named(['1. Qualify', '2. Propose', '3. Negotiate', '4. Close']),
  '/sales/probabilities': [10, 25, 50, 75, 90].map((probability) => ({ probability })),
  '/sales/activities/types': withDefault(named(['Call', 'Meeting', 'Email Follow-up'])),
  '/sales/activities/statuses': [
    { name: 'Open', closedFlag: false, defaultFlag: true, inactiveFlag: false },
    { name: 'Closed', closedFlag: true, defaultFlag: false, inactiveFlag: false },
  ],
  '/procurement/types': named(['Hardware', 'Software', 'Service']).map((row) => ({ ...row, inactiveFlag: false })),
  '/procurement/categories': named(['Devices', 'Licences', 'Managed Services']).map((row) => ({
    ...row,
    inactiveFlag: false,
  })),
  '/procurement/subcategories': named(['Computers', 'Subscriptions', 'Per Device']).map((row, index) => ({
    ...row,
    inactiveFlag: false,
    category: to(index + 1),
  })),
  '/procurement/manufacturers': named(['Dell', 'Lenovo', 'HP', 'SonicWall', 'Ubiquiti', 'APC', 'Microsoft']).map(
    (row) => ({ ...row, inactiveFlag: false }),
  ),
  '/project/statuses': [
    { name: 'Open', defaultFlag: true, inactiveFlag: false, noTimeFlag: false, closedFlag: false },
    { name: 'On Hold', defaultFlag: false, inactiveFlag: false, noTimeFlag: false, closedFlag: false },
    { name: 'Closed', defaultFlag: false, inactiveFlag: false, noTimeFlag: true, closedFlag: true },
  ],
  '/project/projecttypes': withDefault(named(['Migration', 'Network', 'Office Move'])),
  '/project/phasestatuses': withDefault(named(['Open', 'Closed'])),
} as const satisfies Record<string, Rows>;

/** Products that agreements and tickets name: identifier, description, class, type, price, cost. */
const products = [
  ['MS-WS', 'Managed workstation', 'Agreement', 3, 45, 14],
  ['MS-SRV', 'Managed server', 'Agreement', 3, 160, 48],
  ['BKP-500', 'Cloud backup 500 GB', 'Agreement', 2, 89, 35],
  ['M365-BP', 'Microsoft 365 Business Premium', 'Agreement', 2, 22, 18.5],
  ['EDR', 'Endpoint detection and response', 'Agreement', 2, 8, 3.2],
  ['BLOCK-10', 'Block of ten support hours', 'Service', 3, 1350, 700],
  ['LAP-14', 'Laptop 14 inch, 16 GB', 'NonInventory', 1, 1290, 1010],
  ['FW-270', 'Firewall, small office', 'NonInventory', 1, 840, 610],
  ['AP-U6', 'Wireless access point', 'Inventory', 1, 189, 129],
  ['UPS-1500', 'UPS 1500 VA', 'Inventory', 1, 310, 228],
] as const;

/** Everything that a manager sets up once: tables of names that other records refer to. */
export function plantSetUp({ plant }: Garden): void {
  for (const [key, rows] of [...Object.entries(companyWide), ...Object.entries(work), ...Object.entries(money)] as [
    string,
    Rows,
  ][]) {
    for (const row of rows) plant(key, row);
  }
  for (const [identifier, description, productClass, type, price, cost] of products) {
    plant('/procurement/catalog', {
      identifier,
      description,
      productClass,
      type: to(type),
      subcategory: to(type),
      category: to(type),
      price,
      cost,
      customerDescription: description,
      inactiveFlag: false,
      taxableFlag: type === 1,
      recurringFlag: productClass === 'Agreement',
    });
  }
}

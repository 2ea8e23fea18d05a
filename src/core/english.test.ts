import { expect, test } from 'vitest';
import { plural, singular, withArticle, wordsOf } from './english.ts';

test.each([
  ['agreementTypes', 'agreement types'],
  ['SLAInfo', 'SLA info'],
  ['SLAs', 'SLAs'],
  ['rmaStatuses', 'RMA statuses'],
  ['glAccounts', 'GL accounts'],
  ['m365contact', 'M365 contact'],
  ['office365', 'Office 365'],
  ['connectWiseHostedScreens', 'ConnectWise hosted screens'],
  ['ePayConfigurations', 'ePay configurations'],
  ['TaxCodeXRefs', 'tax code XRefs'],
])('%s is written "%s"', (identifier, words) => {
  expect(wordsOf(identifier).join(' ')).toBe(words);
});

test.each([
  ['company', 'companies'],
  ['status', 'statuses'],
  ['time entry', 'time entries'],
  ['address', 'addresses'],
  ['tax', 'taxes'],
  ['branch', 'branches'],
  ['SLA', 'SLAs'],
  ['survey', 'surveys'],
  ['warehouse', 'warehouses'],
  ['phase', 'phases'],
  ['expense', 'expenses'],
  ['invoice', 'invoices'],
  ['ticket info', 'ticket info'],
  ['email opened', 'emails opened'],
  ['unit of measure', 'unit of measures'],
])('one %s, several %s', (one, several) => {
  expect(singular(several)).toBe(one);
  if (one !== 'email opened') expect(plural(one)).toBe(several);
  expect(plural(several)).toBe(several);
  expect(singular(one)).toBe(one);
});

test.each([
  'a ticket',
  'an agreement',
  'an SLA',
  'an RMA tag',
  'a KPI',
  'an hour',
  'a user',
  'a unit of measure',
  'an M365 contact',
  'my account',
])('%s has its article', (phrase) => {
  expect(withArticle(phrase.replace(/^an? /, ''))).toBe(phrase);
});

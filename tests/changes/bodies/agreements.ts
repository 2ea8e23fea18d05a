import type { BodyCase } from './body-case.ts';

const agreement = { name: 'Care', type: { id: 1 }, company: { id: 2 }, contact: { id: 3 } };
const addition = { product: { id: 5 }, billCustomer: 'Billable', quantity: 10 };

/** How a calendar day is written, and which day is sent: no zone ever moves it. */
const day = (written: string, effectiveDate: string): BodyCase => ({
  name: `an addition from ${written}`,
  call: 'POST /finance/agreements/1/additions',
  data: { ...addition, effectiveDate: written },
  sent: { ...addition, effectiveDate },
  said: [/a calendar day/],
});

export const agreementBodies: readonly BodyCase[] = [
  {
    name: 'a new agreement that is right',
    call: 'POST /finance/agreements',
    data: { ...agreement, startDate: '2025-04-01T00:00:00Z', billTime: 'Billable', noEndingDateFlag: true },
  },
  {
    name: 'a new agreement without anything',
    call: 'POST /finance/agreements',
    data: { customerPO: 'x'.repeat(51) },
    refused: {
      name: /is required/,
      type: /is required/,
      company: /is required/,
      contact: /is required/,
      customerPO: /51 characters.*at most 50/,
    },
  },
  {
    name: 'a new agreement in the words of other systems',
    call: 'POST /finance/agreements',
    data: { ...agreement, expirationDate: '2025-12-31', status: 'Active', cancelled: true },
    refused: { expirationDate: /endDate/, status: /agreementStatus/, cancelled: /cancelledFlag/ },
  },
  {
    name: 'an agreement that ends',
    call: 'PATCH /finance/agreements/1',
    data: { endDate: '12/31/2025', noEndingDateFlag: 'false', reasonCancelled: 7 },
    sent: [
      { op: 'replace', path: 'endDate', value: '2025-12-31T00:00:00Z' },
      { op: 'replace', path: 'noEndingDateFlag', value: false },
      { op: 'replace', path: 'reasonCancelled', value: '7' },
    ],
    said: [/"12\/31\/2025" is sent as 2025-12-31T00:00:00Z, a calendar day/],
  },
  {
    name: 'an agreement that loses what updates require',
    call: 'PATCH /finance/agreements/1',
    data: { invoicingCycle: null, billTime: '' },
    refused: { billTime: /not one of its values/ },
  },
  {
    name: 'an addition that is right',
    call: 'POST /finance/agreements/1/additions',
    data: { ...addition, effectiveDate: '2025-04-01T00:00:00Z', product: { identifier: 'SEAT' } },
  },
  day('2025-04-01', '2025-04-01T00:00:00Z'),
  day('2025-04-01T22:00:00-05:00', '2025-04-01T00:00:00Z'),
  day('2025-04-01T04:00:00Z', '2025-04-01T00:00:00Z'),
  day('2025-04-01 09:00', '2025-04-01T00:00:00Z'),
  day('today', '2025-03-12T00:00:00Z'),
  day('tomorrow 14:00', '2025-03-13T00:00:00Z'),
  day('in 2 weeks', '2025-03-26T00:00:00Z'),
  day('now', '2025-03-12T00:00:00Z'),
  {
    name: 'an addition without its product',
    call: 'POST /finance/agreements/1/additions',
    data: { quantity: 'ten', effectiveDate: 'this month', billCustomer: null },
    refused: {
      product: /is required/,
      billCustomer: /is required/,
      quantity: /is not a number/,
      effectiveDate: /is not a date.*today/,
    },
  },
  {
    name: 'an addition whose price changes',
    call: 'PATCH /finance/agreements/1/additions/9',
    data: [{ op: 'replace', path: '/UnitPrice', value: '12.50' }],
    sent: [{ op: 'replace', path: '/unitPrice', value: 12.5 }],
    said: [/UnitPrice is written unitPrice; unitPrice: "12.50" is sent as 12.5/],
  },
  {
    name: 'an addition that ends',
    call: 'PATCH /finance/agreements/1/additions/9',
    data: { cancelledDate: '2025-03-31T00:00:00Z', billCustomer: 'donotbill' },
    sent: [
      { op: 'replace', path: 'cancelledDate', value: '2025-03-31T00:00:00Z' },
      { op: 'replace', path: 'billCustomer', value: 'DoNotBill' },
    ],
    said: [/"donotbill" is spelt DoNotBill/],
  },
];

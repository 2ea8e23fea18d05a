import type { BodyCase } from './body-case.ts';

const charged = { chargeToId: 4711, chargeToType: 'ServiceTicket' };
const timeEntry = (name: string, data: Record<string, unknown>, expected: Partial<BodyCase> = {}): BodyCase => ({
  name: `a time entry ${name}`,
  call: 'POST /time/entries',
  data: { ...charged, ...data },
  ...expected,
});

/** How a start is written, what is sent, and what the preview says about it. */
const start = (written: string, timeStart: string, said: RegExp): BodyCase =>
  timeEntry(`that begins ${written}`, { timeStart: written }, { sent: { ...charged, timeStart }, said: [said] });
const noStart = (written: unknown, message: RegExp): BodyCase =>
  timeEntry(`that begins ${JSON.stringify(written)}`, { timeStart: written }, { refused: { timeStart: message } });

export const timeBodies: readonly BodyCase[] = [
  timeEntry('that is right', {
    timeStart: '2025-03-12T14:00:00Z',
    timeEnd: '2025-03-12T15:30:00Z',
    billableOption: 'Billable',
    workType: { name: 'Remote' },
    notes: 'Fixed.\nTested.',
    addToDetailDescriptionFlag: true,
  }),
  timeEntry('without a start', { actualHours: 1 }, { refused: { timeStart: /is required/ } }),
  start('2025-03-12T10:00:00-04:00', '2025-03-12T14:00:00Z', /sent as 2025-03-12T14:00:00Z\.$/),
  start('2025-03-12T14:00:00.123Z', '2025-03-12T14:00:00Z', /\.123Z" is sent as/),
  start('2025-03-12 10:00', '2025-03-12T14:00:00Z', /\(2025-03-12 10:00 EDT\)/),
  start('2025-01-15T10:00', '2025-01-15T15:00:00Z', /\(2025-01-15 10:00 EST\)/),
  start('2025-03-12', '2025-03-12T04:00:00Z', /\(2025-03-12 00:00 EDT\)/),
  start('today 9:15', '2025-03-12T13:15:00Z', /\(2025-03-12 09:15 EDT\)/),
  start('Yesterday at 4pm', '2025-03-11T20:00:00Z', /\(2025-03-11 16:00 EDT\)/),
  start('2025-03-12 2:30 p.m.', '2025-03-12T18:30:00Z', /14:30 EDT/),
  start('3/31/2025 08:00', '2025-03-31T12:00:00Z', /08:00 EDT/),
  start('2 hours ago', '2025-03-12T23:30:00Z', /19:30 EDT/),
  start('now', '2025-03-13T01:30:00Z', /21:30 EDT/),
  start('2025-03-09 01:59', '2025-03-09T06:59:00Z', /01:59 EST/),
  start('2025-03-09 02:30', '2025-03-09T07:30:00Z', /03:30 EDT\): clocks skip that time/),
  start('2025-11-02 01:30', '2025-11-02T05:30:00Z', /01:30 EDT\): clocks show that time twice; this is the first/),
  start('2025-11-02 02:30', '2025-11-02T07:30:00Z', /02:30 EST/),
  noStart('3/4/2025', /can be two days.*2025-03-04 or 2025-04-03/),
  noStart('next week', /is not a date.*tomorrow 14:00/),
  noStart('tomorrow 25:00', /is not a date/),
  noStart('2025-02-30', /is not a date/),
  noStart(1741788000, /is not a date/),
  timeEntry(
    'in the words of other systems',
    { timeStart: 'now', hours: 2, billable: true, technician: 'jdoe', ticketId: 4711, endTime: 'now' },
    {
      refused: {
        hours: /actualHours/,
        billable: /billableOption/,
        technician: /member, as \{"identifier": …\}/,
        ticketId: /chargeToId with chargeToType/,
        endTime: /timeEnd/,
      },
    },
  ),
  timeEntry(
    'with values in another spelling',
    {
      timeStart: '2025-03-12T14:00:00Z',
      chargeToType: 'service ticket',
      billableOption: 'do not bill',
      actualHours: '0.5',
    },
    {
      sent: {
        ...charged,
        timeStart: '2025-03-12T14:00:00Z',
        billableOption: 'DoNotBill',
        actualHours: 0.5,
      },
      said: [/"service ticket" is spelt ServiceTicket; .*"do not bill" is spelt DoNotBill; .*"0.5" is sent as 0.5/],
    },
  ),
  timeEntry(
    'whose billing is no value',
    { timeStart: '2025-03-12T14:00:00Z', billableOption: 'Non-Billable' },
    { refused: { billableOption: /Billable, DoNotBill, NoCharge, NoDefault/ } },
  ),
  {
    name: 'a time entry that loses its billing',
    call: 'PATCH /time/entries/5',
    data: [{ op: 'remove', path: '/billableOption' }],
    said: [/billableOption must have a value/],
  },
  {
    name: 'a time entry whose stamps change',
    call: 'PATCH /time/entries/5',
    data: { enteredBy: 'jdoe', dateEntered: 'today' },
    refused: { enteredBy: /written by ConnectWise/, dateEntered: /written by ConnectWise/ },
  },
  {
    name: 'a schedule entry that is right',
    call: 'POST /schedule/entries',
    data: {
      objectId: 4711,
      type: { identifier: 'S' },
      member: { identifier: 'jdoe' },
      dateStart: '2025-03-13T18:00:00Z',
      dateEnd: '2025-03-13T19:00:00Z',
    },
  },
  {
    name: 'a schedule entry in words',
    call: 'POST /schedule/entries',
    data: { objectId: '4711', type: { id: 4 }, dateStart: 'tomorrow 14:00', dateEnd: 'tomorrow 3 pm' },
    sent: { objectId: 4711, type: { id: 4 }, dateStart: '2025-03-13T18:00:00Z', dateEnd: '2025-03-13T19:00:00Z' },
    said: [/objectId: "4711" is sent as 4711; dateStart: "tomorrow 14:00".*14:00 EDT.*15:00 EDT/],
  },
  {
    name: 'a schedule entry in the words of other systems',
    call: 'POST /schedule/entries',
    data: { ticketId: 4711, type: 'S', start: 'now', technician: 'jdoe' },
    refused: {
      ticketId: /objectId/,
      type: /must name a record/,
      start: /dateStart/,
      technician: /member, as \{"identifier": …\}/,
    },
  },
  {
    name: 'a schedule entry without its type',
    call: 'POST /schedule/entries',
    data: { objectId: 4711 },
    refused: { type: /is required/ },
  },
  {
    name: 'a schedule entry that is done',
    call: 'PATCH /schedule/entries/8',
    data: { doneFlag: 'true', hours: '1' },
    sent: [
      { op: 'replace', path: 'doneFlag', value: true },
      { op: 'replace', path: 'hours', value: 1 },
    ],
    said: [/doneFlag: "true" is sent as true; hours: "1" is sent as 1/],
  },
];

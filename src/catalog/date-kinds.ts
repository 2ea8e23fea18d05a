import type { Member } from './endpoint.ts';

/** `date-time`: an instant in UTC. `date-only`: a calendar day kept as its midnight, never shifted by a zone (CW 6.11). */
export type DateKind = 'date-time' | 'date-only';

/** `either`: both were seen or nothing is known; compared as an instant, and shown as what its values are. */
type Sort = DateKind | 'either';

/**
 * Every date of the shipped catalog. `Schema.member` goes before `member`, which is for all other schemas. The
 * definition gives the format of an instant to days too, and to some dates none.
 */
const groups: readonly { sort: Sort; why: string; members: string }[] = [
  {
    sort: 'date-only',
    why: 'Agreements, additions, invoices and warranties keep days (CW 5.7.4, 6.11).',
    members: `Agreement.startDate Agreement.endDate agreementStartDate agreementEndDate billStartDate
      Agreement.dateCancelled Addition.cancelledDate nextInvoiceDate lastInvoiceDate effectiveDate endingDate date dueDate
      invoiceDate dateInvoice purchasedInvoiceDate warrantyExpirationDate purchaseDate installationDate`,
  },
  {
    sort: 'date-only',
    why: 'A sheet, a report of expenses and a period of time are made of whole days.',
    members: `TimeSheet.dateStart TimeSheet.dateEnd deadline deadlineDate ExpenseReport.dateStart ExpenseReport.dateEnd
      TimePeriod.startDate TimePeriod.endDate firstPeriodEndDate periodStartDate periodEndDate timeSheetStartDate`,
  },
  {
    sort: 'date-only',
    why: 'The name says a date, and the time is in a member beside it or has no meaning: people, prices, validity.',
    members: `hireDate inactiveDate birthDay anniversary dateExpires MemberCertification.dateReceived dateExpense
      TimeEntryChangeLog.dateStart startDate endDate cancelDate recurringDateStart recurringDateEnd
      Commission.dateStart Commission.dateEnd`,
  },
  {
    sort: 'date-only',
    why: 'Projects and sales are planned by the day.',
    members: `estimatedStart estimatedEnd scheduledStart scheduledEnd scheduled_Start scheduled_End actualStart actualEnd
      billingStartDate ProjectTicket.requiredDate ProjectTicket.estimatedStartDate expectedCloseDate
      Opportunity.closedDate pipelineChangeDate dateBecameLead dateAcquired`,
  },
  {
    sort: 'date-only',
    why: 'Orders, payments and documents of bookkeeping have a date.',
    members: `orderDate poDate shipDate shipmentDate shippingDate expectedShipDate expectedArrivalDate dateReceived
      documentDate vendorInvoiceDate paymentDate adjustedDate thruDate`,
  },
  {
    sort: 'date-time',
    why: 'The server keeps the moment at which something was done.',
    members: `dateEntered dateCreated dateDeleted dateOpened dateClicked dateSubmitted dateInactivated dateClosed
      dateResolved dateResplan dateResponded enteredDate createdOnDate closedDate lastUpdated lastSync lastLogin
      batchLastRan lastPaymentSync paymentSyncDate lastBackupDate acknowledgedDate closeDate`,
  },
  {
    sort: 'date-time',
    why: 'The name says a time or UTC, or a twin of that name does.',
    members: `timeStart timeEnd startTime endTime timeStartUtc timeEndUtc runTime lastUpdateUtc paymentDateUtc
      dateClosedUtc dateEndUtc dateReviewedUTC dateTestedUTC dateCanceledUtc dateCanceled escalationStartDateUTC
      resolutionGoalUTC resplanGoalUTC respondByGoalUTC`,
  },
  {
    sort: 'date-time',
    why: 'Appointments, runs, absences and certificates begin and end at a time of day (CW 5.7.1).',
    members: `dateStart dateEnd scheduleStartDate scheduleEndDate nextRunDate dateBack samlCertificateValidFrom
      samlCertificateValidTo expiration`,
  },
  {
    sort: 'either',
    why: 'A person enters it, with or without a time; nothing says which.',
    members: `requiredDate estimatedStartDate subDateAccepted cancelledDate MemberDelegation.dateStart
      MemberDelegation.dateEnd ContactTrack.startDate ContactTrack.endDate CwTimeZone.startDate CwTimeZone.endDate`,
  },
];

const sorted: ReadonlyMap<string, Sort> = new Map(
  groups.flatMap(({ sort, members }) => members.split(/\s+/).map((name) => [name, sort] as const)),
);

/** Times of day, which have no date. */
const timesOfDay: ReadonlySet<string> = new Set([
  'Holiday.timeStart',
  'Holiday.timeEnd',
  'HolidayInfo.timeStart',
  'HolidayInfo.timeEnd',
]);

/** Names of dates that the definition calls plain strings, in definitions newer than the table. */
const datedName = /^(date[A-Z]\w*|\w+Date(Utc|UTC|Entered)?|\w*DateAccepted)$/;

/** Names that only look like dates: captions, filters, choices and times of day. */
const notDated = /(Caption|Filter|Override|Format|Field|Direction|Flag|Type|Name)$|^dateTime|^update/i;

type DateMember = Pick<Member, 'name' | 'type' | 'format' | 'enum'>;

/** How a date is sorted, by the definition or the table; undefined for a member that neither has. */
export function findSort(schema: string, { name, type, format, enum: values }: DateMember): Sort | undefined {
  if (type !== 'string' || (values?.length ?? 0) > 0 || timesOfDay.has(`${schema}.${name}`)) return undefined;
  if (format === 'date') return 'date-only';
  return sorted.get(`${schema}.${name}`) ?? sorted.get(name);
}

/** A date that is not sorted, of a definition newer than the table. */
const isUnsorted = ({ name, type, format, enum: values }: DateMember) =>
  format === 'date-time' ||
  (type === 'string' && (values?.length ?? 0) === 0 && datedName.test(name) && !notDated.test(name));

/** Which kind of date a member holds, also where the definition says string; undefined where it is not a date. */
export function dateKindOf(schema: string, member: DateMember): DateKind | undefined {
  const sort = findSort(schema, member) ?? (isUnsorted(member) ? 'either' : undefined);
  return sort === 'either' ? 'date-time' : sort;
}

/** Whether only the values of a date show if it holds days. */
export function isDayByValue(schema: string, member: DateMember): boolean {
  const sort = findSort(schema, member);
  return sort === undefined ? isUnsorted(member) : sort === 'either';
}

import type { Member } from './endpoint.ts';

/** `date-time`: an instant in UTC. `date-only`: a calendar day kept as its midnight, never shifted by a zone (CW 6.11). */
export type DateKind = 'date-time' | 'date-only';

/** Names of dates that the definition calls plain strings. */
const datedName =
  /^(date[A-Z]\w*|\w+Date(Utc|UTC|Entered)?|\w*DateAccepted|createdOnDate|date|lastUpdated|lastSync|timeStartUtc|timeEndUtc|escalationStartDateUTC)$/;

/** Names that only look like dates: captions, filters, choices and times of day. */
const notDated = /(Caption|Filter|Override|Format|Field|Direction|Flag|Type|Name)$|^dateTime|^update/i;

/** Records whose dates are calendar days: agreements, additions, invoices and warranties (CW 5.7.4, 6.11). */
const calendarSchemas = /^(Agreement|Addition|Invoice|UnpostedInvoice)/;

/** The dates of these records that are calendar days; when one was entered or changed is an instant everywhere. */
const calendarNames =
  /^(startDate|endDate|date|dueDate|invoiceDate|effectiveDate|cancelledDate|dateCancelled|billStartDate|nextInvoiceDate|lastInvoiceDate|agreementStartDate|agreementEndDate)$/;

const calendarMembers: ReadonlySet<string> = new Set([
  'Configuration.warrantyExpirationDate',
  'Configuration.purchaseDate',
  'Configuration.installationDate',
]);

/** Which kind of date a member holds, also where the definition says string; undefined where it is not a date. */
export function dateKindOf(
  schema: string,
  { name, type, format }: Pick<Member, 'name' | 'type' | 'format'>,
): DateKind | undefined {
  const dated =
    format === 'date-time' || format === 'date' || (type === 'string' && datedName.test(name) && !notDated.test(name));
  if (!dated) return undefined;
  const calendar =
    format === 'date' ||
    calendarMembers.has(`${schema}.${name}`) ||
    (calendarSchemas.test(schema) && calendarNames.test(name));
  return calendar ? 'date-only' : 'date-time';
}

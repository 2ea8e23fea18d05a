/**
 * Members that hold a calendar day, stored as its midnight in UTC: agreement, warranty and invoice dates (CW 5.7,
 * 6.11). Shifting them by a zone would move them to the day before.
 */
export const defaultDateMembers: ReadonlySet<string> = new Set([
  'Agreement.startDate',
  'Agreement.endDate',
  'Agreement.dateCancelled',
  'Agreement.billStartDate',
  'Agreement.nextInvoiceDate',
  'Addition.effectiveDate',
  'Addition.cancelledDate',
  'Configuration.purchaseDate',
  'Configuration.installationDate',
  'Configuration.warrantyExpirationDate',
  'Invoice.date',
  'Invoice.dueDate',
  'InvoiceReference.invoiceDate',
]);

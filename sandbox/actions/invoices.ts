import { addRecord, toStamp } from '../context.ts';
import { referenceMember } from '../references.ts';
import { getVisible } from '../roles.ts';
import { referenceToDefault } from '../rules/rule.ts';
import { fileAnswer, jsonAnswer } from '../server/answer.ts';
import { type Call, numericIds } from '../server/call.ts';

/**
 * The invoice of an agreement over its additions that are in force: the only way to an invoice of type Agreement
 * (CW 4.2.13). Answers its number.
 */
export function invoiceAgreement(call: Call): Response {
  const { context } = call;
  const [agreementId = 0] = numericIds(call);
  const agreement = getVisible(context, '/finance/agreements', agreementId);
  const today = toStamp(context.now());
  let total = 0;
  for (const { value } of context.store.records('/finance/agreements/{}/additions', [agreementId])) {
    const isInForce =
      String(value.effectiveDate ?? '') <= today &&
      (typeof value.cancelledDate !== 'string' || value.cancelledDate > today);
    if (isInForce && value.billCustomer === 'Billable')
      total += Number(value.quantity ?? 0) * Number(value.unitPrice ?? 0);
  }
  const day = `${today.slice(0, 10)}T00:00:00Z`;
  const { id } = addRecord(context, '/finance/invoices', [], {
    invoiceNumber: String(10_000 + context.store.nextId('/finance/invoices')),
    type: 'Agreement',
    applyToType: 'Agreement',
    applyToId: agreementId,
    agreement: { id: agreementId },
    company: agreement.value.company ?? {},
    date: day,
    dueDate: day,
    locationId: 1,
    subtotal: total,
    total,
    payments: 0,
    credits: 0,
    balance: total,
    status: referenceToDefault(context, '/finance/billingstatuses', 'defaultFlag'),
  });
  return jsonAnswer(201, id);
}

/** An invoice as a PDF file of one page (CW 5.7.5). */
export function showInvoicePdf(call: Call): Response {
  const { context } = call;
  const [id = 0] = numericIds(call);
  const { value } = getVisible(context, '/finance/invoices', id);
  const company = referenceMember(context, 'CompanyReference', value.company, 'name');
  const money = (amount: unknown) => Number(amount ?? 0).toFixed(2);
  const lines = [
    `Invoice ${value.invoiceNumber}`,
    `To: ${company ?? ''}`,
    `Date: ${String(value.date ?? '').slice(0, 10)}`,
    `Due: ${String(value.dueDate ?? '').slice(0, 10)}`,
    '',
    `Subtotal: ${money(value.subtotal)}`,
    `Total: ${money(value.total)}`,
    `Payments: ${money(value.payments)}`,
    `Balance: ${money(value.balance)}`,
  ];
  return fileAnswer(renderPdf(lines), 'application/pdf', `Invoice-${value.invoiceNumber}.pdf`);
}

/** A page of text as a PDF file, in a font that every reader has; letters beyond Latin-1 become `?`. */
function renderPdf(lines: readonly string[]): Uint8Array<ArrayBuffer> {
  const text = lines.map((line) => `(${escapeText(line)}) Tj T*`).join('\n');
  const stream = `BT /F1 11 Tf 16 TL 60 780 Td\n${text}\nET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
  ];
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const start = file.length;
  // Each line of the table is twenty bytes long, its line break included.
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}`;
  file += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return new Uint8Array(Buffer.from(file, 'latin1'));
}

function escapeText(text: string): string {
  return text.replace(/[^\x20-\x7e\xa0-\xff]/g, '?').replace(/[\\()]/g, (letter) => `\\${letter}`);
}

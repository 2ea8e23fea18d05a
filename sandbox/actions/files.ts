import { fileAnswer } from '../answer.ts';
import { type Call, numericIds } from '../call.ts';
import { referenceMember } from '../references.ts';
import { recordNotFound } from '../refusal.ts';
import { renderPdf } from '../render-pdf.ts';
import { type Color, renderPng } from '../render-png.ts';
import { findVisible } from '../roles.ts';
import type { StoredRecord } from '../store.ts';

function getRecord({ world, ids }: Call, key: string, kind: string): StoredRecord {
  const [id = 0] = numericIds({ ids });
  const record = findVisible(world, key, id);
  if (record === undefined) throw recordNotFound(kind, id);
  return record;
}

const namedColors: Readonly<Record<string, Color>> = {
  Red: [200, 30, 30],
  Orange: [230, 130, 20],
  Yellow: [235, 205, 40],
  Green: [40, 150, 60],
  Blue: [40, 90, 200],
  White: [245, 245, 245],
};

/** A picture of a record: of a priority its colour, of a person one of their own (CW 5.8.4). */
export function showImage(key: string, kind: string): (call: Call) => Response {
  return (call) => {
    const { id, value } = getRecord(call, key, kind);
    const name = typeof value.color === 'string' ? value.color : '';
    const own: Color = [(id * 67) % 200, (id * 131) % 200, (id * 29) % 200];
    return fileAnswer(renderPng(namedColors[name] ?? own), 'image/png');
  };
}

/** CW 5.7.5. */
export function showInvoicePdf(call: Call): Response {
  const { world } = call;
  const { value } = getRecord(call, '/finance/invoices', 'Invoice');
  const company = referenceMember(world, 'CompanyReference', value.company, 'name');
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

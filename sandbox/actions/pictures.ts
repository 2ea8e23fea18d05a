import { crc32, deflateSync } from 'node:zlib';
import { referenceMember } from '../references.ts';
import { findVisible } from '../roles.ts';
import { fileAnswer } from '../server/answer.ts';
import { type Call, numericIds } from '../server/call.ts';
import { recordNotFound } from '../server/refusal.ts';
import type { StoredRecord } from '../store.ts';
import { renderPdf } from './invoices.ts';

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

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

type Color = readonly [red: number, green: number, blue: number];

/** A square of one colour as a PNG file: what stands for pictures of people and priorities. */
function renderPng(color: Color, size = 48): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, size);
  view.setUint32(4, size);
  // Eight bits a channel, red green blue; compression, filter and interlace of the standard's only kind.
  header.set([8, 2, 0, 0, 0], 8);
  // Each row begins with the number of its filter, 0 for none.
  const row = Uint8Array.from([0, ...Array.from({ length: size }, () => color).flat()]);
  const pixels = Buffer.concat(Array.from({ length: size }, () => row));
  return new Uint8Array(
    Buffer.concat([
      signature,
      chunk('IHDR', header),
      chunk('IDAT', deflateSync(pixels)),
      chunk('IEND', new Uint8Array()),
    ]),
  );
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

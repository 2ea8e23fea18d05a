import { inflateSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import type { OpenedCatalog } from '../../src/catalog/catalog.ts';
import { sharedCatalog } from '../support/shared.ts';
import { type Asked, expectFault, startSandbox } from './ask.ts';

let catalog: OpenedCatalog;
let asked: Asked;
beforeAll(async () => {
  catalog = await sharedCatalog();
  asked = startSandbox(catalog);
});

const bytes = Uint8Array.from({ length: 300 }, (_, index) => index % 256);

function formOf(members: Record<string, string>, fileName?: string): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(members)) form.set(name, value);
  if (fileName !== undefined) form.set('file', new File([bytes], fileName));
  return form;
}
const upload = (form: FormData, path = '/system/documents') => asked.ask(path, { method: 'POST', form });
const onTicket = { recordType: 'Ticket', recordId: '1100', title: 'Screenshot' };

describe('CW 5.8: documents', () => {
  test('CW 5.8.1, CW 4.2.24: JSON is 415, multipart is 201', async () => {
    expect((await asked.post('/system/documents', { title: 'x' })).status).toBe(415);
    const made = await upload(formOf({ ...onTicket, privateFlag: 'true' }, 'screen.png'));
    expect(made.status, made.text).toBe(201);
    expect(made.body).toMatchObject({
      id: expect.any(Number),
      title: 'Screenshot',
      fileName: 'screen.png',
      owner: 'apigateway',
      imageFlag: true,
      linkFlag: false,
      size: 300,
      _info: { enteredBy: 'apigateway' },
    });
    expect(made.body).not.toHaveProperty('content');
  });

  test('CW 5.8.2: lists need kind and number of the record, and hold what hangs on it', async () => {
    expectFault(await asked.ask('/system/documents'), 'MissingRequiredField', 'The recordType field is required.');
    expectFault(
      await asked.ask('/system/documents', { query: { recordType: 'Ticket' } }),
      'MissingRequiredField',
      'The recordId field is required.',
    );
    const { id } = (await upload(formOf({ ...onTicket, recordId: '1101' }, 'a.txt'))).body;
    const query = { recordType: 'ticket', recordId: 1101 };
    expect((await asked.ask('/system/documents', { query })).body).toMatchObject([{ id, fileName: 'a.txt' }]);
    expect((await asked.ask('/system/documents/count', { query })).body).toEqual({ count: 1 });
    expect((await asked.ask('/system/documents', { query: { ...query, recordId: 1102 } })).body).toEqual([]);
  });

  test('CW 5.8.2: a download is the bytes as they came, under their name', async () => {
    const { id } = (await upload(formOf(onTicket, 'Übersicht "1".pdf'))).body;
    const { status, headers, bytes: got } = await asked.ask(`/system/documents/${id}/download`);
    expect(status).toBe(200);
    expect(got).toEqual(bytes);
    expect(headers.get('content-type')).toBe('application/pdf');
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename=".*"; filename\*=UTF-8''%C3%9Cbersicht/);
  });

  test.each([
    ['CW 5.8.3', 'InvalidField', 'The field recordType is invalid.', { recordType: 'Toaster' }],
    ['CW 5.8.1', 'InvalidField', 'The field recordId is invalid.', { recordId: 'x' }],
    ['CW 5.8.1', 'MissingRequiredField', 'The file field is required.', {}],
  ])('%s: %s %s', async (_, code, message, members) => {
    const isWhole = Object.keys(members).length > 0;
    expectFault(await upload(formOf({ ...onTicket, ...members }, isWhole ? 'a.txt' : undefined)), code, message);
  });

  test('CW 5.8.3: a record that is not there takes no document', async () => {
    const answer = await upload(formOf({ ...onTicket, recordId: '99999' }, 'a.txt'));
    expect([answer.status, answer.body.message]).toEqual([404, 'Ticket 99999 not found']);
    expect((await upload(formOf({ ...onTicket, recordType: 'Company', recordId: '2' }, 'a.txt'))).status).toBe(201);
  });

  test('CW 5.8.5, 5.8.6: a link needs no file, an update is a POST with 200, DELETE is 204', async () => {
    const { body } = await upload(formOf({ ...onTicket, url: 'https://example.com/manual' }));
    expect(body).toMatchObject({ linkFlag: true, urlFlag: true, fileName: 'https://example.com/manual' });
    const renamed = await upload(formOf({ title: 'Manual' }), `/system/documents/${body.id}`);
    expect([renamed.status, renamed.body.title]).toEqual([200, 'Manual']);
    expect((await asked.ask(`/system/documents/${body.id}/download`)).status).toBe(404);
    expect((await asked.remove(`/system/documents/${body.id}`)).status).toBe(204);
    expect((await asked.ask(`/system/documents/${body.id}`)).status).toBe(404);
  });

  test('CW 5.8.2: thumbnails are for pictures, and there is a form to try', async () => {
    const picture = (await upload(formOf(onTicket, 'a.png'))).body;
    const text = (await upload(formOf(onTicket, 'a.txt'))).body;
    expect((await asked.ask(`/system/documents/${picture.id}/thumbnail`)).headers.get('content-type')).toBe(
      'image/png',
    );
    expect((await asked.ask(`/system/documents/${text.id}/thumbnail`)).status).toBe(404);
    expect((await asked.ask('/system/documents/uploadsample')).text).toContain('enctype="multipart/form-data"');
  });

  test('a form that is broken off is 400', async () => {
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    expect((await asked.ask('/system/documents', { method: 'POST', text: '--x\r\nbroken', headers })).status).toBe(400);
  });
});

describe('CW 5.8.4: images', () => {
  test.each(['/company/contacts/7/image', '/system/members/2/image', '/service/priorities/3/image'])(
    '%s is a PNG file whose pixels can be read',
    async (path) => {
      const { status, headers, bytes: file } = await asked.ask(path);
      expect([status, headers.get('content-type')]).toEqual([200, 'image/png']);
      const view = new DataView(file.buffer, file.byteOffset);
      const [width, height] = [view.getUint32(16), view.getUint32(20)];
      const dataAt = Buffer.from(file).indexOf('IDAT');
      const pixels = inflateSync(file.subarray(dataAt + 4, dataAt + 4 + view.getUint32(dataAt - 4)));
      expect(pixels.byteLength).toBe(height * (1 + 3 * width));
    },
  );

  test('an unknown person has no picture', async () => {
    expect((await asked.ask('/company/contacts/99999/image')).status).toBe(404);
  });
});

test('CW 5.7.5: the PDF of an invoice is binary, and its table of objects is right', async () => {
  const invoice = (await asked.ask('/finance/invoices', { query: { pageSize: 1 } })).body[0];
  const { headers, text } = await asked.ask(`/finance/invoices/${invoice.id}/pdf`);
  expect(headers.get('content-type')).toBe('application/pdf');
  expect(text.startsWith('%PDF-')).toBe(true);
  expect(text).toContain(`Invoice ${invoice.invoiceNumber}`);
  const start = Number(/startxref\n(\d+)/.exec(text)?.[1]);
  expect(text.slice(start, start + 4)).toBe('xref');
  const offsets = [...text.matchAll(/^(\d{10}) 00000 n/gm)].map(([, offset]) => Number(offset));
  expect(offsets.length).toBeGreaterThan(3);
  for (const [index, offset] of offsets.entries()) {
    expect(text.slice(offset).startsWith(`${index + 1} 0 obj`)).toBe(true);
  }
});

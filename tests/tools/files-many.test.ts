import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connect } from '../support/connect.ts';
import { type Answer, attachment, openDocumentServer } from '../support/document-server.ts';

let home: string;
let downloads: string;
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'cwm files ')));
  downloads = join(home, 'Downloads');
  mkdirSync(downloads);
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe('the files of many records', () => {
  const pdf = (bytes: number): Answer => ({
    headers: { 'content-type': 'application/pdf' },
    body: Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(bytes - 9, 7)]),
  });

  test('are saved one by one and answered as a table, whatever their size', async () => {
    await using server = await openDocumentServer({
      'GET /finance/invoices/12/pdf': pdf(1_000_000),
      'GET /finance/invoices/13/pdf': pdf(12_000_000),
    });
    await using app = await connect({ environment: server.environment, home });
    const { data } = await app.call('save_file', { path: '/finance/invoices/{id}/pdf', for_each: [12, 13] });
    expect(data.outcome).toMatch(/^COMPLETE: 2 rows in files_\d+\.$/);
    expect(data.notes).toContain(
      '2 files, 13.0 MB together, saved on this computer; parentId is the record of each, size is in bytes.',
    );
    const row = (id: number, size: number) => ({
      parentId: id,
      name: `invoice-${id}.pdf`,
      path: join(downloads, `invoice-${id}.pdf`),
      type: 'application/pdf',
      size,
    });
    const { columns, rows } = data.table;
    const records = rows.map((cells: unknown[]) => Object.fromEntries(cells.map((cell, at) => [columns[at], cell])));
    expect(records).toEqual([row(12, 1_000_000), row(13, 12_000_000)]);
    expect(Buffer.from(pdf(12_000_000).body ?? '').equals(readFileSync(join(downloads, 'invoice-13.pdf')))).toBe(true);
    const [table] = /files_\d+/.exec(data.outcome) ?? [];
    const asked = await app.call('query_results', { sql: `select sum(size) as bytes from ${table}` });
    expect(asked.data.table.rows).toEqual([[13_000_000]]);
  });

  test('of one name take no place from each other, and one that is refused is named', async () => {
    await using server = await openDocumentServer({
      'GET /system/documents/1/download': attachment('scan.txt', 'one'),
      'GET /system/documents/3/download': attachment('scan.txt', 'three'),
    });
    await using app = await connect({ environment: server.environment, home });
    const path = '/system/documents/{id}/download';
    const { data, text } = await app.call('save_file', { path, for_each: '1,2,3' });
    expect(data.outcome).toMatch(/^PARTIAL: 2 of more rows in files_\d+; 2 of 3 files were saved\.$/);
    expect(text).toMatch(/Note: Not read to their end: 2: /);
    expect(data.next).toContain('for_each');
    expect(readFileSync(join(downloads, 'scan.txt'), 'utf8')).toBe('one');
    expect(readFileSync(join(downloads, 'scan (2).txt'), 'utf8')).toBe('three');
  });

  test('come from the sandbox, too, for the ids of a statement', async () => {
    await using app = await connect({ home });
    const read = await app.call('execute_api_call', { path: '/finance/invoices', params: { pageSize: '5' } });
    const [invoices] = /invoices_\d+/.exec(read.text) ?? [];
    const many = { path: '/finance/invoices/{id}/pdf', for_each: `select id from ${invoices}` };
    const refused = await app.call('execute_api_call', many);
    expect(refused.text).toMatch(/^invalid_argument: .*nothing was read.*\n.*save_file with path/);
    expect(readdirSync(downloads)).toEqual([]);
    const saved = await app.call('save_file', many);
    const [files] = /files_\d+/.exec(saved.data.outcome) ?? [];
    const { data } = await app.call('query_results', { sql: `select path from ${files} order by name` });
    expect(data.table.rows.flat().map((file: string) => existsSync(file))).toEqual([true, true, true, true, true]);
  });
});

test('a file in the place of a list is saved like any other, and no zero rows', async () => {
  await using server = await openDocumentServer({
    'GET /service/tickets': attachment('tickets.zip', Buffer.alloc(2_000, 1)),
  });
  await using app = await connect({ environment: server.environment, home });
  for (const all_pages of [false, true]) {
    const { data } = await app.call('execute_api_call', { path: '/service/tickets', all_pages });
    expect(data.outcome).toBe('COMPLETE: a file of 2 kB was read, and not saved.');
  }
  const saved = await app.call('save_file', { path: '/service/tickets' });
  expect(saved.data.outcome).toBe('COMPLETE: a file of 2 kB was saved on this computer.');
  expect(readdirSync(downloads)).toEqual(['tickets.zip']);
});

test('a record in the place of a list is shown', async () => {
  await using server = await openDocumentServer({ 'GET /service/tickets': { body: '{"id": 7, "summary": "x"}' } });
  await using app = await connect({ environment: server.environment, home });
  const { data } = await app.call('execute_api_call', { path: '/service/tickets' });
  expect(data).toMatchObject({ outcome: 'COMPLETE: 1 record.', record: { id: 7, summary: 'x' } });
});

test.each<[string, string, Record<string, unknown>]>([
  [
    'kept',
    'Downloads',
    { file: { path: expect.stringMatching(/made\.pdf$/), type: 'application/pdf', size: '10 bytes' } },
  ],
  ['named where it cannot be kept', 'taken/below', { notes: [expect.stringContaining('could not be saved')] }],
])('a write that is answered with a file was sent, and the file is %s', async (_, folder, said) => {
  writeFileSync(join(home, 'taken'), 'a file where a folder is wanted');
  await using server = await openDocumentServer({ 'POST /company/notes': attachment('made.pdf', '%PDF-1.7\nx') });
  const environment = { ...server.environment, CONNECTWISE_DOWNLOAD_DIR: join(home, folder) };
  await using app = await connect({ environment, home });
  const raw_request = 'POST /company/notes\n\n{"text": "x"}';
  const prepared = await app.call('send_raw_api_request', { raw_request });
  const { data } = await app.call('confirm_api_write', { change_id: prepared.data.change_id });
  expect(data.outcome).toBe('SENT: POST /company/notes; ConnectWise returned 200.');
  expect(data).toMatchObject(said);
});

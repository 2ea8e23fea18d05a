import { defined } from '../../src/core/json.ts';
import { addRecord, toStamp, touch } from '../context.ts';
import type { JsonObject } from '../json.ts';
import { answerList, answerRecord, countRecords } from '../query/list.ts';
import { findVisible } from '../roles.ts';
import { fileAnswer, jsonAnswer, textAnswer } from '../server/answer.ts';
import { type Call, numericIds, shapeAt } from '../server/call.ts';
import { type Form, readForm } from '../server/read-body.ts';
import { type FieldError, invalidObject, recordNotFound, refusal } from '../server/refusal.ts';
import type { StoredRecord } from '../store.ts';

const key = '/system/documents';

/** Collections of the records that documents can belong to; of other kinds any id is accepted (CW 5.8.3). */
const homes: Readonly<Record<string, readonly string[]>> = {
  Activity: ['/sales/activities'],
  Agreement: ['/finance/agreements'],
  Company: ['/company/companies'],
  Configuration: ['/company/configurations'],
  Contact: ['/company/contacts'],
  Invoice: ['/finance/invoices'],
  Opportunity: ['/sales/opportunities'],
  Project: ['/project/projects'],
  ProjectTicket: ['/project/tickets'],
  Ticket: ['/service/tickets', '/project/tickets'],
  TimeEntry: ['/time/entries'],
};

/** Kind and number of the record that documents belong to, from a query or a form: both are needed (CW 5.8.2). */
function readSubject(call: Call, given: (name: string) => string | undefined): { type: string; id: number } {
  const errors: FieldError[] = [];
  const [text = '', idText = ''] = [given('recordtype'), given('recordid')];
  const kinds = call.catalog
    .findEndpoint('GET', key)
    ?.endpoint.parameters.find(({ name }) => name.toLowerCase() === 'recordtype')?.enum;
  const type = kinds?.find((kind) => kind.toLowerCase() === text.toLowerCase());
  const needed = (field: string) =>
    errors.push({ code: 'MissingRequiredField', message: `The ${field} field is required.`, field });
  if (text === '') needed('recordType');
  else if (type === undefined)
    errors.push({ code: 'InvalidField', message: 'The field recordType is invalid.', field: 'recordType' });
  if (idText === '') needed('recordId');
  else if (!/^\d{1,9}$/.test(idText))
    errors.push({ code: 'InvalidField', message: 'The field recordId is invalid.', field: 'recordId' });
  if (errors.length > 0 || type === undefined) throw invalidObject('document', errors);
  requireSubject(call, type, Number(idText));
  return { type, id: Number(idText) };
}

/** The caller must be able to see the record whose documents it asks for. */
function requireSubject({ context }: Call, type: string, id: number): void {
  const keys = homes[type];
  if (keys === undefined) return;
  if (!keys.some((home) => findVisible(context, home, id) !== undefined)) throw recordNotFound(type, id);
}

function documentsOf(call: Call): StoredRecord[] {
  const { type, id } = readSubject(call, (name) => call.query[name]);
  return [...call.context.store.records(key)].filter(({ value }) => value.recordType === type && value.recordId === id);
}

export function listDocuments(call: Call): Response {
  return answerList(call, shapeAt(call, key), documentsOf(call));
}

export function countDocuments(call: Call): Response {
  return jsonAnswer(200, { count: countRecords(call, shapeAt(call, key), documentsOf(call)) });
}

/** Takes a file, or the address of one, for a record (CW 5.8.1). */
export async function createDocument(call: Call): Promise<Response> {
  const { context } = call;
  const form = await readForm(call);
  const subject = readSubject(call, (name) => form.texts.get(name));
  const content = contentOf(form);
  if (content === undefined) {
    throw invalidObject('document', [
      { code: 'MissingRequiredField', message: 'The file field is required.', field: 'file' },
    ]);
  }
  const id = context.store.nextId(key);
  const record = addRecord(context, key, [], {
    title: form.texts.get('title') || content.fileName,
    owner: context.caller,
    publicFlag: form.texts.get('privateflag')?.toLowerCase() !== 'true',
    // Misspelt in the definition, so that clients send either (CW 5.8.1).
    readOnlyFlag: [form.texts.get('readonlyflag'), form.texts.get('readonlyflay')].some((text) => text === 'true'),
    htmlTemplateFlag: false,
    guid: `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`,
    createdOnDate: toStamp(context.now()),
    ...content,
    recordType: subject.type,
    recordId: subject.id,
  });
  return answerRecord(call, shapeAt(call, key), record, 201);
}

/** What is kept of a file or a link; `content` is not in the schema, so it never shows in JSON. */
function contentOf({ file, texts }: Form): (JsonObject & { fileName: string }) | undefined {
  const url = texts.get('url');
  if (file === undefined && (url === undefined || url === '')) return undefined;
  if (file === undefined) {
    return { fileName: url ?? '', serverFileName: url ?? '', linkFlag: true, urlFlag: true, imageFlag: false, size: 0 };
  }
  const { name, bytes } = file;
  return {
    fileName: name,
    serverFileName: name,
    linkFlag: false,
    urlFlag: false,
    imageFlag: mediaTypeOf(name).startsWith('image/'),
    size: bytes.byteLength,
    content: Buffer.from(bytes).toString('base64'),
  };
}

function getDocument(call: Call): StoredRecord {
  const { context } = call;
  const [id = 0] = numericIds(call);
  const record = context.store.find(key, id);
  if (record === undefined) throw recordNotFound('Document', id);
  if (context.role.sees === 'mine')
    requireSubject(call, String(record.value.recordType), Number(record.value.recordId));
  return record;
}

/** An update comes by POST, with 200 (CW 5.8.1). */
export async function updateDocument(call: Call): Promise<Response> {
  const record = getDocument(call);
  const form = await readForm(call);
  const title = form.texts.get('title');
  record.value = { ...record.value, ...contentOf(form), ...defined<JsonObject>({ title }) };
  touch(call.context, record);
  return answerRecord(call, shapeAt(call, key), record);
}

/** The bytes as they came, under the name they had (CW 5.8.2). */
export function downloadDocument(call: Call): Response {
  const { id, value } = getDocument(call);
  if (typeof value.content !== 'string') throw recordNotFound('Document file', id);
  const name = String(value.fileName);
  return fileAnswer(new Uint8Array(Buffer.from(value.content, 'base64')), mediaTypeOf(name), name);
}

/** Only pictures have one; the sandbox does not make it smaller. */
export function showThumbnail(call: Call): Response {
  const { id, value } = getDocument(call);
  if (value.imageFlag !== true) throw refusal(404, { code: 'NotFound', message: `Document ${id} has no thumbnail` });
  return downloadDocument(call);
}

/** The HTML form with which ConnectWise lets people try an upload. */
export function showUploadForm({ root }: Call): Response {
  const fields = ['recordType', 'recordId', 'title'].map((name) => `<label>${name} <input name="${name}"></label>`);
  return textAnswer(
    200,
    `<!DOCTYPE html>\n<form method="post" enctype="multipart/form-data" action="${root}${key}">\n${fields.join('\n')}\n<input type="file" name="file">\n<button>Upload</button>\n</form>\n`,
    { 'content-type': 'text/html; charset=utf-8' },
  );
}

/** What people attach to tickets. */
const mediaTypes: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  gif: 'image/gif',
  htm: 'text/html',
  html: 'text/html',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  json: 'application/json',
  log: 'text/plain',
  pdf: 'application/pdf',
  png: 'image/png',
  txt: 'text/plain',
  webp: 'image/webp',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  zip: 'application/zip',
};

/** The type by the extension of a file name. */
function mediaTypeOf(fileName: string): string {
  const ending = /\.([^.]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? '';
  return (Object.hasOwn(mediaTypes, ending) ? mediaTypes[ending] : undefined) ?? 'application/octet-stream';
}

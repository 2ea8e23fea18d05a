import type { Catalog, Endpoint, Schema } from '../catalog/index.ts';
import { defined, isRecord } from '../core/json.ts';
import { nearestNames } from '../core/nearest.ts';
import { type Fault, invalidBody } from './body/findings.ts';
import type { Setting, WriteRequest } from './change.ts';
import { joinEffects } from './effects/effect.ts';
import { readNumbered } from './names/named-records.ts';
import type { Plan, PlanContext } from './plan.ts';
import type { Target } from './target.ts';
import { quote, quoteGiven, renderMember } from './wording.ts';

type Fields = Record<string, string | number | boolean>;

/** What a document takes (CW 5.8.1, 5.8.5); `file` is ours: a path in place of the content. */
const knownFields = ['recordType', 'recordId', 'title', 'url', 'privateFlag', 'readOnlyFlag', 'isAvatar', 'file'];

const documentForm: Schema = {
  name: 'Document',
  members: knownFields.map((name) => ({ name, type: name === 'recordId' ? 'integer' : 'string' })),
};

/** Whether an endpoint takes a form: definitions say so for new documents, and not for replacing one (CW 5.8.6). */
export function takesForm({ method, path, body }: Pick<Endpoint, 'method' | 'path' | 'body'>): boolean {
  return body?.mediaType === 'multipart/form-data' || (method === 'POST' && path === '/system/documents/{id}');
}

/**
 * Checks an upload, reads the record that gets it, and finds its file, of which nothing is sent.
 * @throws GatewayError `invalid_body` with every fault, what `Uploads.find` says of the file, or as `readNumbered` does
 */
export async function planUpload(
  context: PlanContext,
  request: WriteRequest,
  target: Target,
  signal?: AbortSignal,
): Promise<Plan> {
  const { catalog, uploads } = context;
  const { fields, wanted, warnings } = readFields(request, target, catalog);
  // Customers may see a document, unless it is private (CW 5.8.5). What a replaced one is, only ConnectWise knows.
  if (target.isNew) fields.privateFlag ??= true;
  const isPublic = fields.privateFlag !== undefined && !/^true$/i.test(String(fields.privateFlag));
  const after = { ...fields, recordId: Number(fields.recordId) };
  const members = Object.keys(fields);
  const endpoint = catalog.findEndpoint(request.method, request.path)?.endpoint;
  const write = { request, endpoint, schema: documentForm, after, members, names: new Map(), signal };
  // The file first: one that must not go costs no request.
  const file = wanted === undefined ? undefined : await uploads.find(wanted);
  const named = await readNumbered(context, write);
  // Without a title, a list of documents shows nothing to distinguish them by.
  if (target.isNew && file !== undefined) fields.title ??= file.name;
  const owner = ownerOf(fields, catalog);
  const subject = `${target.object}${target.number === undefined ? '' : ` ${target.number}`}`;
  const title = named.find(({ member }) => member === 'recordId')?.title;
  const place = owner && ` of ${owner.object} ${owner.number}${title === undefined ? '' : ` ${quote(title)}`}`;
  return {
    request: { ...request, body: fields },
    target: owner === undefined ? target : { ...target, parent: owner },
    schema: documentForm,
    ...(named.length > 0 && { named }),
    form: file === undefined ? {} : { file },
    statement: {
      subject: `${target.isNew ? 'New' : 'Replace'} ${subject}${place ?? ''}`,
      settings: settingsOf(fields, file && `${quoteGiven(file.name, 100)} (${uploads.describe(file)})`, isPublic),
    },
    warnings,
    effects: joinEffects(isPublic ? [{ consequences: ['customer-reads'] }] : []),
  };
}

/** What is sent, except the record, which the subject names. */
function settingsOf(fields: Fields, file: string | undefined, isPublic: boolean): Setting[] {
  const { recordType, recordId, url, privateFlag, ...others } = fields;
  const what =
    file === undefined ? { member: 'link to', value: quoteGiven(String(url)) } : { member: 'the file', value: file };
  const audience = isPublic
    ? { member: 'not private:', value: 'customers may see it' }
    : { member: 'private', value: '' };
  return [
    what,
    ...Object.entries(others)
      // The title that the gateway gives is the name of the file.
      .filter(([name, value]) => name !== 'title' || !file?.startsWith(quoteGiven(String(value), 100)))
      .map(([name, value]) => ({ member: renderMember(name, documentForm), value: sayField(value) })),
    ...(privateFlag === undefined ? [] : [audience]),
  ];
}

const sayField = (value: Fields[string]): string =>
  typeof value === 'boolean' ? (value ? 'yes' : 'no') : quoteGiven(String(value));

/** The record that gets the document is what a person approves: `ticket 4711`. */
function ownerOf({ recordType, recordId }: Fields, catalog: Catalog): Target['parent'] {
  if (recordType === undefined || !/^\d+$/.test(String(recordId))) return undefined;
  // A type that is not known could be any text, so it is not shown.
  const type = recordTypes(catalog).find((known) => known === recordType);
  return { object: type?.toLowerCase() ?? 'record', number: String(recordId) };
}

interface Read {
  fields: Fields;
  /** As the caller names the file. */
  wanted?: string;
  warnings: string[];
}

function readFields({ method, path, body }: WriteRequest, { isNew }: Target, catalog: Catalog): Read {
  const call = `${method} ${path}`;
  if (!isRecord(body)) throw invalidBody(`${call} needs data with a file: its path, or "newest"`);
  const { file, ...rest } = body;
  const faults: Fault[] = [];
  const warnings: string[] = [];
  const fields: Fields = {};
  for (const [given, value] of Object.entries(rest)) {
    if (value === null || value === undefined || value === '') continue;
    // The definition of 2022 has a typing error in its name (CW 5.8.5).
    const name = given === 'readOnlyFlay' ? 'readOnlyFlag' : given;
    if (typeof value === 'object') faults.push({ path: name, problem: 'must be text, a number or true/false' });
    else fields[name] = value as string | number | boolean;
    if (!knownFields.includes(name)) warnings.push(describeUnknown(name));
  }
  if (typeof file !== 'string' && file !== undefined)
    faults.push({ path: 'file', problem: 'must be a path or "newest"' });
  const wanted = typeof file === 'string' ? file : undefined;
  if (wanted === undefined && fields.url === undefined) {
    faults.push({
      path: 'file',
      problem: 'is required',
      allowed: 'a path, a file name, or "newest" for the newest picture',
    });
  }
  if (isNew) faults.push(...checkOwner(fields, warnings, catalog));
  if (faults.length > 0) throw invalidBody(`The data of ${call} is wrong`, faults);
  return defined<Read>({ fields, warnings, wanted });
}

function describeUnknown(name: string): string {
  const nearest = nearestNames(name, knownFields, 1)[0];
  return `A document has no field ${name}.${nearest === undefined ? '' : ` Is ${nearest} meant?`}`;
}

/** Names the record type as ConnectWise writes it (CW 5.8.3). */
function checkOwner(fields: Fields, warnings: string[], catalog: Catalog): Fault[] {
  const faults: Fault[] = [];
  const known = recordTypes(catalog);
  const { recordType, recordId } = fields;
  if (recordType === undefined) {
    faults.push({
      path: 'recordType',
      problem: 'is required',
      allowed: 'such as Ticket, Company, Contact, Configuration',
    });
  } else {
    const written = known.find((type) => type.toLowerCase() === String(recordType).toLowerCase());
    const nearest = written === undefined ? nearestNames(String(recordType), known, 1)[0] : undefined;
    if (written !== undefined) fields.recordType = written;
    else if (known.length > 0)
      warnings.push(`recordType ${quote(String(recordType))} is not known.${nearest ? ` Is ${nearest} meant?` : ''}`);
  }
  if (!/^[1-9]\d*$/.test(String(recordId ?? ''))) {
    faults.push({ path: 'recordId', problem: recordId === undefined ? 'is required' : 'must be the id of a record' });
  }
  return faults;
}

function recordTypes(catalog: Catalog): readonly string[] {
  const list = catalog.findEndpoint('GET', '/system/documents')?.endpoint;
  return list?.parameters.find(({ name }) => name === 'recordType')?.enum ?? [];
}

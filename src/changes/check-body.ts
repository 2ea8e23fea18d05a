import type { Catalog } from '../catalog/catalog.ts';
import type { Endpoint, Schema } from '../catalog/endpoint.ts';
import { GatewayError } from '../errors.ts';
import { isRecord } from '../results/record-text.ts';
import { checkMember, type Fault } from './check-member.ts';

/**
 * Checks the body of a POST, PUT or DELETE as far as the catalog is certain, and returns warnings for the rest.
 * @throws GatewayError `invalid_body` with every fault; `invalid_argument` for endpoints that take files
 */
export function checkBody(body: unknown, endpoint: Endpoint, catalog: Catalog): string[] {
  const payload = endpoint.body;
  const call = `${endpoint.method} ${endpoint.path}`;
  if (payload === undefined) return body === undefined ? [] : [`${call} takes no body; ConnectWise may ignore it.`];
  refuseUpload(endpoint);
  if (body === undefined) throw invalidBody(`${call} needs a body${payload.schema ? `: a ${payload.schema}` : ''}`);
  const schema = payload.schema === undefined ? undefined : catalog.findSchema(payload.schema);
  if (payload.array) {
    if (!Array.isArray(body)) throw invalidBody(`The body of ${call} must be an array`);
    return checkRecords(body, endpoint, schema);
  }
  if (payload.schema !== undefined || payload.type === 'object') {
    if (!isRecord(body)) throw invalidBody(`The body of ${call} must be an object`);
    return checkRecords([body], endpoint, schema);
  }
  return [];
}

/** Uploads of documents never come here; no other body but JSON is known to be taken. */
export function refuseUpload({ body, method, path }: Endpoint): void {
  if (body === undefined || body.mediaType.includes('json')) return;
  throw new GatewayError(
    'invalid_argument',
    `${method} ${path} takes ${body.mediaType}, which cannot be sent from here.`,
    {
      details: { field: 'path' },
      hint: 'Files go to POST /system/documents with data recordType, recordId and file.',
    },
  );
}

function checkRecords(records: readonly unknown[], endpoint: Endpoint, schema: Schema | undefined): string[] {
  if (schema === undefined) return [];
  const faults: Fault[] = [];
  const warnings: string[] = [];
  records.forEach((record, index) => {
    const prefix = endpoint.body?.array ? `${index}/` : '';
    if (!isRecord(record)) {
      faults.push({ path: `${index}`, problem: 'must be an object' });
      return;
    }
    for (const [name, value] of Object.entries(record)) {
      const found = checkMember(name, value, schema, prefix + name);
      faults.push(...found.faults);
      warnings.push(...found.warnings);
    }
    const missing = findMissing(record, schema, prefix);
    // A new record must be complete (CW 5.4); of the bodies of actions definitions demand too much (CW 5.5.9).
    if (creates(endpoint)) faults.push(...missing);
    else if (endpoint.method === 'POST')
      warnings.push(...missing.map(({ path }) => `${path} is listed as required, and not given.`));
  });
  if (faults.length > 0) throw invalidBody(`The body of ${endpoint.method} ${endpoint.path} is wrong`, faults);
  return warnings;
}

/** A POST answered 201, or 207 where it takes many (CW 4.2.30). */
const creates = ({ method, status }: Endpoint) => method === 'POST' && (status === 201 || status === 207);

function findMissing(record: Record<string, unknown>, schema: Schema, prefix: string): Fault[] {
  return schema.members
    .filter(
      ({ name, required, readOnly }) => required && !readOnly && (record[name] === undefined || record[name] === null),
    )
    .map(({ name }) => ({ path: prefix + name, problem: 'is required' }));
}

/** `what` without its full stop: the first faults follow. At most twenty are listed, an error is short. */
export function invalidBody(what: string, faults: readonly Fault[] = []): GatewayError {
  const first = faults.slice(0, 3).map((fault) => `${fault.path} ${fault.problem}`);
  const more = faults.length > first.length ? ` and ${faults.length - first.length} more` : '';
  return new GatewayError('invalid_body', `${[what, first.join('; ')].filter(Boolean).join(': ')}${more}.`, {
    details: { field: 'data', ...(faults.length > 0 ? { faults: faults.slice(0, 20) } : {}) },
    hint: 'get_api_endpoint_details names the members and their types.',
  });
}

import type { Endpoint, Schema } from '../catalog/index.ts';
import { GatewayError } from '../core/errors.ts';
import { isRecord } from '../core/json.ts';
import { checkRecord } from './body/check-record.ts';
import type { BodyContext, Purpose } from './body/findings.ts';
import { invalidBody } from './body/invalid-body.ts';

/**
 * Checks the body of a POST, PUT or DELETE against the schema. What is sent comes back; what was repaired and what may
 * be wrong is added to the findings.
 * @throws GatewayError `invalid_body` with every fault; `invalid_argument` for endpoints that take no JSON
 */
export function checkBody(context: BodyContext, body: unknown, endpoint: Endpoint): unknown {
  const payload = endpoint.body;
  const call = `${endpoint.method} ${endpoint.path}`;
  if (payload === undefined) {
    if (body !== undefined) context.findings.warnings.push(`${call} takes no body; ConnectWise may ignore it.`);
    return body;
  }
  refuseUpload(endpoint);
  if (body === undefined) throw invalidBody(`${call} needs a body${payload.schema ? `: a ${payload.schema}` : ''}`);
  const schema = payload.schema === undefined ? undefined : context.findSchema(payload.schema);
  const checked = checkForm(context, body, endpoint, schema);
  const { faults } = context.findings;
  if (faults.length > 0) throw invalidBody(`The body of ${call} is wrong`, faults);
  return checked;
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

/** A POST that makes records is answered 201, or 207 where it takes many (CW 4.2.30); any other asks for an action. */
export function purposeOf({ method, status }: Pick<Endpoint, 'method' | 'status'>): Purpose {
  if (method === 'PATCH') return 'change';
  if (method === 'PUT') return 'replace';
  return method === 'POST' && (status === 201 || status === 207) ? 'create' : 'act';
}

function checkForm(context: BodyContext, body: unknown, { body: payload, ...endpoint }: Endpoint, schema?: Schema) {
  const call = `${endpoint.method} ${endpoint.path}`;
  if (payload?.array) {
    if (!Array.isArray(body)) throw invalidBody(`The body of ${call} must be an array`);
    if (schema === undefined) return body;
    return body.map((record, index) => {
      if (isRecord(record)) return checkRecord(context, record, schema, { prefix: `${index}/`, depth: 0 });
      context.findings.faults.push({ path: `${index}`, problem: 'must be an object' });
      return record;
    });
  }
  if (payload?.schema === undefined && payload?.type !== 'object') return body;
  if (!isRecord(body)) throw invalidBody(`The body of ${call} must be an object`);
  return schema === undefined ? body : checkRecord(context, body, schema);
}

import type { ConnectWiseAnswer, Form, Uploads } from '../connectwise/index.ts';
import { type ErrorCode, GatewayError } from '../core/errors.ts';
import { isRecord } from '../core/json.ts';
import type { PreparedChange, WriteForm } from './change.ts';
import type { PlanContext } from './plan.ts';

/**
 * Failures after which nobody knows whether ConnectWise wrote. The client says so of lost answers; a 500 can come
 * after the writing too, and there are no idempotency keys to ask by (CW 4.2.29, 4.3.3).
 */
const uncertain: ReadonlySet<ErrorCode> = new Set(['write_unknown', 'connectwise_failed', 'timed_out', 'internal']);

/** Without the caller's signal: a write that is given up half-way is one that nobody knows the end of. */
export async function sendChange(
  { client, uploads }: Pick<PlanContext, 'client' | 'uploads'>,
  change: PreparedChange,
): Promise<ConnectWiseAnswer> {
  const { method, path, query, body, form } = change;
  return client.send({
    method,
    path,
    ...(query === undefined ? {} : { query }),
    ...(form === undefined ? (body === undefined ? {} : { body }) : { form: await readForm(uploads, body, form) }),
  });
}

/** The file is read now: between preview and approval it was only a name and a hash. */
async function readForm(uploads: Uploads, body: unknown, { file }: WriteForm): Promise<Form> {
  const given = isRecord(body) ? Object.entries(body) : [];
  const fields = Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
  if (file === undefined) return { fields };
  const { name, mediaType } = file;
  return { fields, file: { name, mediaType, content: await uploads.read(file) } };
}

/** What the client met, with what it means for this change: `write_unknown` where nobody knows whether it was made. */
export function explainFailure(error: unknown, change: PreparedChange): GatewayError {
  const { changeId } = change;
  const cause =
    error instanceof GatewayError ? error : new GatewayError('internal', 'The sending failed.', { cause: error });
  const details = { ...cause.details, changeId };
  if (uncertain.has(cause.code)) {
    const advice = `Read ${readAgain(change)} before anything is sent again; the id ${changeId} is used up.`;
    const message = cause.code === 'write_unknown' ? cause.message : `${cause.message} Perhaps the change was made.`;
    return new GatewayError('write_unknown', message, { cause, details, hint: advice });
  }
  return new GatewayError(cause.code, `${cause.message} The change ${changeId} was not made, and its id is used up.`, {
    cause,
    details,
    hint: cause.hint,
  });
}

/** What shows whether a write happened: a new record is in the list, any other at its own path. */
export function readAgain({ method, path, body }: Pick<PreparedChange, 'method' | 'path' | 'body'>): string {
  if (method !== 'POST') return path;
  // A list of documents needs to know whose (CW 5.8.2).
  const { recordType, recordId } = path.startsWith('/system/documents') && isRecord(body) ? body : {};
  return `the newest of ${path}${recordId === undefined ? '' : `?recordType=${recordType}&recordId=${recordId}`}`;
}

import { answerList } from '../query/list.ts';
import { forbidden } from '../roles.ts';
import { jsonAnswer } from '../server/answer.ts';
import { type Call, shapeAt } from '../server/call.ts';
import { sandboxVersion } from '../server/company-info.ts';
import { invalidObject } from '../server/refusal.ts';
import { auditKey } from '../write/history.ts';

/** Who changed the record that `type` and `id` name. Forward-only paging is not possible here (CW 5.11.3). */
export function listAuditTrail(call: Call): Response {
  const { context, query } = call;
  const id = Number(query.id);
  const missing = ['type', 'id'].filter((name) => (query[name] ?? '') === '');
  if (missing.length > 0 || !Number.isInteger(id)) {
    const errors = (missing.length > 0 ? missing : ['id']).map((field) => ({
      code: 'MissingRequiredField',
      message: `The ${field} field is required.`,
      field,
    }));
    throw invalidObject('auditTrail', errors);
  }
  const type = query.type?.toLowerCase();
  const entries = [...context.store.records(auditKey)].filter(
    ({ value }) => String(value.recordType).toLowerCase() === type && value.recordId === id,
  );
  // Otherwise it is like any other list.
  const headers = new Headers(call.headers);
  headers.delete('pagination-type');
  return answerList({ ...call, headers }, shapeAt(call, auditKey), entries);
}

/** CW 5.11. */
export function systemInfo(): Response {
  return jsonAnswer(200, {
    version: sandboxVersion.number,
    isCloud: true,
    serverTimeZone: 'Eastern Standard Time',
    licenseBits: [{ name: 'ServiceTicket', activeFlag: true }],
    cloudRegion: 'NA',
  });
}

/** Tokens to act as another member are for integrator logins; an API member is refused (CW 1.3.3). */
export function refuseTokens(): Response {
  throw forbidden();
}

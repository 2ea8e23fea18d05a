import { answerList } from '../query/list.ts';
import { forbidden } from '../roles.ts';
import { jsonAnswer } from '../server/answer.ts';
import type { Call } from '../server/call.ts';
import { sandboxVersion } from '../server/company-info.ts';
import { endpointMissing, invalidObject } from '../server/refusal.ts';
import { auditKey } from '../write/history.ts';

/** Who changed a record, which `type` and `id` name; forward-only paging is not for this list (CW 5.11.3). */
export function listAuditTrail(call: Call): Response {
  const { world, query } = call;
  const collection = world.collections.find(auditKey);
  if (collection === undefined) throw endpointMissing();
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
  const entries = [...world.store.records(auditKey)].filter(
    ({ value }) => String(value.recordType).toLowerCase() === type && value.recordId === id,
  );
  // Everything but this header is that of any list.
  const headers = new Headers(call.headers);
  headers.delete('pagination-type');
  return answerList({ ...call, headers }, { collection, schema: collection.schema }, entries);
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

/** Keys to act as somebody else are for integrator logins; an API member is refused (CW 1.3.3). */
export function refuseTokens(): Response {
  throw forbidden();
}

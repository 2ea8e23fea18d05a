import type { Wire, WireAnswer } from '../../../connectwise/index.ts';
import type { GatewayError } from '../../../core/errors.ts';
import { isRecord } from '../../../core/json.ts';
import { failureLine, okLine, type StatusLine, warningLine } from './status-line.ts';

/** What a login is tried with: it needs credentials and no particular right (CW 1.3.8). */
export const loginPath = '/system/info';

/** Whether ConnectWise lets this login in. */
export function checkCredentials(wire: Wire, answer: WireAnswer): StatusLine[] {
  const { failure, body } = answer;
  if (failure === undefined) {
    const release = isRecord(body) && typeof body.version === 'string' ? `, version ${body.version}` : '';
    const detail = `${wire.site.host} answers for company ${wire.company}${release}`;
    return [okLine('credentials', detail), okLine('client id', 'accepted together with the keys')];
  }
  if (!isRejected(failure)) return [failureLine('credentials', failure.message, failure.hint)];
  // CW 1.3.6, 1.3.7: the answers are the same, so that the one cannot be blamed alone.
  const detail = 'cannot be judged: ConnectWise answers a wrong client id as it answers wrong keys';
  const fix =
    'Look whether the two keys stand in each other’s place. Once they are sure, compare CONNECTWISE_CLIENT_ID with developer.connectwise.com/ClientID.';
  return [failureLine('credentials', failure.message, failure.hint), warningLine('client id', detail, fix)];
}

/**
 * Whether the failure of `loginPath` says that ConnectWise does not let a login in. A path that every server has is not
 * missing: in the cloud wrong credentials can look like that (CW 1.2.4, 1.3.7).
 */
export function isRejected({ code, details }: GatewayError): boolean {
  return code === 'credentials_rejected' || (code === 'unknown_endpoint' && details.status === 404);
}

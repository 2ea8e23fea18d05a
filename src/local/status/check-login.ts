import type { Wire, WireAnswer } from '../../connectwise/wire/wire.ts';
import { GatewayError } from '../../errors.ts';
import { isRecord } from '../../results/record-text.ts';
import { failureLine, okLine, type StatusLine, warningLine } from './status-line.ts';

/** What a login is tried with: it needs credentials and no particular right (CW 1.3.8). */
export const loginPath = '/system/info';

/** Whether ConnectWise lets this login in. */
export async function checkCredentials(wire: Wire, answer: WireAnswer, signal?: AbortSignal): Promise<StatusLine[]> {
  const { failure, body } = answer;
  if (failure === undefined) {
    const release = isRecord(body) && typeof body.version === 'string' ? `, version ${body.version}` : '';
    const detail = `${wire.site.host} answers for company ${wire.company}${release}`;
    return [okLine('credentials', detail), okLine('client id', 'accepted together with the keys')];
  }
  if (!isRejected(failure)) return [failureLine('credentials', failure.message, failure.hint)];
  if (await acceptsSwapped(wire, signal)) {
    const fix = 'Exchange the values of CONNECTWISE_PUBLIC_KEY and CONNECTWISE_PRIVATE_KEY.';
    return [failureLine('credentials', 'public and private key stand in each other’s place', fix)];
  }
  // CW 1.3.6, 1.3.7: the answers are the same, so that the one cannot be blamed alone.
  const detail = 'cannot be judged: ConnectWise answers a wrong client id as it answers wrong keys';
  const fix = 'Once the keys are sure, compare CONNECTWISE_CLIENT_ID with developer.connectwise.com/ClientID.';
  return [failureLine('credentials', failure.message, failure.hint), warningLine('client id', detail, fix)];
}

/** A path that every server has is not missing: in the cloud wrong credentials can look like that (CW 1.2.4, 1.3.7). */
function isRejected({ code, details }: GatewayError): boolean {
  return code === 'credentials_rejected' || (code === 'unknown_endpoint' && details.status === 404);
}

/** Their form does not tell the two keys apart, so that trying is the only way to know. */
async function acceptsSwapped(wire: Wire, signal?: AbortSignal): Promise<boolean> {
  const { userName, password, company } = wire.credentials;
  const as = { ...wire.credentials, userName: `${company}+${password}`, password: userName.slice(company.length + 1) };
  try {
    return (await wire.read({ path: loginPath, as }, signal)).status === 200;
  } catch (error) {
    if (error instanceof GatewayError && error.code !== 'cancelled') return false;
    throw error;
  }
}

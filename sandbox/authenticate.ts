import type { GatewayError } from '../src/core/errors.ts';
import { sandboxAccess } from './access.ts';
import { type Login, logins } from './logins.ts';
import { endpointMissing, refusal } from './refusal.ts';

const cannotRoute = () => refusal(400, 'Cannot route. Codebase/company is invalid');
const unauthorized = (message: string) => refusal(401, { code: 'Unauthorized', message });

/** How wrong keys or a missing clientId are answered: the facts know four ways (CW 1.3.6, 1.3.7). */
export const credentialAnswers = {
  unauthorized,
  'not-authenticated': () => refusal(401, { code: 'ConnectWiseApi', message: 'UserNotAuthenticated' }),
  'not-found': endpointMissing,
  'cannot-route': cannotRoute,
} as const satisfies Record<string, (message: string) => GatewayError>;

export type CredentialAnswer = keyof typeof credentialAnswers;

/**
 * Lets a request pass that carries a known Basic header and any clientId, and says whose keys these are (CW 1.3).
 * @throws GatewayError 400 in plain text for a wrong company; for wrong or missing keys and a missing clientId what
 * `answer` names
 */
export function authenticate(headers: Headers, answer: CredentialAnswer, more: readonly Login[] = []): Login {
  const refuse = credentialAnswers[answer];
  const encoded = /^Basic\s+(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  if (encoded === undefined) throw refuse('The Authorization header is missing.');
  const login = Buffer.from(encoded, 'base64').toString('utf8');
  const [, company, publicKey, privateKey] = /^([^+]*)\+([^:]*):(.*)$/s.exec(login) ?? [];
  // The router looks at the company before anything else does (CW 1.1).
  if (company === undefined || company.toLowerCase() !== sandboxAccess.companyId) throw cannotRoute();
  const found = [...more, ...logins].find((one) => one.publicKey === publicKey && one.privateKey === privateKey);
  if (found === undefined) throw refuse('Incorrect public/private key');
  if ((headers.get('clientid') ?? '').trim() === '') throw refuse('The clientId header is missing.');
  return found;
}

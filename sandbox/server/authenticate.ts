import type { GatewayError } from '../../src/core/errors.ts';
import type { Role } from '../context.ts';
import { roles } from '../roles.ts';
import { cannotRoute, endpointMissing, refusal } from './refusal.ts';

/** How a client reaches the sandbox, under the names of the gateway's settings. */
export const sandboxAccess = {
  apiUrl: 'http://127.0.0.1/v4_6_release/apis/3.0',
  companyId: 'sandbox',
  publicKey: 'public',
  privateKey: 'private',
  clientId: '00000000-0000-4000-8000-000000000000',
} as const;

/** How wrong keys or a missing clientId are answered: four ways are known (CW 1.3.6, 1.3.7). */
export const credentialAnswers = {
  unauthorized,
  'not-authenticated': () => refusal(401, { code: 'ConnectWiseApi', message: 'UserNotAuthenticated' }),
  'not-found': endpointMissing,
  'cannot-route': cannotRoute,
} as const satisfies Record<string, (message: string) => GatewayError>;

export type CredentialAnswer = keyof typeof credentialAnswers;

/**
 * Lets a request pass that carries a known Basic header and any clientId, and gives the login that they belong to (CW 1.3).
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

/** One pair of keys: the member it acts as (CW 1.3.1, 1.3.2) and the security role of that member. */
export interface Login {
  publicKey: string;
  privateKey: string;
  /** Identifier of the member, which `_info` names. */
  member: string;
  role: Role;
}

const { publicKey, privateKey } = sandboxAccess;

const logins: readonly Login[] = [
  // The API member: all rights.
  { publicKey, privateKey, member: 'apigateway', role: roles.everything },
  // The account manager's own keys: reads all, changes nothing.
  { publicKey: 'reader', privateKey, member: 'fnovak', role: roles['read-only'] },
  // A technician's own keys: sees only his own records.
  { publicKey: 'mine', privateKey, member: 'asmith', role: roles.mine },
];

function unauthorized(message: string): GatewayError {
  return refusal(401, { code: 'Unauthorized', message });
}

import { sandboxAccess } from './access.ts';
import { refusal } from './refusal.ts';

/**
 * Lets a request pass that carries the right Basic header and any clientId (CW 1.3).
 * @throws GatewayError 401 for missing or wrong keys and for a missing clientId, 400 in plain text for a wrong company
 */
export function authenticate(headers: Headers): void {
  const encoded = /^Basic\s+(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  if (encoded === undefined) throw unauthorized('The Authorization header is missing.');
  const login = Buffer.from(encoded, 'base64').toString('utf8');
  const [, company, publicKey, privateKey] = /^([^+]*)\+([^:]*):(.*)$/s.exec(login) ?? [];
  // The router looks at the company before anything else does (CW 1.1).
  if (company === undefined || company.toLowerCase() !== sandboxAccess.companyId) {
    throw refusal(400, 'Cannot route. Codebase/company is invalid');
  }
  if (publicKey !== sandboxAccess.publicKey || privateKey !== sandboxAccess.privateKey) {
    throw unauthorized('Incorrect public/private key');
  }
  // What the real one answers here is not settled; 401 is what most clients have seen (CW 1.3).
  if ((headers.get('clientid') ?? '').trim() === '') throw unauthorized('The clientId header is missing.');
}

function unauthorized(message: string) {
  return refusal(401, { code: 'Unauthorized', message });
}

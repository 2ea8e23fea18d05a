import type { Method } from '../../catalog/index.ts';
import { isWrite } from '../../connectwise/index.ts';
import { GatewayError } from '../../core/errors.ts';
import type { PreparedChange } from '../change.ts';
import type { WriteMode } from '../changes.ts';
import { type Pattern, parsePattern } from './pattern.ts';

/** What may be written, by method and path. Deny wins over confirm, and confirm over allow. */
export interface Policy {
  deny: readonly Pattern[];
  /** Prepared and shown, also in mode `allow`. */
  confirm: readonly Pattern[];
  /** Named, so that the default denials and the tier of what customers see do not hold for it. */
  allow: readonly Pattern[];
  /** A file that a setting names rules, and the one in the data folder only makes it stricter. */
  named?: true;
  /** Why nothing may be written: the file cannot be read. */
  unreadable?: string;
}

/** Denied unless allowed by name: each of these hands out access, sends data elsewhere, or books in the accounts. */
export const deniedByDefault: readonly Pattern[] = [
  '* /system/members/*/tokens/**',
  '* /system/members/*/linkSsoUser',
  '* /system/members/*/unlinkSsoUser',
  '* /system/apiMembers/**',
  '* /system/members/*/apiKeys/**',
  '* /system/ssoConfigurations/**',
  '* /system/ldapConfigurations/**',
  '* /system/authAnvils/**',
  '* /system/securityroles/**',
  '* /project/securityRoles/**',
  '* /company/portalSecurityLevels/**',
  '* /company/portalSecuritySettings/**',
  '* /system/callbacks/**',
  '* /finance/accounting/**',
  '* /finance/accountingPackageSetup/**',
].map((text) => parsePattern(text));

/**
 * @throws GatewayError `read_only` in that mode and where the policy cannot be read, `change_denied` for a request
 * that the policy denies; without a request only the former
 */
export function refuseDenied(
  mode: WriteMode,
  policy: Policy,
  request: { method: Method; path: string } | undefined,
): void {
  if (mode === 'read-only') {
    const what = request === undefined ? 'Nothing was sent' : `${request.method} ${request.path} was not prepared`;
    throw new GatewayError('read_only', `${what}: this gateway only reads.`);
  }
  if (policy.unreadable !== undefined) {
    throw new GatewayError('read_only', `Nothing may be written: ${policy.unreadable}`, {
      hint: `Correct or remove ${fileOf(policy)}; \`doctor\` checks it.`,
    });
  }
  if (request === undefined || !isWrite(request.method, request.path)) return;
  const { method, path } = request;
  const named = findPattern(policy.deny, method, path);
  const standard = findPattern(policy.allow, method, path) ? undefined : findPattern(deniedByDefault, method, path);
  const denying = named ?? standard;
  if (denying === undefined) return;
  const by = named === undefined ? 'by default' : `by ${policy.named ? 'the policy file' : 'policy.json'}`;
  throw new GatewayError('change_denied', `${method} ${path} is denied ${by} (${denying.text}).`, {
    details: { field: 'path' },
    hint:
      named === undefined
        ? `Who answers for this gateway can name it under "allow" in ${fileOf(policy)}.`
        : `Who answers for this gateway decides on ${fileOf(policy)}.`,
  });
}

const fileOf = ({ named }: Policy) =>
  named ? 'the file that CONNECTWISE_POLICY_FILE names' : 'policy.json of the data folder';

/** Whether a change may go in mode `allow` without being shown: what is mailed or billed only where it is named. */
export function allowsAtOnce(policy: Policy, { method, path, customerVisible }: PreparedChange): boolean {
  if (findPattern(policy.confirm, method, path) !== undefined) return false;
  return !customerVisible || findPattern(policy.allow, method, path) !== undefined;
}

function findPattern(patterns: readonly Pattern[], method: Method, path: string): Pattern | undefined {
  return patterns.find((pattern) => pattern.matches(method, path));
}

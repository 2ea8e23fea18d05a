import { existsSync, readFileSync } from 'node:fs';
import * as z from 'zod';
import { type Method, methods } from '../catalog/index.ts';
import { type ConnectWiseClient, isWrite } from '../connectwise/index.ts';
import { GatewayError } from '../core/errors.ts';
import { defined } from '../core/json.ts';
import type { PreparedChange, WriteMode } from './change.ts';

/** What may be written, by method and path. Deny wins over confirm, and confirm over allow. */
export interface Policy {
  deny: readonly Pattern[];
  /** Prepared and shown, also in mode `allow`. */
  confirm: readonly Pattern[];
  /** Exempt from the default denials, and sent at once in mode `allow` even where customers see it. */
  allow: readonly Pattern[];
  /** A setting names the policy file, so the one in the data folder only makes it stricter. */
  named?: true;
  /** The file cannot be read, so nothing may be written: why. */
  unreadable?: string;
}

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
    throw new GatewayError('read_only', `${what}: this gateway is read-only (CONNECTWISE_MODE).`);
  }
  if (policy.unreadable !== undefined) {
    throw new GatewayError('read_only', `Nothing may be written: ${policy.unreadable}`, {
      hint: { step: 'test_settings', before: `Correct or remove ${fileOf(policy)}.` },
    });
  }
  if (request === undefined || !isWrite(request.method, request.path)) return;
  const { method, path } = request;
  const named = findPattern(policy.deny, method, path);
  const standard = findPattern(policy.allow, method, path) ? undefined : findPattern(deniedByDefault, method, path);
  const denying = named ?? standard;
  if (denying === undefined) return;
  const by = named === undefined ? 'by default' : `by ${policy.named ? 'the policy file' : 'policy.json'}`;
  const step = named === undefined ? `add it to "allow" in ${fileOf(policy)}` : `allow it in ${fileOf(policy)}`;
  throw new GatewayError('change_denied', `${method} ${path} is denied ${by} (${denying.text}).`, {
    details: { field: 'path' },
    hint: `Ask the administrator of this gateway to ${step}.`,
  });
}

/** Each of these gives access, sends data to another system, or posts to the accounts. */
const deniedByDefault: readonly Pattern[] = [
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

const fileOf = ({ named }: Policy) =>
  named ? 'the file that CONNECTWISE_POLICY_FILE names' : 'policy.json of the data folder';

/** Whether mode `allow` may send a change without showing it: what is mailed or billed only where `allow` names it. */
export function allowsAtOnce(policy: Policy, { method, path, customerVisible }: PreparedChange): boolean {
  if (findPattern(policy.confirm, method, path) !== undefined) return false;
  return !customerVisible || findPattern(policy.allow, method, path) !== undefined;
}

function findPattern(patterns: readonly Pattern[], method: Method, path: string): Pattern | undefined {
  return patterns.find((pattern) => pattern.matches(method, path));
}

/** A client that only reads, in every mode: a write through it throws `read_only` before the request leaves. */
export function readingClient(client: ConnectWiseClient): ConnectWiseClient {
  return {
    ...client,
    async send(request, signal) {
      if (!isWrite(request.method, request.path)) return client.send(request, signal);
      throw new GatewayError(
        'read_only',
        `${request.method} ${request.path} was not sent: writes are sent as prepared changes only.`,
      );
    },
  };
}

/** The one client that writes, for prepared changes: it checks mode and policy again before each request leaves. */
export function writingClient(client: ConnectWiseClient, mode: WriteMode, policy: () => Policy): ConnectWiseClient {
  return {
    ...client,
    async send(request, signal) {
      if (isWrite(request.method, request.path)) refuseDenied(mode, policy(), request);
      return client.send(request, signal);
    },
  };
}

const patternsSchema = z.array(z.string()).default([]);
export const policySchema = z.strictObject({ deny: patternsSchema, confirm: patternsSchema, allow: patternsSchema });

/**
 * The policy of the file that a setting names, made stricter by the one in the data folder: whoever distributes the
 * former decides what is allowed. Without the setting, the one in the data folder is the policy.
 */
export function readPolicies(named: string | undefined, own: string): Policy {
  const ours = readPolicy(own);
  if (named === undefined) return ours;
  const given = readPolicy(named);
  // A policy file that was set and is missing must not leave everything allowed.
  const lost = existsSync(named) ? undefined : `${named} does not exist.`;
  return defined<Policy>({
    named: true,
    deny: [...given.deny, ...ours.deny],
    confirm: [...given.confirm, ...ours.confirm],
    allow: given.allow,
    unreadable: given.unreadable ?? ours.unreadable ?? lost,
  });
}

/** The policy of a file, empty without the file. Never throws: a file that cannot be read allows no writes. */
export function readPolicy(file: string): Policy {
  try {
    const text = readFileSync(file, 'utf8');
    // Editors of Windows put a byte order mark before the text.
    const { deny, confirm, allow } = policySchema.parse(JSON.parse(text.replace(/^\uFEFF/, '')));
    return { deny: deny.map(parsePattern), confirm: confirm.map(parsePattern), allow: allow.map(parsePattern) };
  } catch (error) {
    const nothing = { deny: [], confirm: [], allow: [] };
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return nothing;
    return { ...nothing, unreadable: `${file} cannot be read: ${reasonOf(error)}` };
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) return `${z.prettifyError(error).replace(/\s*\n\s*/g, ' ')}.`;
  if (error instanceof GatewayError) return `${error.message} ${error.hint}`;
  return `${error instanceof Error ? error.message : String(error)}.`;
}

/** `PATCH,POST /service/tickets/**`: methods, or `*`, and a path in which `*` is one segment and `**` all that follow. */
export interface Pattern {
  text: string;
  matches(method: string, path: string): boolean;
}

/** @throws GatewayError `configuration_invalid` for a text of another form */
export function parsePattern(text: string): Pattern {
  const [, methodList = '', path = ''] = /^\s*(\S+)\s+(\/\S*)\s*$/.exec(text) ?? [];
  const wanted = methodList.toUpperCase().split(',');
  const known = wanted.every((method) => method === '*' || methods.some((one) => one === method));
  if (path === '' || !known) {
    throw new GatewayError('configuration_invalid', `${JSON.stringify(text.slice(0, 80))} is not a valid pattern.`, {
      hint: 'Write a method, or *, and a path: "DELETE /service/**", "PATCH,POST /company/companies/*".',
    });
  }
  const segments = segmentsOf(path);
  return {
    text: text.trim(),
    matches: (method, given) =>
      (wanted.includes('*') || wanted.includes(method.toUpperCase())) && matchSegments(segments, segmentsOf(given)),
  };
}

/** As ConnectWise would read them: its paths do not depend on case, and letters may come encoded. */
function segmentsOf(path: string): string[] {
  return path
    .split('/')
    .filter((segment) => segment !== '')
    .map((segment) => {
      try {
        return bareSegment(decodeURIComponent(segment));
      } catch {
        return bareSegment(segment);
      }
    });
}

/** Windows servers ignore dots and white space at the end of a name. */
function bareSegment(segment: string): string {
  return segment
    .trim()
    .replace(/[.\s]+$/, '')
    .toLowerCase();
}

function matchSegments(pattern: readonly string[], given: readonly string[]): boolean {
  for (const [index, segment] of pattern.entries()) {
    if (segment === '**') return true;
    const isFree = segment === '*' || /^\{.*\}$/.test(segment);
    if (given[index] === undefined || (!isFree && segment !== given[index])) return false;
  }
  return given.length === pattern.length;
}

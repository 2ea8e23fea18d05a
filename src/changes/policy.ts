import { existsSync, readFileSync } from 'node:fs';
import * as z from 'zod';
import { type Method, methods } from '../catalog/index.ts';
import type { ConnectWiseClient } from '../connectwise/client.ts';
import { isWrite } from '../connectwise/is-write.ts';
import { GatewayError } from '../core/errors.ts';
import type { PreparedChange } from './change.ts';
import type { WriteMode } from './changes.ts';

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

/** `PATCH,POST /service/tickets/**`: methods, or `*`, and a path in which `*` is one segment and `**` all that follow. */
interface Pattern {
  text: string;
  matches(method: string, path: string): boolean;
}

/** @throws GatewayError `configuration_invalid` for a text that is no pattern */
export function parsePattern(text: string): Pattern {
  const [, methodList = '', path = ''] = /^\s*(\S+)\s+(\/\S*)\s*$/.exec(text) ?? [];
  const wanted = methodList.toUpperCase().split(',');
  const known = wanted.every((method) => method === '*' || methods.some((one) => one === method));
  if (path === '' || !known) {
    throw new GatewayError('configuration_invalid', `${JSON.stringify(text.slice(0, 80))} is no pattern.`, {
      hint: 'Write a method, or *, and a path: "DELETE /service/**", "PATCH,POST /company/companies/*".',
    });
  }
  const segments = segmentsOfPath(path);
  return {
    text: text.trim(),
    matches: (method, given) =>
      (wanted.includes('*') || wanted.includes(method.toUpperCase())) && matchSegments(segments, segmentsOfPath(given)),
  };
}

/** As ConnectWise would read them: its paths do not depend on case, and letters may come encoded. */
function segmentsOfPath(path: string): string[] {
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

/** Servers of Windows leave out what ends a name: dots and white space. */
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

const patternsSchema = z.array(z.string()).default([]);
export const policySchema = z.strictObject({ deny: patternsSchema, confirm: patternsSchema, allow: patternsSchema });

/** The policy of a file; without the file nothing is refined. Never throws: what cannot be read allows no writing. */
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

/**
 * The policy of the file that a setting names, made stricter by the one in the data folder: whoever hands out the
 * former answers for what is allowed. Without the setting the one in the data folder rules.
 */
export function readPolicies(named: string | undefined, own: string): Policy {
  const ours = readPolicy(own);
  if (named === undefined) return ours;
  const given = readPolicy(named);
  // What was meant to rule and is gone must not leave everything allowed.
  const lost = existsSync(named) ? undefined : `${named} is not there.`;
  const unreadable = given.unreadable ?? ours.unreadable ?? lost;
  return {
    named: true,
    deny: [...given.deny, ...ours.deny],
    confirm: [...given.confirm, ...ours.confirm],
    allow: given.allow,
    ...(unreadable === undefined ? {} : { unreadable }),
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) return `${z.prettifyError(error).replace(/\s*\n\s*/g, ' ')}.`;
  if (error instanceof GatewayError) return `${error.message} ${error.hint}`;
  return `${error instanceof Error ? error.message : String(error)}.`;
}

/** A client that reads: whoever asks it to write is refused where the request would leave, whatever the mode. */
export function readingClient(client: ConnectWiseClient): ConnectWiseClient {
  return {
    ...client,
    async send(request, signal) {
      if (!isWrite(request.method, request.path)) return client.send(request, signal);
      throw new GatewayError(
        'read_only',
        `${request.method} ${request.path} was not sent: writes go by prepared changes.`,
      );
    },
  };
}

/** The one client that writes, for prepared changes: mode and policy are asked once more where the request leaves. */
export function writingClient(client: ConnectWiseClient, mode: WriteMode, policy: () => Policy): ConnectWiseClient {
  return {
    ...client,
    async send(request, signal) {
      if (isWrite(request.method, request.path)) refuseDenied(mode, policy(), request);
      return client.send(request, signal);
    },
  };
}

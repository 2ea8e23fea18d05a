import { existsSync, readFileSync } from 'node:fs';
import * as z from 'zod';
import { type Method, methods } from '../catalog/index.ts';
import { type ConnectWiseClient, isWrite } from '../connectwise/index.ts';
import { GatewayError } from '../core/errors.ts';
import { defined, isRecord } from '../core/json.ts';
import type { PreparedChange, WriteMode } from './change.ts';

/**
 * What may be written, by method, path and member of the body. Deny wins over confirm, and confirm over allow; a pattern
 * that names a member is only about requests whose body has it.
 */
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

/** What a policy judges: as it is asked for, prepared or sent. */
export interface JudgedRequest {
  method: Method;
  path: string;
  body?: unknown;
}

/**
 * @throws GatewayError `read_only` in that mode and where the policy cannot be read, `change_denied` for a request
 * that the policy denies; without a request only the former
 */
export function refuseDenied(mode: WriteMode, policy: Policy, request: JudgedRequest | undefined): void {
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
  const denial = findDenial(policy, request);
  if (denial === undefined) return;
  const { pattern, member, isNamed } = denial;
  const by = isNamed ? `by ${policy.named ? 'the policy file' : 'policy.json'}` : 'by default';
  const file = fileOf(policy);
  const line = [method, path, ...(member === undefined ? [] : [member])].join(' ');
  const step = isNamed ? `allow it in ${file}` : `add it to "allow" in ${file}, as ${JSON.stringify(line)}`;
  const what = member === undefined ? `${method} ${path}` : `The member ${member} in ${method} ${path}`;
  throw new GatewayError('change_denied', `${what} is denied ${by} (${pattern.text}).`, {
    details: { field: member === undefined ? 'path' : `data/${member}` },
    hint: `Ask the administrator of this gateway to ${step}.`,
  });
}

interface Denial {
  pattern: Pattern;
  /** What of the body is denied, in the caller's spelling; absent where it is the path. */
  member?: string;
  /** Whether the policy file denies it. */
  isNamed: boolean;
}

/**
 * The first denial of a request. `allow` exempts from what is denied by default: of a path by a pattern without a
 * member, of a member by one that names it, so that a path that was allowed does not open its passwords too.
 */
function findDenial(policy: Policy, { method, path, body }: JudgedRequest): Denial | undefined {
  const members = [undefined, ...memberNames(body)];
  const find = (patterns: readonly Pattern[], member: string | undefined) =>
    patterns.find((pattern) => pattern.matches(method, path, member));
  for (const member of members) {
    const named = find(policy.deny, member);
    if (named !== undefined) return defined<Denial>({ pattern: named, member, isNamed: true });
  }
  for (const member of members) {
    const pattern = find(deniedByDefault, member);
    if (pattern === undefined || find([...openByDefault, ...policy.allow], member) !== undefined) continue;
    return defined<Denial>({ pattern, member, isNamed: false });
  }
  return undefined;
}

/**
 * Each of these gives access, sends data or mail elsewhere without a person, decides who is trusted, or posts to the
 * accounts. `tests/changes/sorted-writes.txt` lists every write of the catalog as denied or open.
 */
const deniedByDefault: readonly Pattern[] = [
  // Members and their rights, logins, callbacks, mail, payment and sign-on are set up below /system.
  '* /system/**',
  '* /project/securityRoles/**',
  '* /company/portalSecurityLevels/**',
  '* /company/portalSecuritySettings/**',
  '* /company/portalConfigurations/**',
  '* /company/contacts/requestPassword',
  '* /company/contacts/validatePortalCredentials',
  // Logins and addresses of other systems.
  '* /company/management/**',
  '* /company/managementBackups/**',
  '* /company/managementItSolutions/**',
  '* /company/managedDevicesIntegrations/**',
  '* /company/m365contactsync/**',
  '* /finance/taxIntegrations/**',
  '* /procurement/directionalSyncs/**',
  '* /service/ticketSyncs/**',
  '* /finance/accounting/**',
  '* /finance/accountingPackageSetup/**',
  // What mails by itself, from then on, to the address that it names.
  '* /company/tracks/**',
  '* /company/companies/*/managementReportNotifications/**',
  '* /service/boards/*/notifications/**',
  '* /service/boards/*/statuses/*/notifications/**',
  '* /procurement/purchaseorderstatuses/*/notifications/**',
  '* /procurement/rmaStatuses/*/notifications/**',
  '* /sales/orders/statuses/*/notifications/**',
  // Members that do so in a record of any kind.
  '* /** *password*',
  '* /** *secret*',
  '* /** *token',
  '* /** *credential*',
  '* /** apiKey',
  '* /** privateKey',
  '* /** publicKey',
  '* /** licenseKey',
  '* /** encryptionKey',
  '* /** initializationVector',
  '* /** role',
  '* /** securityRole',
  '* /** adminFlag',
  '* /** portalSecurityLevel',
  '* /** securityIdentifier',
  '* /** *callbackUrl',
].map((text) => parsePattern(text));

/** What those patterns cover and daily work needs. */
const openByDefault: readonly Pattern[] = [
  '* /system/documents/**',
  // Several reads as one (CW 5.9).
  'POST /system/bundles/**',
  'POST /system/info/links/*/resolveurl',
  // Lists of words that others choose from.
  '* /system/certifications/**',
  '* /system/skills/**',
  '* /system/skillCategories/**',
  '* /system/inOutBoards/**',
  '* /system/inOutTypes/**',
  '* /system/standardNotes/**',
  '* /system/surveys/**',
  '* /system/reportCards/**',
  '* /system/osgradeweights/**',
  // What a member can do, and their time.
  '* /system/members/*/accruals/**',
  '* /system/members/*/certifications/**',
  '* /system/members/*/mycertifications/**',
  '* /system/members/*/skills/**',
  'DELETE /system/members/*/unusedTimeSheets',
  '* /system/myAccount/*/skills/**',
  // The part that a contact has in a deal.
  '* /sales/opportunities/*/contacts/** role',
].map((text) => parsePattern(text));

/**
 * The names of all members that a body sets, at any depth: those of objects, and of the paths of operations. What is
 * directly below `customFields` are captions, which are words of the company.
 */
function memberNames(body: unknown): Set<string> {
  const names = new Set<string>();
  const take = (segments: readonly string[]) => {
    const captions = segments.findIndex((segment) => segment.toLowerCase() === 'customfields');
    for (const segment of captions < 0 ? segments : segments.slice(0, captions + 1)) names.add(segment);
  };
  const waiting: { value: unknown; isCaptioned?: boolean }[] = [{ value: body }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, isCaptioned = false } = next;
    if (Array.isArray(value)) for (const element of value) waiting.push({ value: element });
    else if (isRecord(value)) {
      for (const [name, part] of Object.entries(value)) {
        const plain = name.trim();
        if (!isCaptioned) names.add(plain);
        // An operation, in the spelling of any client.
        if (/^(path|from)$/i.test(plain) && typeof part === 'string') take(pointerSegments(part));
        waiting.push({ value: part, isCaptioned: /^customFields$/i.test(plain) });
      }
    }
  }
  return names;
}

/** The names of a JSON pointer, also of one that is not quite one. */
const pointerSegments = (pointer: string): string[] =>
  pointer
    .split(/[/.]/)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~').trim())
    .filter((segment) => segment !== '');

const fileOf = ({ named }: Policy) =>
  named ? 'the file that CONNECTWISE_POLICY_FILE names' : 'policy.json of the data folder';

/** Whether mode `allow` may send a change without showing it: what is mailed or billed only where `allow` names it. */
export function allowsAtOnce(
  policy: Policy,
  { method, path, body, customerVisible }: Pick<PreparedChange, 'method' | 'path' | 'body' | 'customerVisible'>,
): boolean {
  const members = [undefined, ...memberNames(body)];
  const isNamed = (patterns: readonly Pattern[], member?: string) =>
    patterns.some((pattern) => pattern.matches(method, path, member));
  if (members.some((member) => isNamed(policy.confirm, member))) return false;
  return !customerVisible || isNamed(policy.allow);
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

/**
 * `PATCH,POST /service/tickets/** owner`: methods, or `*`; a path in which `*` is one segment and `**` all that follow;
 * and, for what is only about a member of the body, its name, in which `*` is any characters.
 */
export interface Pattern {
  text: string;
  /** @param member one that the body has; without it the request as a whole, which patterns with a member never match */
  matches(method: string, path: string, member?: string): boolean;
}

/** @throws GatewayError `configuration_invalid` for a text of another form */
export function parsePattern(text: string): Pattern {
  const [, methodList = '', path = '', name] = /^\s*(\S+)\s+(\/\S*)(?:\s+([\w*]+))?\s*$/.exec(text) ?? [];
  const wanted = methodList.toUpperCase().split(',');
  const known = wanted.every((method) => method === '*' || methods.some((one) => one === method));
  if (path === '' || !known) {
    throw new GatewayError('configuration_invalid', `${JSON.stringify(text.slice(0, 80))} is not a valid pattern.`, {
      hint: 'Write a method, or *, and a path: "DELETE /service/**", "PATCH,POST /company/companies/*"; and a member of the body, if only that is meant: "PATCH /company/contacts/* portalPassword".',
    });
  }
  const segments = segmentsOf(path);
  const ofMember = name === undefined ? undefined : new RegExp(`^${name.replaceAll('*', '.*')}$`, 'is');
  return {
    text: text.trim(),
    matches: (method, given, member) =>
      (member === undefined ? ofMember === undefined : ofMember?.test(member) === true) &&
      (wanted.includes('*') || wanted.includes(method.toUpperCase())) &&
      matchSegments(segments, segmentsOf(given)),
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

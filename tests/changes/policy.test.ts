import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import type { Method } from '../../src/catalog/endpoint.ts';
import type { PreparedChange } from '../../src/changes/change.ts';
import {
  allowsAtOnce,
  type Policy,
  parsePattern,
  readingClient,
  readPolicies,
  readPolicy,
  refuseDenied,
  writingClient,
} from '../../src/changes/policy.ts';
import { isWrite } from '../../src/connectwise/client.ts';
import { sharedCatalog } from '../support/shared.ts';
import { scriptedClient, setUp } from './fixtures.ts';

const policyOf = ({ deny = [], confirm = [], allow = [] }: Partial<Record<keyof Policy, string[]>>): Policy => ({
  deny: deny.map(parsePattern),
  confirm: confirm.map(parsePattern),
  allow: allow.map(parsePattern),
});
const nothing = policyOf({});

test.each<[string, string, string, boolean]>([
  ['DELETE /service/**', 'DELETE', '/service/tickets/1', true],
  ['DELETE /service/**', 'PATCH', '/service/tickets/1', false],
  ['* /service/tickets/*', 'PATCH', '/service/tickets/1', true],
  ['* /service/tickets/*', 'POST', '/service/tickets/1/notes', false],
  ['PATCH,POST /company/companies/{id}', 'post', '/Company/Companies/7/', true],
  ['* /system/callbacks/**', 'POST', '/system/callbacks', true],
  ['* /system/callbacks/**', 'POST', '/system//callb%61cks', true],
  ['* /system/callbacks/**', 'POST', '/system/callbacks.%20', true],
  ['* /system/callbacks', 'POST', '/system/callback', false],
])('the pattern %s and %s %s: %s', (pattern, method, path, expected) => {
  expect(parsePattern(pattern).matches(method, path)).toBe(expected);
});

test.each(['', 'DELETE', '/service', 'FETCH /x', 'DELETE service'])('%j is not a pattern', (text) => {
  expect(() => parsePattern(text)).toThrow(/is not a valid pattern/);
});

test.each<[Method, string]>([
  ['POST', '/system/members/jdoe/tokens'],
  ['POST', '/system/members/5/linkSsoUser'],
  ['POST', '/system/apiMembers'],
  ['POST', '/system/callbacks'],
  ['DELETE', '/system/callbacks/3'],
  ['PATCH', '/system/ssoConfigurations/1'],
  ['POST', '/system/securityroles'],
  ['POST', '/finance/accounting/export'],
])('%s %s is denied unless it is named', (method, path) => {
  expect(() => refuseDenied('confirm', nothing, { method, path })).toThrow(/is denied by default/);
  const named = policyOf({ allow: [`${method} ${path}`] });
  expect(() => refuseDenied('confirm', named, { method, path })).not.toThrow();
  const both = { ...named, ...policyOf({ deny: ['* /system/**', '* /finance/**'] }), allow: named.allow };
  expect(() => refuseDenied('confirm', both, { method, path })).toThrow(/is denied by policy\.json/);
});

/** Logins, rights, mail and money, as somebody who writes tickets might ask for them. */
const attacks: [Method, string, unknown?][] = [
  ['POST', '/system/integratorlogins', { username: 'x', password: 'y', ticketCallbackUrl: 'https://evil.example/t' }],
  [
    'PATCH',
    '/system/integratorlogins/3',
    [{ op: 'replace', path: '/serviceBoardCallbackUrl', value: 'https://evil.example' }],
  ],
  ['POST', '/system/members', { identifier: 'mallory', password: 'x', securityRole: { id: 63 } }],
  ['PATCH', '/system/members/5', { password: 'x' }],
  ['PATCH', '/system/members/5', [{ op: 'replace', path: 'securityRole/id', value: 63 }]],
  ['PATCH', '/system/members/5', { adminFlag: true }],
  ['POST', '/system/membertemplates', { adminFlag: true }],
  ['POST', '/system/workflows/1/events/2/actions', { emailRecipient: 'mallory@evil.example' }],
  ['POST', '/company/tracks/1/actions', { emailRecipient: 'mallory@evil.example' }],
  ['PATCH', '/system/office365/emailSetups/1', { clientSecret: 'x' }],
  ['PATCH', '/system/emailConnectors/1', { bccEmailTo: 'mallory@evil.example' }],
  ['PATCH', '/system/ePayConfigurations/1', { encryptionKey: 'x' }],
  ['PATCH', '/company/portalConfigurations/1/invoiceSetups/1', { login: 'x', password: 'y' }],
  ['POST', '/system/allowedorigins', { origin: 'https://evil.example' }],
  ['PATCH', '/company/contacts/7', { portalPassword: 'x' }],
  ['PATCH', '/company/contacts/7', [{ op: 'add', path: '/PortalPassword', value: 'x' }]],
  ['POST', '/company/contacts', { firstName: 'Eve', communicationItems: [{ custom: { ' portalpassword ': 'x' } }] }],
  ['POST', '/company/contacts/requestPassword', { email: 'mallory@evil.example' }],
  ['PATCH', '/finance/taxIntegrations/1', { licenseKey: 'x' }],
  ['PATCH', '/service/unknownThings/1', { apiKey: 'x' }],
];

test.each(attacks)(
  '%s %s %j is denied by default, before anything is read and where it would leave',
  async (method, path, body) => {
    const request = { method, path, body };
    expect(() => refuseDenied('allow', nothing, request)).toThrow(/is denied by default/);
    const { changes, requests } = setUp({ policy: nothing });
    await expect(changes.prepare(request as Parameters<typeof changes.prepare>[0])).rejects.toMatchObject({
      code: 'change_denied',
    });
    expect(requests).toEqual([]);
    const { client, writes } = scriptedClient(() => ({}));
    await expect(writingClient(client, 'allow', () => nothing).send(request)).rejects.toMatchObject({
      code: 'change_denied',
    });
    expect(writes()).toEqual([]);
  },
);

test.each<[Method, string, unknown?]>([
  ['PATCH', '/service/tickets/1', { summary: 'password reset', status: { name: 'New' } }],
  ['PATCH', '/company/contacts/7', { customFields: { 'Wifi password': 'x', Token: 'y' } }],
  ['PATCH', '/company/contacts/7', [{ op: 'replace', path: '/customFields/Wifi password', value: 'x' }]],
  ['POST', '/sales/opportunities/1/contacts', { contact: { id: 1 }, role: { id: 2 } }],
  ['POST', '/system/documents', { recordType: 'Ticket', recordId: 1 }],
  ['PATCH', '/project/projects/1/teamMembers/2', { projectRole: { id: 1 }, workRole: { id: 2 } }],
])('%s %s %j is daily work', (method, path, body) => {
  expect(() => refuseDenied('confirm', nothing, { method, path, body })).not.toThrow();
});

test('a pattern with a member is about that member alone', () => {
  const set = { method: 'PATCH', path: '/company/contacts/7', body: { portalPassword: 'x', nickName: 'y' } } as const;
  const allow = (text: string) => () => refuseDenied('confirm', policyOf({ allow: [text] }), set);
  expect(allow('PATCH /company/contacts/*')).toThrow(/^The member portalPassword in PATCH .* is denied by default/);
  expect(allow('PATCH /company/contacts/* portalPassword')).not.toThrow();
  expect(allow('PATCH /company/contacts/* nickName')).toThrow(/is denied by default/);
  const login = { method: 'POST', path: '/system/integratorlogins', body: { password: 'x' } } as const;
  const both = ['* /system/integratorlogins/**', '* /system/integratorlogins/** pass*'];
  for (const one of both) expect(() => refuseDenied('confirm', policyOf({ allow: [one] }), login)).toThrow(/default/);
  expect(() => refuseDenied('confirm', policyOf({ allow: both }), login)).not.toThrow();
  const tickets = { method: 'PATCH', path: '/service/tickets/1' } as const;
  const strict = policyOf({ deny: ['* /service/tickets/* owner'], confirm: ['* /service/** board'] });
  expect(() => refuseDenied('confirm', strict, { ...tickets, body: { Owner: 1 } })).toThrow(/by policy\.json \(/);
  expect(() => refuseDenied('confirm', strict, { ...tickets, body: { summary: 'x' } })).not.toThrow();
  expect(allowsAtOnce(strict, change({ body: [{ op: 'replace', path: 'board', value: { id: 1 } }] }))).toBe(false);
  expect(allowsAtOnce(strict, change({ body: [{ op: 'replace', path: 'summary', value: 'board' }] }))).toBe(true);
  const seen = policyOf({ allow: ['* /service/** summary'] });
  expect(allowsAtOnce(seen, change({ customerVisible: true, body: { summary: 'x' } }))).toBe(false);
});

const withoutIds = (template: string) => template.replace(/\/?\{[^}]*\}$/, '').replace(/\{[^}]*\}/g, '*');
const isDenied = (method: Method, path: string, body?: unknown): boolean => {
  try {
    refuseDenied('confirm', nothing, { method, path, body });
    return false;
  } catch {
    return true;
  }
};

test('every write of the catalog is sorted: denied by default or open', async () => {
  const { endpoints } = await sharedCatalog();
  const found = endpoints
    .filter(({ method, path }) => isWrite(method, path))
    .map(
      ({ method, path }) =>
        `${isDenied(method, path.replace(/\{[^}]*\}/g, '1')) ? 'denied' : 'open'} ${withoutIds(path)}`,
    );
  const lines = readFileSync(join(import.meta.dirname, 'sorted-writes.txt'), 'utf8').split('\n');
  const sorted = lines.filter((line) => /^(denied|open) /.test(line));
  expect([...new Set(found)].sort()).toEqual(sorted.sort());
});

/** Words of names that may give access; and what has one in an open write, and means something else. */
const sensitive =
  /^(password|pwd|secret|token|key|credentials?|admin|role|roles|callback|security|login|sso|vector|certificate|license|origin|recipient|mfa)$/;
const harmless: readonly string[] = [
  // An agreement's, a tax code's and an invoice template's rates of work.
  ...[
    'addAllWorkRoleExclusions',
    'addAllWorkRoles',
    'copyWorkRolesFlag',
    'exclusionWorkRoleIds',
    'workRole',
    'workRoleIds',
  ],
  ...['removeAllWorkRoleExclusions', 'removeAllWorkRoles', 'servicesWorkRoleCaption', 'servicesWorkRoleVisibleFlag'],
  // Who does what in a team, a project or a deal.
  ...['projectRole', 'projectRoleId', 'role', 'teamRole'],
  // Of a configuration, and of a contact's portal: it locks a login out.
  ...['lastLoginName', 'missingSecurityPatches', 'disablePortalLoginFlag'],
  // Sends fewer messages.
  'skipCallback',
].sort();

test('every member of an open write whose name is about access is denied by default or sorted as harmless', async () => {
  const catalog = await sharedCatalog();
  const open = new Set<string>();
  const collect = (schema: string | undefined, where: { method: Method; path: string }, seen: ReadonlySet<string>) => {
    for (const { name, schema: inner, readOnly } of catalog.findSchema(schema ?? '')?.members ?? []) {
      if (readOnly) continue;
      if (
        name.split(/(?=[A-Z])/).some((word) => sensitive.test(word.toLowerCase())) &&
        !isDenied(where.method, where.path, { [name]: 1 })
      )
        open.add(name);
      if (inner !== undefined && !seen.has(inner)) collect(inner, where, new Set([...seen, inner]));
    }
  };
  for (const { method, path } of catalog.endpoints) {
    const endpoint = catalog.findEndpoint(method, path)?.endpoint;
    const where = { method, path: path.replace(/\{[^}]*\}/g, '1') };
    if (!isWrite(method, path) || isDenied(method, where.path)) continue;
    const schema = method === 'PATCH' ? endpoint?.response?.schema : endpoint?.body?.schema;
    collect(schema, where, new Set());
  }
  expect([...open].sort()).toEqual(harmless);
});

const change = (more: Partial<PreparedChange>): PreparedChange => ({
  ...{ changeId: 'x', method: 'PATCH', path: '/service/tickets/1', sentence: '', warnings: [], approval: 'client' },
  ...{ statement: { subject: '', settings: [], ends: [] }, customerVisible: false, preparedAt: '', expiresAt: '' },
  ...more,
});

test.each<[string, Policy, Partial<PreparedChange>, boolean]>([
  ['what is internal', nothing, {}, true],
  ['what customers see', nothing, { customerVisible: true }, false],
  ['what customers see and is named', policyOf({ allow: ['PATCH /service/**'] }), { customerVisible: true }, true],
  ['what is to be confirmed', policyOf({ confirm: ['PATCH /service/**'] }), {}, false],
  ['what is both', policyOf({ confirm: ['* /service/**'], allow: ['* /service/**'] }), {}, false],
])('mode allow sends %s at once: %s', (_, policy, given, expected) => {
  expect(allowsAtOnce(policy, change(given))).toBe(expected);
});

test.each<[string, string | undefined, RegExp | undefined]>([
  ['none', undefined, undefined],
  ['an empty one', '{}', undefined],
  ['one that is no JSON', '{deny: []}', /cannot be read/],
  ['one with an unknown list', '{"forbid": []}', /cannot be read/],
  ['one with a wrong pattern', '{"deny": ["everything"]}', /is not a valid pattern/],
])('a policy file, %s', (_, text, unreadable) => {
  const folder = mkdtempSync(join(tmpdir(), 'cwm policy '));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'policy.json');
  if (text !== undefined) writeFileSync(file, text);
  const policy = readPolicy(file);
  if (unreadable === undefined) expect(policy).toEqual(nothing);
  else {
    expect(policy.unreadable).toMatch(unreadable);
    expect(() => refuseDenied('allow', policy, { method: 'PATCH', path: '/service/tickets/1' })).toThrow(
      /Nothing may be written/,
    );
  }
});

test('a policy file that a setting names comes first, and the one in the data folder can only make it stricter', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cwm policy '));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [named, own] = [join(folder, 'given.json'), join(folder, 'policy.json')];
  writeFileSync(named, '{"deny": ["DELETE /service/**"], "allow": ["POST /system/callbacks"]}');
  writeFileSync(own, '{"deny": ["* /finance/**"], "confirm": ["PATCH /company/**"], "allow": ["* /system/**"]}');
  const refusal = (method: Method, path: string) => () =>
    refuseDenied('allow', readPolicies(named, own), { method, path });
  expect(refusal('DELETE', '/service/tickets/1')).toThrow(/is denied by the policy file/);
  expect(refusal('PATCH', '/finance/invoices/1')).toThrow(/is denied/);
  expect(refusal('POST', '/system/callbacks')).not.toThrow();
  expect(refusal('POST', '/system/apiMembers')).toThrow(/is denied by default/);
  expect(allowsAtOnce(readPolicies(named, own), change({ path: '/company/companies/1' }))).toBe(false);
});

test('a missing policy file that a setting names allows no writes', () => {
  const gone = join(tmpdir(), 'cwm policy that is not there.json');
  expect(() => refuseDenied('allow', readPolicies(gone, gone), undefined)).toThrow(
    /Nothing may be written: .*not there/,
  );
});

test('a denied change is not prepared, nor sent once the policy denies it', async () => {
  const deny: Policy['deny'] extends readonly (infer One)[] ? One[] : never = [];
  const { changes, writes } = setUp({ policy: { deny, confirm: [], allow: [] } });
  const request = { method: 'PATCH', path: '/service/tickets/4711', body: { summary: 'x' } } as const;
  const { changeId } = await changes.prepare(request);
  deny.push(parsePattern('PATCH /service/**'));
  await expect(changes.prepare(request)).rejects.toMatchObject({ code: 'change_denied' });
  await expect(changes.confirm(changeId)).rejects.toMatchObject({ code: 'change_denied' });
  expect(writes()).toEqual([]);
});

test('whatever is called, the reading client never writes, and the writing client nothing that is denied', async () => {
  const methods = fc.constantFrom<Method>('GET', 'POST', 'PUT', 'PATCH', 'DELETE');
  const paths = fc.constantFrom('/service/tickets/1', '/service/tickets/search', '/system/callbacks', '/system/x');
  await fc.assert(
    fc.asyncProperty(methods, paths, fc.constantFrom('read-only', 'confirm', 'allow'), async (method, path, mode) => {
      const { client, writes } = scriptedClient(() => ({}));
      await readingClient(client)
        .send({ method, path })
        .catch(() => undefined);
      expect(
        writes().filter((request) => request.path !== '/service/tickets/search' || request.method !== 'POST'),
      ).toEqual([]);
      const writing = scriptedClient(() => ({}));
      await writingClient(writing.client, mode, () => nothing)
        .send({ method, path })
        .catch(() => undefined);
      const sent = writing
        .writes()
        .filter((request) => request.path !== '/service/tickets/search' || request.method !== 'POST');
      if (mode === 'read-only' || path === '/system/callbacks') expect(sent).toEqual([]);
    }),
  );
});

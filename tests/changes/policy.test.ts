import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

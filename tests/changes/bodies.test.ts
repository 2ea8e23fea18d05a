import { beforeAll, describe, expect, test } from 'vitest';
import type { Catalog } from '../../src/catalog/catalog.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { countTokens, renderErrorReply } from '../../src/gateway/calls/reply.ts';
import { sharedCatalog } from '../support/shared.ts';
import { agreementBodies } from './bodies/agreements.ts';
import type { BodyCase } from './bodies/body-case.ts';
import { companyBodies } from './bodies/companies.ts';
import { prepareCall } from './bodies/prepare-call.ts';
import { ticketBodies } from './bodies/tickets.ts';
import { timeBodies } from './bodies/time.ts';

let catalog: Catalog;
beforeAll(async () => {
  catalog = await sharedCatalog();
});

const bodies = [...ticketBodies, ...companyBodies, ...timeBodies, ...agreementBodies];
const titled = (cases: readonly BodyCase[]) => cases.map((one) => [one.name, one] as const);
const asOperations = ({ call, data }: BodyCase): unknown =>
  !call.startsWith('PATCH') || Array.isArray(data)
    ? data
    : Object.entries(data as object).map(([path, value]) => ({ op: 'replace', path, value }));

async function refusal(call: string, data: unknown): Promise<GatewayError> {
  const error = await prepareCall(catalog, call, data).catch((reason: unknown) => reason);
  if (error instanceof GatewayError) return error;
  throw new Error(`${call} was not refused`);
}

function renderRefusal(error: GatewayError): string {
  const [content] = renderErrorReply(error, { redact: (text) => text }).content;
  return content?.type === 'text' ? content.text : '';
}

test('at least 60 bodies are tried', () => {
  expect(bodies.length).toBeGreaterThanOrEqual(60);
});

describe('is sent', () => {
  test.each(titled(bodies.filter(({ refused }) => refused === undefined)))('%s', async (_, body) => {
    const { said = [], sent = asOperations(body) } = body;
    const change = await prepareCall(catalog, body.call, body.data);
    expect(change.body).toEqual(sent);
    for (const pattern of said) expect(change.warnings).toContainEqual(expect.stringMatching(pattern));
    // Side effects of a write have their own tests.
    const effects =
      /^(The new status could not be read|Billing is affected|No member is given|The customer can read|Its notes are copied)/;
    if (said.length === 0) expect(change.warnings.filter((warning) => !effects.test(warning))).toEqual([]);
  });

  test.each(titled(bodies.filter(({ refused }) => refused === undefined)))(
    'unchanged when it is checked again: %s',
    async (_, { call, data }) => {
      const { body } = await prepareCall(catalog, call, data);
      const again = await prepareCall(catalog, call, body);
      expect(again.body).toEqual(body);
      expect(again.warnings.join()).not.toContain('Repaired');
    },
  );
});

describe('is refused', () => {
  const refused = titled(bodies.filter((body) => body.refused !== undefined));

  test.each(refused)('%s', async (_, { call, data, refused: expected = {} }) => {
    const { code, details } = await refusal(call, data);
    expect(code).toBe('invalid_body');
    const reported = Object.fromEntries(
      (details.faults ?? []).map(({ path, problem, allowed }) => [path, `${problem}; ${allowed ?? ''}`]),
    );
    expect(Object.keys(reported).sort()).toEqual(Object.keys(expected).sort());
    for (const [path, pattern] of Object.entries(expected)) expect(reported[path]).toMatch(pattern);
  });

  test.each(refused)('and is sent as it is if not checked: %s', async (_, body) => {
    const change = await prepareCall(catalog, body.call, body.data, false);
    expect(change.body).toEqual(asOperations(body));
    expect(change.warnings[0]).toBe('strict is false: the body was not checked.');
  });

  test.each(refused)('in at most 300 tokens: %s', async (_, { call, data }) => {
    const text = renderRefusal(await refusal(call, data));
    expect(countTokens(text)).toBeLessThanOrEqual(300);
    expect(text).not.toContain('…\nNext');
  });

  test('with as many faults as fit, and the number of all', async () => {
    const data = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [`userDefinedField1${'_'.repeat(index)}`, {}]),
    );
    const error = await refusal('POST /company/companies', { ...data, name: 1, identifier: {} });
    expect(error.message).toMatch(/is wrong: \d+ faults, the first \d+ are named\.$/);
    const text = renderRefusal(error);
    expect(countTokens(text)).toBeLessThanOrEqual(300);
    expect(text).not.toContain('…\nNext');
  });
});

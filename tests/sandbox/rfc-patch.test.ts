import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../sandbox/json.ts';
import { applyPatch, PatchError, readPatch } from '../../sandbox/write/patch.ts';
import { manyRuns } from '../support/depth.ts';

// JSON Patch of RFC 6902 and ConnectWise's agree on members that are there, and on elements of arrays by position.
// They differ, and are tested for themselves, on: paths without a slash, null as a value, members that are not there,
// parts of references, custom fields.

type Operation = { op: 'add' | 'replace' | 'remove'; path: string; value?: JsonValue };

/** The part of npm's fast-json-patch that is used here; installed with the large test tools. */
interface Rfc6902 {
  applyPatch(document: JsonObject, operations: Operation[], validate: boolean): { newDocument: JsonObject };
}
const { applyPatch: applyRfc } = createRequire(new URL('../tools/package.json', import.meta.url))(
  'fast-json-patch',
) as Rfc6902;

const text = fc.string({ maxLength: 6 });
const item = fc.record({ value: text, rank: fc.integer({ min: 0, max: 9 }) });
const record: fc.Arbitrary<JsonObject> = fc.record({
  summary: text,
  budgetHours: fc.integer(),
  closedFlag: fc.boolean(),
  address: fc.record({ city: text, zip: text }),
  items: fc.array(item, { maxLength: 4 }),
});

const position = fc.integer({ min: 0, max: 5 });
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ op: fc.constantFrom('add', 'replace'), path: fc.constant('/summary'), value: text }),
  fc.record({ op: fc.constantFrom('add', 'replace'), path: fc.constant('/closedFlag'), value: fc.boolean() }),
  fc.record({ op: fc.constantFrom('add', 'replace'), path: fc.constant('/address/city'), value: text }),
  fc.record({ op: fc.constantFrom('add', 'replace'), path: fc.constant('/items'), value: fc.array(item) }),
  position.chain((at) =>
    fc.record({ op: fc.constantFrom('add', 'replace'), path: fc.constant(`/items/${at}`), value: item }),
  ),
  position.map((at) => ({ op: 'remove' as const, path: `/items/${at}` })),
  position.chain((at) =>
    fc.record({ op: fc.constant('replace' as const), path: fc.constant(`/items/${at}/value`), value: text }),
  ),
  item.map((value) => ({ op: 'add' as const, path: '/items/-', value })),
);

/** The record after a patch, or undefined where it is refused. */
function patched(before: JsonObject, operations: Operation[]): JsonObject | undefined {
  const read = readPatch(operations as unknown as JsonValue);
  if (read instanceof PatchError) return undefined;
  const result = applyPatch(before, read);
  return result instanceof PatchError ? undefined : result;
}

function patchedByRfc(before: JsonObject, operations: Operation[]): JsonObject | undefined {
  try {
    return applyRfc(structuredClone(before), structuredClone(operations), true).newDocument;
  } catch {
    return undefined;
  }
}

test('PATCH does what RFC 6902 says, and refuses what it refuses, where ConnectWise agrees with it', () => {
  let applied = 0;
  let refused = 0;
  fc.assert(
    fc.property(record, fc.array(operation, { minLength: 1, maxLength: 6 }), (before, operations) => {
      const kept = structuredClone(before);
      const expected = patchedByRfc(before, operations);
      expect(patched(before, operations)).toEqual(expected);
      expect(before).toEqual(kept);
      if (expected === undefined) refused += 1;
      else applied += 1;
    }),
    { numRuns: manyRuns },
  );
  expect(applied).toBeGreaterThan(0.15 * manyRuns);
  expect(refused).toBeGreaterThan(0.15 * manyRuns);
});

test('a member that is there can be removed, as RFC 6902 says', () => {
  fc.assert(
    fc.property(record, fc.constantFrom('summary', 'address', 'items', 'address/zip'), (before, path) => {
      const operations: Operation[] = [{ op: 'remove', path: `/${path}` }];
      expect(patched(before, operations)).toEqual(patchedByRfc(before, operations));
    }),
  );
});

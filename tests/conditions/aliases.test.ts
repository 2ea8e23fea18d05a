import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import type { OpenedCatalog } from '../../src/catalog/catalog.ts';
import { aliases } from '../../src/conditions/aliases.ts';
import { findMember, resolvePath } from '../../src/conditions/member-path.ts';
import { sharedCatalog } from '../support/shared.ts';

let catalog: OpenedCatalog;

beforeAll(async () => {
  catalog = await sharedCatalog();
});

/** ConnectWise takes it, though the definition lacks it (CW 5.5). */
const outsideCatalog = 'configuration/id';

it('leads every alias of a schema to members that the catalog has', () => {
  const lost: string[] = [];
  for (const [key, { to }] of aliases) {
    const [name = ''] = key.split(' ');
    const schema = name === '' ? undefined : catalog.findSchema(name);
    if (schema === undefined) {
      if (name !== '') lost.push(key);
      continue;
    }
    const scope = { schema, findSchema: catalog.findSchema };
    for (const path of to.filter((known) => known !== outsideCatalog)) {
      const target = resolvePath(path.replace(/ .*/, '').split('/'), scope);
      if (target.kind === 'unknown' || target.kind === 'reference' || target.kind === 'beyond')
        lost.push(`${key} -> ${path}`);
    }
  }
  expect(lost).toEqual([]);
});

it('has no alias where the schema has a member of that name', () => {
  const shadowed = [...aliases.keys()].filter((key) => {
    const [name = '', wrong = ''] = key.split(' ');
    const schema = catalog.findSchema(name);
    return schema !== undefined && !wrong.includes('/') && findMember(schema, wrong) !== undefined;
  });
  expect(shadowed).toEqual([]);
});

it('cites facts that docs/connectwise.md numbers', () => {
  const document = readFileSync(new URL('../../docs/connectwise.md', import.meta.url), 'utf8');
  const unknown = [...aliases.values()].filter(
    ({ cw }) => !new RegExp(`^\\s*(?:-\\s+|#+\\s*)${cw.replaceAll('.', '\\.')}\\b`, 'm').test(document),
  );
  expect([...new Set(unknown.map(({ cw }) => cw))]).toEqual([]);
});

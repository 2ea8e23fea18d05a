import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { renderServerJson } from '../../scripts/server-json.ts';
import { options } from '../../src/config/settings.ts';
import { serverJsonSchema } from './server-json-schema.ts';
import { createSchemaCheck } from './test-tools.ts';

const read = (file: string) => JSON.parse(readFileSync(join(import.meta.dirname, '../..', file), 'utf8'));
const serverJson = read('server.json');
const packageFile = read('package.json');
const faultsOf = createSchemaCheck(serverJsonSchema);

test('server.json keeps the rules of the MCP registry', () => {
  expect(faultsOf(serverJson)).toEqual([]);
});

test.each<[string, object]>([
  ['a name without a namespace', { name: 'cwm-api-gateway-mcp' }],
  ['a description of 101 characters', { description: 'x'.repeat(101) }],
  ['a range as version', { version: '^0.1.0' }],
  ['a member that the registry does not know', { keywords: [] }],
  ['a package without transport', { packages: [{ registryType: 'npm', identifier: 'x', version: '0.1.0' }] }],
])('the rules refuse %s', (_name, wrong) => {
  expect(faultsOf({ ...serverJson, ...wrong })).not.toEqual([]);
});

test('that of a release also names the bundle, by its address and its hash', () => {
  const url = 'https://github.com/acme/cwm-api-gateway-mcp/releases/download/v0.1.0/cwm-api-gateway-mcp-0.1.0.mcpb';
  const released = JSON.parse(renderServerJson(packageFile, { url, sha256: 'a1'.repeat(32) }));
  expect(faultsOf(released)).toEqual([]);
  expect(released.packages.slice(0, -1)).toEqual(serverJson.packages);
  expect(released.packages.at(-1)).toMatchObject({ identifier: url, fileSha256: 'a1'.repeat(32) });
  const withVersion = { ...released.packages.at(-1), version: '0.1.0' };
  expect(faultsOf({ ...released, packages: [withVersion] })).not.toEqual([]);
});

test('it names the package, and the package names it, in the same version', () => {
  const [npm] = serverJson.packages;
  expect(serverJson.name).toBe(packageFile.mcpName);
  expect(npm.identifier).toBe(packageFile.name);
  expect([serverJson.version, npm.version]).toEqual([packageFile.version, packageFile.version]);
});

test('it lists the settings of the program, and says which are secret', () => {
  interface Variable {
    name: string;
    isSecret: boolean;
  }
  const listed: Variable[] = serverJson.packages[0].environmentVariables;
  const all = Object.values(options).map(({ variable }) => variable as string);
  expect(listed.map(({ name }) => name)).toEqual(all.filter((name) => name !== 'CONNECTWISE_EXTENSION_FIELDS'));
  expect(listed.filter(({ isSecret }) => isSecret).map(({ name }) => name)).toEqual([
    'CONNECTWISE_PUBLIC_KEY',
    'CONNECTWISE_PRIVATE_KEY',
    'CONNECTWISE_CLIENT_ID',
  ]);
});

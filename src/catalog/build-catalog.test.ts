import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { buildCatalogFile, readDefinitionFile } from './build-catalog.ts';
import { checkCatalog, compareVersions, openCatalog } from './catalog.ts';
import { catalogFolder } from './catalog-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'build catalog '));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const shippedFile = join(folder, 'none.db');
const openApi = (version: string, ...paths: string[]) =>
  JSON.stringify({
    openapi: '3.0.1',
    info: { version },
    paths: Object.fromEntries(paths.map((path) => [path, { get: {} }])),
  });

function write(name: string, content: string | Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

test('a build is used at once, and the one before it goes', async () => {
  const dataFolder = join(folder, 'data');
  const steps: string[] = [];
  const first = await buildCatalogFile(write('one.json', openApi('2024.1', '/a/b')), dataFolder, {
    onProgress: (step) => steps.push(step),
  });
  const second = await buildCatalogFile(write('two.json', openApi('2025.1', '/a/b', '/a/c')), dataFolder);
  expect(first).toMatchObject({ version: '2024.1', counts: { endpoints: 1, schemas: 0 } });
  expect(steps.length).toBeGreaterThan(2);
  expect(readdirSync(catalogFolder(dataFolder)).sort()).toEqual(
    [second.file.split(/[\\/]/).at(-1), 'current.json'].sort(),
  );
  const catalog = await openCatalog({ dataFolder, shippedFile });
  expect(catalog.info).toMatchObject({ source: 'data folder', version: '2025.1', file: second.file });
  catalog.close();
});

test('a server that holds the old catalog open goes on with it', async () => {
  const dataFolder = join(folder, 'held');
  await buildCatalogFile(write('one.json', openApi('2024.1', '/a/b')), dataFolder);
  const held = await openCatalog({ dataFolder, shippedFile });
  await buildCatalogFile(write('two.json', openApi('2025.1', '/a/c')), dataFolder);
  expect(held.endpoints.map(({ path }) => path)).toEqual(['/a/b']);
  held.close();
});

test('what an interrupted build left goes after an hour, not while another build may be at it', async () => {
  const dataFolder = join(folder, 'interrupted');
  const leftover = join(catalogFolder(dataFolder), 'catalog-1.db.partial-abc123');
  mkdirSync(leftover, { recursive: true });
  writeFileSync(join(leftover, 'partial'), 'half');
  const definition = write('one.json', openApi('2024.1', '/a/b'));
  await buildCatalogFile(definition, dataFolder);
  expect(existsSync(leftover)).toBe(true);
  await buildCatalogFile(definition, dataFolder, { now: () => new Date(Date.now() + 7_200_000) });
  expect(existsSync(leftover)).toBe(false);
});

test('two builds at once both end well, and one of them counts', async () => {
  const dataFolder = join(folder, 'twice');
  const [one, two] = [write('one.json', openApi('2024.1', '/a/b')), write('two.json', openApi('2025.1', '/a/b'))];
  await Promise.all([buildCatalogFile(one, dataFolder), buildCatalogFile(two, dataFolder)]);
  const catalog = await openCatalog({ dataFolder, shippedFile });
  expect(['2024.1', '2025.1']).toContain(catalog.info.version);
  catalog.close();
});

test('a bad definition leaves the catalog in use', async () => {
  const dataFolder = join(folder, 'kept');
  const { file } = await buildCatalogFile(write('good.json', openApi('2024.1', '/a/b')), dataFolder);
  await expect(buildCatalogFile(write('bad.json', '{"openapi":"3.0.0"'), dataFolder)).rejects.toMatchObject({
    code: 'definition_invalid',
  });
  const catalog = await openCatalog({ dataFolder, shippedFile });
  expect(catalog.info.file).toBe(file);
  catalog.close();
});

test.each<[string, () => string, string]>([
  ['is missing', () => join(folder, 'nowhere.json'), 'no definition at'],
  ['is a directory', () => folder, 'is a directory'],
  ['is empty', () => write('empty.json', ' \n'), 'empty'],
  ['is not JSON', () => write('yaml.json', 'openapi: 3.0.0'), 'not JSON'],
  ['is broken JSON', () => write('broken.json', '{"openapi": 3.0.0, "paths": {}}'), 'not JSON'],
  ['is cut short', () => write('cut.json', openApi('1', '/a/b', '/a/c').slice(0, -20)), 'cut short'],
  ['is Swagger 2', () => write('swagger.json', '{"swagger":"2.0","paths":{}}'), 'Swagger 2.0'],
  ['has no paths', () => write('nothing.json', '{"openapi":"3.0.0"}'), 'no "paths"'],
  ['is nothing, at length', () => hollow('huge.json', 200 * 2 ** 20), '200 MB'],
])('a definition that %s is refused with its name', (_, make, words) => {
  const file = make();
  expect(() => readDefinitionFile(file)).toThrow(
    expect.objectContaining({ code: 'definition_invalid', message: expect.stringMatching(words) }),
  );
  expect(() => readDefinitionFile(file)).toThrow(file);
});

/** A file of that size that takes no room on disk. */
function hollow(name: string, size: number): string {
  const file = write(name, '');
  truncateSync(file, size);
  return file;
}

test('a byte order mark before the JSON does no harm', () => {
  expect(readDefinitionFile(write('bom.json', `\uFEFF${openApi('3', '/a/b')}`)).definition.version).toBe('3');
});

test('a folder that cannot be made is a storage failure', async () => {
  const blocked = write('file-not-folder', '');
  await expect(buildCatalogFile(write('one.json', openApi('1', '/a/b')), blocked)).rejects.toMatchObject({
    code: 'storage_failed',
  });
});

test('the check says which file won, what is in it, and that the shipped one is newer', async () => {
  const dataFolder = join(folder, 'checked');
  const other = join(folder, 'other');
  mkdirSync(dataFolder, { recursive: true });
  const shipped = await buildCatalogFile(write('new.json', openApi('2025.10', '/a/b')), other);
  await buildCatalogFile(
    write('old.json', openApi('2025.9', '/service/tickets', '/service/tickets/{id}', '/a/b')),
    dataFolder,
  );
  const report = await checkCatalog({ dataFolder, shippedFile: shipped.file });
  expect(report.info).toMatchObject({ source: 'data folder', version: '2025.9', counts: { endpoints: 3, modules: 2 } });
  expect(report.sample.map(({ path }) => path)).toEqual(['/service/tickets', '/service/tickets/{id}']);
  expect(report.largestCategories[0]).toEqual({ category: 'Tickets', endpoints: 2 });
  expect(report.warnings).toEqual([expect.stringContaining('2025.10')]);
});

test.each([
  ['2025.10', '2025.9', 1],
  ['2025.1', '2025.1.0', 0],
  ['v2022.1', '2025.1', -1],
  ['unknown', '2025.1', -1],
])('version %s against %s is %i', (a, b, order) => {
  expect(compareVersions(a, b)).toBe(order);
});

import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { makeFolder } from '../support/folders.ts';
import { runHere } from '../support/run-here.ts';

const shipped = join(import.meta.dirname, '../../dist/catalog.db');
const check = (dataDir: string, ...more: string[]) => runHere(['check-database', '--data-dir', dataDir, ...more]);
const build = (file: string, dataDir: string) => runHere(['build-database', file, '--data-dir', dataDir]);

function writeDefinition(folder: string, version: string): string {
  const ticket = {
    type: 'object',
    required: ['summary'],
    properties: { id: { type: 'integer' }, summary: { type: 'string' } },
  };
  const answer = { content: { 'application/json': { schema: { $ref: '#/components/schemas/Ticket' } } } };
  const paths = {
    '/service/tickets': { get: { responses: { 200: answer } }, post: { responses: { 201: answer } } },
    '/service/tickets/{id}': { get: { responses: { 200: answer } } },
  };
  const file = join(folder, `manage ${version}.json`);
  const document = {
    openapi: '3.0.1',
    info: { title: 'CW', version },
    paths,
    components: { schemas: { Ticket: ticket } },
  };
  writeFileSync(file, JSON.stringify(document));
  return file;
}

describe('check-database', () => {
  test('says that the shipped catalog is used and what is in it', async () => {
    using folder = makeFolder();
    const { code, stdout, stderr } = await check(folder.path);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^chosen by +shipped$/m);
    expect(Number(/^endpoints +(\d+)$/m.exec(stdout)?.[1])).toBeGreaterThanOrEqual(3_090);
    for (const line of ['definition', 'parameters', 'schemas', 'modules', 'categories', 'largest', 'sample'])
      expect(stdout).toMatch(new RegExp(`^${line} +\\S`, 'm'));
    expect(/^largest +(.*)$/m.exec(stdout)?.[1]?.split(', ')).toHaveLength(5);
    expect(stdout).toContain('GET /service/tickets');
  });

  test('prints the same as JSON', async () => {
    using folder = makeFolder();
    const { stdout } = await check(folder.path, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ info: { source: 'shipped' }, largestCategories: { length: 5 } });
  });

  const damages: [string, (file: string) => void, RegExp][] = [
    ['is missing', () => {}, /does not exist/],
    ['is empty', (file) => writeFileSync(file, ''), /./],
    ['is not a database', (file) => writeFileSync(file, 'a letter to the landlord '.repeat(500)), /./],
    ['is a folder', (file) => mkdirSync(file), /./],
    ['is a database of something else', (file) => new DatabaseSync(file).exec('CREATE TABLE t (x)'), /./],
    [
      'is cut short',
      (file) => {
        copyFileSync(shipped, file);
        truncateSync(file, Math.floor(statSync(file).size / 2));
      },
      /./,
    ],
    [
      'has been overwritten in the middle',
      (file) => {
        const bytes = readFileSync(shipped);
        bytes.fill(0x5a, Math.floor(bytes.length / 3), Math.floor(bytes.length / 2));
        writeFileSync(file, bytes);
      },
      /./,
    ],
  ];

  test.each(damages)('a catalog that %s is named with the fix, exit 1', async (_name, damage, problem) => {
    using folder = makeFolder();
    const file = join(folder.path, 'catalog of mine.db');
    damage(file);
    const { code, stdout, stderr } = await check(folder.path, '--catalog', file);
    expect({ code, stdout }, stderr).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(file);
    expect(stderr).toMatch(problem);
    expect(stderr).toContain('build-database FILE');
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test('a pointer of the data folder that leads nowhere is an error, not a reason to use another catalog', async () => {
    using folder = makeFolder();
    mkdirSync(join(folder.path, 'catalog'));
    writeFileSync(join(folder.path, 'catalog', 'current.json'), '{"file":"gone.db"}');
    const { code, stderr } = await check(folder.path);
    expect(code).toBe(1);
    expect(stderr).toContain('gone.db');
  });
});

describe('build-database', () => {
  const bad: [string, (file: string) => void, RegExp][] = [
    ['is missing', () => {}, /There is no definition/],
    ['is a directory', (file) => mkdirSync(file), /directory/],
    ['is empty', (file) => writeFileSync(file, ''), /empty/],
    ['is not JSON', (file) => writeFileSync(file, 'openapi: 3.0.1\npaths: {}\n'), /not JSON/],
    ['is cut short', (file) => writeFileSync(file, '{"openapi":"3.0.1","info":{},"paths":{"/a":{"get"'), /cut short/],
    ['has no paths', (file) => writeFileSync(file, '{"openapi":"3.0.1","info":{}}'), /no "paths"/],
    ['has empty paths', (file) => writeFileSync(file, '{"openapi":"3.0.1","paths":{}}'), /empty/],
    ['is Swagger 2', (file) => writeFileSync(file, '{"swagger":"2.0","paths":{"/a":{"get":{}}}}'), /Swagger 2/],
    ['is a list', (file) => writeFileSync(file, '[]'), /not JSON|object/],
    // A sparse file: its size alone refuses it, nothing reads it.
    [
      'has 200 MB of nothing',
      (file) => {
        writeFileSync(file, '');
        truncateSync(file, 200_000_000);
      },
      /191 MB|200 MB/,
    ],
  ];

  test('a catalog of another definition gets the search model that ships', async () => {
    using folder = makeFolder();
    expect((await build(writeDefinition(folder.path, '2099.1'), folder.path)).code).toBe(0);
    const built = readdirSync(join(folder.path, 'catalog')).find((name) => name.endsWith('.db')) ?? '';
    const [own, usual] = [join(folder.path, 'catalog', built), shipped].map((file) => {
      using database = new DatabaseSync(file, { readOnly: true });
      return database.prepare("SELECT value FROM search_index WHERE key = 'model'").get()?.value;
    });
    expect(own).toEqual(usual);
    expect(own).toBeInstanceOf(Uint8Array);
  });

  test.each(bad)(
    'a definition that %s is refused with exit 2, and the catalog in use stays',
    async (_name, make, problem) => {
      using folder = makeFolder();
      const good = writeDefinition(folder.path, '2099.1');
      expect((await build(good, folder.path)).code).toBe(0);
      const before = readdirSync(join(folder.path, 'catalog')).sort();
      const file = join(folder.path, 'bad one.json');
      make(file);
      const { code, stdout, stderr } = await build(file, folder.path);
      expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(file);
      expect(stderr).toMatch(problem);
      expect(stderr).not.toMatch(/\n\s+at /);
      expect(readdirSync(join(folder.path, 'catalog')).sort()).toEqual(before);
      expect((await check(folder.path)).stdout).toMatch(/^definition +CW, version 2099\.1/m);
    },
  );

  test('a valid definition becomes the catalog of the data folder, which is used from then on', async () => {
    using folder = makeFolder();
    const { code, stdout } = await build(writeDefinition(folder.path, '2099.1'), folder.path);
    expect(code).toBe(0);
    expect(stdout).toContain('3 endpoints and 1 schemas of version 2099.1');
    const report = await check(folder.path);
    expect(report.stdout).toMatch(/^chosen by +data folder$/m);
    expect(report.stdout).toMatch(/^endpoints +3$/m);
    expect(report.stdout).not.toContain('warning');
  });

  test('check-database warns when the shipped catalog is newer', async () => {
    using folder = makeFolder();
    await build(writeDefinition(folder.path, '2019.1'), folder.path);
    const { code, stdout } = await check(folder.path);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^warning +The catalog that comes with the program is newer: .*2019\.1/m);
  });

  test('building again replaces the catalog, and leaves only one', async () => {
    using folder = makeFolder();
    for (const version of ['2098.1', '2099.1']) await build(writeDefinition(folder.path, version), folder.path);
    expect(readdirSync(join(folder.path, 'catalog')).filter((name) => name.endsWith('.db'))).toHaveLength(1);
    expect((await check(folder.path)).stdout).toMatch(/version 2099\.1/);
  });

  test('a data folder that is not a folder is named', async () => {
    using folder = makeFolder();
    const blocked = join(folder.path, 'a file');
    writeFileSync(blocked, '');
    const { code, stderr } = await build(writeDefinition(folder.path, '2099.1'), blocked);
    expect(code).toBe(2);
    expect(stderr).toContain(`CONNECTWISE_DATA_DIR "${blocked}" is not a folder`);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  const real = join(import.meta.dirname, '../../../shared/connectwise/definitions/manage-2025.1.openapi.json');
  test.runIf(existsSync(real))('the definition of ConnectWise 2025.1 has exactly 3,053 endpoints', async () => {
    using folder = makeFolder();
    symlinkSync(real, join(folder.path, 'manage.json'));
    expect((await build(join(folder.path, 'manage.json'), folder.path)).stdout).toContain('3053 endpoints');
    expect((await check(folder.path)).stdout).toMatch(/^endpoints +3053$/m);
  });
  if (!existsSync(real)) process.stderr.write('skipped: there is no definition of ConnectWise 2025.1 to build from\n');
});

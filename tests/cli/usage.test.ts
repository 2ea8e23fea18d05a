import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { options } from '../../src/config/settings.ts';
import { runHere } from '../support/run-here.ts';

const commandNames = ['serve', 'demo', 'sandbox', 'doctor', 'build-database', 'check-database'];

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));

test.each([['--version'], ['-v']])('%s prints the version of the package', async (flag) => {
  expect(await runHere([flag])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test.each([['--help'], ['-h'], ['help']])('%s names every command, and where the settings are', async (flag) => {
  const { code, stdout, stderr } = await runHere([flag]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const name of commandNames) expect(stdout).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'));
  expect(stdout).toContain('--help-settings');
  expect(longest(stdout)).toBeLessThanOrEqual(80);
});

test.each([[['--help-settings']], [['call', '--help-settings']]])('%j names every setting', async (args) => {
  const { code, stdout } = await runHere(args);
  expect(code).toBe(0);
  for (const { variable } of Object.values(options)) expect(stdout).toContain(variable);
  for (const setting of ['--mode, CONNECTWISE_MODE', '--data-dir, CONNECTWISE_DATA_DIR'])
    expect(stdout).toContain(setting);
  // A key on a command line can be read by every user of the machine.
  expect(stdout).not.toMatch(/--\S*(private|public)\S*key/i);
  expect(longest(stdout)).toBeLessThanOrEqual(80);
});

const longest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

test.each(commandNames)('%s --help says what it does and runs nothing', async (name) => {
  const { code, stdout, stderr } = await runHere([name, '--help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(new RegExp(`^cwm-api-gateway-mcp ${name}\\b.*: .{20}`));
  expect(stdout).toMatch(new RegExp(`^Examples:\\n {2}cwm-api-gateway-mcp ${name}.*\\n {2}cwm-api-gateway-mcp `, 'm'));
  const [prose = ''] = stdout.split('\nExamples:');
  expect(longest(prose)).toBeLessThanOrEqual(80);
  expect((await runHere(['help', name])).stdout).toBe(stdout);
});

test('settings may come before the command', async () => {
  const { code, stdout } = await runHere(['--sandbox', '--timezone', 'UTC', 'call', 'GET', '/system/info', '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout).record.version).toBeDefined();
  expect((await runHere(['--mode=read-only', 'check-databse'])).stderr).toMatch(/Did you mean check-database\?/);
});

test.each([
  ['an unknown command, with the nearest', ['build-databse', 'x.json'], /build-databse.*Did you mean build-database\?/],
  ['another', ['chek-database'], /Did you mean check-database\?/],
  ['a command like no other', ['qqqqqqq'], /There is no command "qqqqqqq"/],
  ['an unknown flag, with the nearest', ['doctor', '--jsn'], /doctor: .*--jsn.* Did you mean --json\?/],
  ['an unknown flag of the default command', ['--sandbix'], /serve: .*--sandbix/],
  ['a flag of another command', ['serve', '--port', '1'], /serve: .*--port/],
  ['a flag without its value', ['serve', '--mode'], /--mode/],
  ['a key as a flag', ['serve', '--private-key', 'x'], /--private-key/],
  ['a missing argument', ['build-database'], /build-database takes FILE; 0 given/],
  ['too many arguments', ['build-database', 'a', 'b'], /2 given/],
  ['an argument where none is', ['doctor', 'now'], /doctor takes no arguments; 1 given/],
  ['a port that is none', ['sandbox', '--port', '70000'], /--port 70000 is not a whole number from 0 to 65,535/],
  ['a port that is text', ['sandbox', '--port', 'http'], /--port http is not a whole number/],
  ['a scale that is too large', ['sandbox', '--scale', '101'], /--scale 101 is not a whole number from 1 to 100/],
  ['a seed that is text', ['sandbox', '--seed', 'x'], /--seed x is not a whole number from 0/],
  ['a file without a name', ['sandbox', '--data', ''], /--data needs the name of a file/],
  ['an empty command', [''], /There is no command ""/],
])('%s is a usage error: exit 2, one message, nothing on stdout', async (_name, args, message) => {
  const { code, stdout, stderr } = await runHere(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(message);
  // What happened, and what to do.
  expect(stderr.trim().split('\n')).toHaveLength(2);
});

test('a wrong setting stops a command with exit 2, naming it and what is allowed', async () => {
  const { code, stderr } = await runHere(['check-database'], { environment: { CONNECTWISE_MODE: 'foo' } });
  expect(code).toBe(2);
  expect(stderr).toMatch(/CONNECTWISE_MODE "foo".*read-only/);
});

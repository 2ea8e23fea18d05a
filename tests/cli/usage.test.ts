import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runHere } from '../support/run-here.ts';

const commandNames = ['serve', 'demo', 'sandbox', 'doctor', 'build-database', 'check-database'];

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));

test.each([['--version'], ['-v']])('%s prints the version of the package', async (flag) => {
  expect(await runHere([flag])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test.each([['--help'], ['-h'], ['help']])('%s names every command and every setting', async (flag) => {
  const { code, stdout, stderr } = await runHere([flag]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const name of commandNames) expect(stdout).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'));
  for (const setting of ['CONNECTWISE_PRIVATE_KEY', '--mode, CONNECTWISE_MODE', '--data-dir, CONNECTWISE_DATA_DIR'])
    expect(stdout).toContain(setting);
  // A key on a command line can be read by every user of the machine.
  expect(stdout).not.toMatch(/--\S*(private|public)\S*key/i);
});

test.each(commandNames)('%s --help says what it does and runs nothing', async (name) => {
  const { code, stdout, stderr } = await runHere([name, '--help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(new RegExp(`^cwm-api-gateway-mcp ${name}\\b.*: .{20}`));
  expect(stdout).toContain('CONNECTWISE_API_URL');
});

test.each([
  ['an unknown command, with the nearest', ['build-databse', 'x.json'], /build-databse.*Did you mean build-database\?/],
  ['another', ['chek-database'], /Did you mean check-database\?/],
  ['a command like no other', ['qqqqqqq'], /There is no command "qqqqqqq"/],
  ['an unknown flag', ['doctor', '--jsn'], /doctor: .*--jsn/],
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

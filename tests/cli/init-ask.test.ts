import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { Terminal } from '../../src/cli/command.ts';
import { parseKeys } from '../../src/cli/init/options.ts';
import { init } from '../../src/cli/init.ts';
import { createAsker } from '../../src/cli/terminal.ts';
import { makeHome } from './init-home.ts';

/** A terminal as far as questions need one; keys are pressed one by one once the prompt is there. */
function openTerminal() {
  const stdin = new PassThrough();
  const output = new PassThrough();
  const shown: Buffer[] = [];
  output.on('data', (chunk: Buffer) => shown.push(chunk));
  const asker = createAsker({
    stdin: stdin as unknown as NodeJS.ReadStream,
    output: output as unknown as NodeJS.WriteStream,
    stopped: 'Stopped. Nothing was written.',
  });
  const press = async <Answer>(answer: Promise<Answer>, ...lines: string[]): Promise<Answer> => {
    for (const line of lines) {
      await new Promise((resolve) => setImmediate(resolve));
      stdin.write(line);
    }
    return answer;
  };
  return { asker, press, shown: () => Buffer.concat(shown).toString('utf8') };
}

test('a hidden answer appears nowhere: not typed, not corrected, not with the arrow up afterwards', async () => {
  const { asker, press, shown } = openTerminal();
  expect(await press(asker.askHidden('Private key'), 'SECRETX\u007f-1 \r')).toBe('SECRET-1');
  expect(shown()).toContain('Private key: (8 characters)');
  expect(await press(asker.ask('Company'), '\u001b[A', 'acme\r')).toBe('acme');
  expect(shown()).not.toMatch(/SECRET|ECRET/);
  expect(shown()).toContain('Company: ');
});

test('an empty answer is asked for again, or keeps what was there', async () => {
  const { asker, press, shown } = openTerminal();
  expect(await press(asker.askHidden('Public key'), '\r', 'abc\r')).toBe('abc');
  expect(shown()).toContain('Nothing arrived');
  expect(await press(asker.askHidden('Public key', { mayBeEmpty: true }), '\r')).toBe('');
  expect(await press(asker.ask('Site', 'na.myconnectwise.net'), '\r')).toBe('na.myconnectwise.net');
  expect(await press(asker.ask('Company'), '\r', ' acme \r')).toBe('acme');
});

test('only y or n agrees or refuses: an impatient Enter does neither', async () => {
  const { asker, press } = openTerminal();
  expect(await press(asker.confirm('Write this?'), '\r', 'sure\r', 'Y\r')).toBe(true);
  expect(await press(asker.confirm('Write this?'), '\r', 'no\r')).toBe(false);
});

test.each([
  ['Ctrl+C', '\u0003'],
  ['Ctrl+D', '\u0004'],
])('%s ends a question, also a hidden one', async (_name, key) => {
  const { asker, press } = openTerminal();
  await expect(press(asker.ask('Site'), key)).rejects.toThrow('Stopped. Nothing was written.');
  await expect(press(asker.askHidden('Public key'), key)).rejects.toThrow('Stopped');
});

test('keys come from stdin as lines or as JSON', () => {
  const keys = { publicKey: 'a', privateKey: 'b', clientId: 'c' };
  for (const text of ['a\nb\nc\n', 'a\r\nb\r\nc', '\uFEFFa\nb\nc', JSON.stringify(keys)])
    expect(parseKeys(text)).toEqual(keys);
  expect(parseKeys('a\nb')).toEqual({ publicKey: 'a', privateKey: 'b' });
  expect(parseKeys('{"CONNECTWISE_PRIVATE_KEY": "b"}')).toEqual({ privateKey: 'b' });
});

test.each([['', '{"publicKey": 1}', '{SECRET', 'SECRET\nb\nc\nd']].flat().map((text) => [text]))(
  '%j on stdin is refused without repeating it',
  (text) => {
    expect(() => parseKeys(text)).toThrow('--keys-from-stdin');
    expect(() => parseKeys(text)).not.toThrow('SECRET');
  },
);

test('a no leaves every file as it was, and has the exit status of what waits', async () => {
  using home = makeHome();
  const text = JSON.stringify({ mcpServers: { connectwise: { command: 'npx', args: ['-y', 'cwm-api-gateway-mcp'] } } });
  home.write(home.desktop, text);
  const [stdin, stdout] = [new PassThrough(), new PassThrough()].map((stream) =>
    Object.assign(stream, { isTTY: true }),
  );
  stdout?.on('data', (chunk: Buffer) => /Write this\?/.test(chunk.toString()) && stdin?.write('n\r'));
  const terminal = {
    ...{ arguments: [], program: [process.execPath, '/x/main.js'], environment: home.environment, nodeVersion: '22' },
    ...{ home: home.path, platform: process.platform, shippedCatalog: '', sqlProgram: '', onStop: () => undefined },
    ...{ stdin, stdout, stderr: stdout },
  } as unknown as Terminal;
  const call = { terminal, positionals: [], settings: {}, flags: { remove: true }, lists: {} };
  expect(await init.run(call)).toBe(4);
  expect(home.read(home.desktop)).toBe(text);
  expect(await init.run({ ...call, flags: { remove: true, 'dry-run': true } })).toBe(0);
});

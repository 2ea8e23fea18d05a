import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readJsonText, readValue, setMember, toBytes } from '../../src/cli/json-text.ts';

const file = 'claude_desktop_config.json';
const read = (text: string) => readJsonText(Buffer.from(text), file);
const server = { command: 'node', args: ['main.js'] };
const put = (text: string, name = 'new') => setMember(read(text), ['mcpServers', name], server).text;
const take = (text: string, name: string) => setMember(read(text), ['mcpServers', name], undefined).text;

describe('a member is put in and everything else stays as it is', () => {
  test('comments, order, compact neighbours and the comment behind the last one', () => {
    const text = `{
  // mine
  "theme": "dark", /* why */
  "mcpServers": {
    "b": {"command": "x", "env": {}}, // tail of b
    /* lead */ "a": { "command": "y" } // tail of a
  },
  "z": [1,2]
}
`;
    expect(put(text)).toBe(
      text.replace(
        '"y" } // tail of a\n',
        `"y" }, // tail of a
    "new": {
      "command": "node",
      "args": [
        "main.js"
      ]
    }
`,
      ),
    );
  });

  test.each([
    ['an absent or blank file', ' \n', '{\n  "mcpServers": {\n    "new": {\n'],
    ['an empty object', '{}', '{\n  "mcpServers": {\n    "new": {\n'],
    ['an object with a comment alone', '{\n  // later\n}\n', '{\n  // later\n  "mcpServers": {\n    "new": {\n'],
    ['no servers yet', '{\n\t"theme": "dark"\n}', '{\n\t"theme": "dark",\n\t"mcpServers": {\n\t\t"new": {\n'],
    ['four spaces', '{\n    "mcpServers": {}\n}', '{\n    "mcpServers": {\n        "new": {\n'],
    ['a comma at the end', '{\n  "mcpServers": {\n    "a": {},\n  },\n}', '    "a": {},\n    "new": {\n'],
    ['one line', '{"a":1,"mcpServers":{"b":{}}}', '{"a":1,"mcpServers":{"b":{},"new":{"command"'],
    ['Windows line ends', '{\r\n  "mcpServers": {\r\n  }\r\n}\r\n', '{\r\n  "mcpServers": {\r\n    "new": {\r\n'],
  ])('%s', (_name, text, start) => {
    const after = put(text);
    expect(after).toContain(start);
    expect(readValue(read(after))).toMatchObject({ mcpServers: { new: server } });
    if (text.includes('\r')) expect(after.replaceAll('\r\n', '')).not.toContain('\n');
  });

  test('a byte order mark stays, and none is added', () => {
    const marked = setMember(read('\uFEFF{}'), ['a'], 1);
    expect([...toBytes(marked).slice(0, 4)]).toEqual([0xef, 0xbb, 0xbf, 0x7b]);
    expect(toBytes(setMember(read('{}'), ['a'], 1))[0]).toBe(0x7b);
  });

  test('a value that is there already changes nothing, however it is written', () => {
    const text = '{ "mcpServers": { "new": {"args": ["main.js" /* it */], "command": "node"} } }';
    expect(put(text)).toBe(text);
  });

  test('a value is replaced in its place', () => {
    const text = '{\n  "mcpServers": {\n    "new": {"command": "old" /* was */, "args": []}\n  }\n}';
    expect(setMember(read(text), ['mcpServers', 'new', 'command'], 'node').text).toBe(text.replace('old', 'node'));
  });
});

describe('a member is taken out and everything else stays as it is', () => {
  const text = `{
  "mcpServers": {
    "a": {"command": "x"}, // tail of a
    /* lead of b */
    "b": {
      "command": "q" // why
    },
    "c": {} // tail of c
  }
}`;

  test.each([
    ['a', text.replace('"a": {"command": "x"}, // tail of a', '// tail of a')],
    ['b', text.replace(/ {4}"b": \{[^}]*\},\n/, '')],
    ['c', text.replace('    },\n    "c": {} // tail of c', '    }\n    // tail of c')],
  ])('%s', (name, expected) => {
    expect(take(text, name)).toBe(expected);
    const { [name]: _gone, ...others } = readValue(read(text)).mcpServers as Record<string, unknown>;
    expect(readValue(read(expected))).toEqual({ mcpServers: others });
  });

  test('within one line', () => {
    expect(take('{"mcpServers": {"A": 1, "B":2}}', 'A')).toBe('{"mcpServers": {"B":2}}');
    expect(take('{"mcpServers": {"A": 1, "B":2}}', 'B')).toBe('{"mcpServers": {"A": 1}}');
    expect(take('{"mcpServers": {"A": 1}}', 'A')).toBe('{"mcpServers": {}}');
  });

  test('what is not there changes nothing', () => {
    for (const one of ['{}', '', '{"mcpServers":{"x":1}}']) expect(take(one, 'a')).toBe(one);
  });
});

const nameArbitrary = fc
  .string({ minLength: 1, maxLength: 6 })
  .filter((name) => name !== 'new' && name !== '__proto__');
const serversArbitrary = fc.dictionary(nameArbitrary, fc.jsonValue({ maxDepth: 2 }), {
  minKeys: 1,
  noNullPrototype: true,
});

test('put in and taken out again, any file is as it was', () => {
  fc.assert(
    fc.property(serversArbitrary, fc.constantFrom(2, 4, '\t', 0), fc.boolean(), (servers, indent, windows) => {
      const written = JSON.stringify({ before: [1], mcpServers: servers, after: { x: null } }, null, indent);
      const text = windows ? written.replaceAll('\n', '\r\n') : written;
      const with_ = put(text);
      expect(JSON.parse(with_)).toEqual({
        ...JSON.parse(text),
        mcpServers: { ...JSON.parse(text).mcpServers, new: server },
      });
      expect(take(with_, 'new')).toBe(text);
    }),
  );
});

test.each([
  ['a missing comma', '{\n  "a": 1\n  "b": 2\n}', /CommaExpected at line 3, column 3/],
  ['a missing brace', '{"a": {', /at line 1, column 8/],
  ['a list', '[1]', /not a JSON object/],
  ['a word', 'mcpServers', /at line 1/],
])('%s is refused with its place', (_name, text, reason) => {
  expect(() => read(text)).toThrow(reason);
  expect(() => read(text)).toThrow(/claude_desktop_config\.json cannot be read/);
});

test('text that is not UTF-8 is refused, since writing would change it', () => {
  expect(() => readJsonText(Buffer.from([0xff, 0xfe, 0x7b, 0]), file)).toThrow(/not UTF-8/);
});

test('servers that are not an object are refused', () => {
  expect(() => put('{"mcpServers": []}')).toThrow(/"mcpServers" is not an object/);
});

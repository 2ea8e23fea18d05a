import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { clientNames, hostOf } from '../../src/cli/hosts.ts';
import { askApprovals } from '../../src/cli/init/approvals.ts';
import type { Screen } from '../../src/cli/init/screen.ts';
import { makeHome } from './init-home.ts';

const clientId = '6f0ad7a0-6f0c-4e6e-9a3b-2f1c54c1f1aa';
const keys = { CONNECTWISE_PUBLIC_KEY: 'a', CONNECTWISE_PRIVATE_KEY: 'b', CONNECTWISE_CLIENT_ID: clientId };
const words = ['--site', 'http://127.0.0.1:9', '--company', 'acme', '--untested', '--yes'];

function open(file: string, text?: string) {
  const home = makeHome();
  const path = join(home.path, ...file.split('/'));
  mkdirSync(dirname(path), { recursive: true });
  if (text !== undefined) writeFileSync(path, text);
  const run = async (client: string, ...args: string[]) => {
    const result = await home.init(['--client', client, ...args], { environment: keys });
    expect(result, result.stderr).toMatchObject({ code: 0, stderr: '' });
    return result.stdout;
  };
  return { run, path, read: () => readFileSync(path, 'utf8'), [Symbol.dispose]: () => home[Symbol.dispose]() };
}

describe('rules that init writes and removes', () => {
  test.each([
    ['a new file', undefined],
    ['one line', '{"permissions":{"allow":["Bash(ls --token SECRET-1)"],"deny":[]},"model":"x"}'],
    ['many lines', '{\n  "permissions": {\n    "allow": [\n      "Read"\n    ],\n    "ask": ["Bash"]\n  }\n}\n'],
    ['no permissions', '{\n  "model": "x"\n}\n'],
  ])('Claude Code: reads run, the confirmation asks: %s', async (_name, text) => {
    using home = open('.claude/settings.json', text);
    // The test's home is the folder that CLAUDE_CONFIG_DIR names.
    const path = join(dirname(dirname(home.path)), 'settings.json');
    if (text !== undefined) writeFileSync(path, text);
    const shown = await home.run('claude-code', ...words);
    expect(shown).toContain('"mcp__connectwise__confirm_api_write"');
    expect(shown).not.toContain('SECRET');
    const before = JSON.parse(text ?? '{}').permissions ?? {};
    const { permissions } = JSON.parse(readFileSync(path, 'utf8'));
    expect(permissions).toEqual({
      ...before,
      allow: [...(before.allow ?? []), 'mcp__connectwise'],
      ask: [...(before.ask ?? []), 'mcp__connectwise__confirm_api_write'],
    });
    expect(await home.run('claude-code', ...words)).toContain('nothing was written');
    await home.run('claude-code', '--remove', '--yes');
    expect(existsSync(path) ? readFileSync(path, 'utf8') : undefined).toBe(text);
  });

  test('Gemini CLI: a policy file, which stays once a person has changed it', async () => {
    using home = open('.gemini/policies/connectwise.toml');
    await home.run('gemini', ...words);
    expect({ ...parseToml(home.read()) }).toEqual({
      rule: [
        { mcpName: 'connectwise', toolName: '*', decision: 'allow', priority: 100 },
        { mcpName: 'connectwise', toolName: 'confirm_api_write', decision: 'ask_user', priority: 200 },
      ],
    });
    await home.run('gemini', '--remove', '--yes');
    expect(existsSync(home.path)).toBe(false);
    writeFileSync(home.path, '# mine\n');
    await home.run('gemini', ...words);
    await home.run('gemini', '--remove', '--yes');
    expect(home.read()).toBe('# mine\n');
  });

  test.each([
    ['no permission', '{\n  // mine\n  "theme": "x"\n}\n', { connectwise_confirm_api_write: 'ask' }],
    [
      'others',
      '{\n  "permission": {\n    "bash": "allow"\n  }\n}\n',
      { bash: 'allow', connectwise_confirm_api_write: 'ask' },
    ],
    [
      'one that a person chose',
      '{\n  "permission": {\n    "connectwise_confirm_api_write": "deny"\n  }\n}\n',
      { connectwise_confirm_api_write: 'deny' },
    ],
    ['one word for all', '{\n  "permission": "ask"\n}\n', 'ask'],
  ])('opencode: %s', async (_name, text, permission) => {
    using home = open('.config/opencode/opencode.json', text);
    await home.run('opencode', ...words);
    expect(JSON.parse(home.read().replace('// mine', ''))).toMatchObject({ permission });
    await home.run('opencode', '--remove', '--yes');
    expect(home.read()).toBe(text);
  });
});

test('a client that asks about nothing is named with its own setting', async () => {
  for (const client of clientNames.filter((name) => hostOf(name).approval.how === 'never')) {
    using home = open('x');
    expect(await home.run(client, ...words)).toMatch(/warning +approval +.* sends changes without asking you/);
  }
});

test('in a terminal each is asked for: the rule, and read-only where there is none', async () => {
  const asked: string[] = [];
  const confirm = async (question: string) => {
    asked.push(question);
    return /only read/.test(question);
  };
  const screen = { say: () => undefined, heading: () => undefined, asker: { confirm } } as unknown as Screen;
  const clients = (['claude-code', 'cline', 'codex'] as const).map((client) => ({
    ...{ client, title: hostOf(client).title, file: `/${client}` },
  }));
  const decided = await askApprovals(clients, { screen, yes: false, isSafe: false });
  expect(asked).toEqual([
    expect.stringMatching(/Cline only read/),
    expect.stringMatching(/this rule for Claude Code\?/),
  ]);
  expect(decided).toEqual({ writesRules: false, readOnly: new Set(['/cline']) });
});

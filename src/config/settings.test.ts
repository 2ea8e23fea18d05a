import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type ConfigSources, loadConfig, sendsAtOnce } from './settings.ts';

/** Settings as they are loaded beside a settings file with this content. */
function load(sources: ConfigSources, stored: Record<string, unknown> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'cwm config '));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'config.json'), JSON.stringify(stored));
  return loadConfig({ environment: {}, ...sources, flags: { ...sources.flags, dataDir: folder } });
}

const readOnly = (text: string) => ({ environment: { CONNECTWISE_READ_ONLY: text } });
// biome-ignore lint/suspicious/noTemplateCurlyInString: hosts leave it as it stands in the manifest
const placeholder = '${user_config.readOnly}';

describe('read only', () => {
  test.each(['true', 'True', ' true ', '1'])('%j makes the mode read-only', (text) => {
    const { config, origins } = load(readOnly(text));
    expect(config.mode).toBe('read-only');
    expect(origins.mode).toBe('environment');
  });

  test.each(['false', '', '  ', placeholder])('%j leaves the mode as it is', (text) => {
    expect(load(readOnly(text)).config.mode).toBe('confirm');
    expect(load({ ...readOnly(text), flags: { mode: 'allow' } }).config.mode).toBe('allow');
  });

  test('an answer that is neither is an error, not a guess', () => {
    expect(() => load(readOnly('perhaps'))).toThrow(/CONNECTWISE_READ_ONLY "perhaps"/);
  });

  test('no other source turns it off', () => {
    expect(load(readOnly('false'), { readOnly: true }).config.mode).toBe('read-only');
    expect(load({ ...readOnly('true'), flags: { readOnly: 'false', mode: 'allow' } }).config.mode).toBe('read-only');
    expect(load(readOnly('true'), { readOnly: false, mode: 'confirm' }).config.mode).toBe('read-only');
  });

  test('turned off, it does not loosen mode read-only', () => {
    const environment = { CONNECTWISE_MODE: 'read-only', CONNECTWISE_READ_ONLY: 'false' };
    expect(load({ environment }).config.mode).toBe('read-only');
  });
});

test('a value that another source overrules is not read', () => {
  const environment = { CONNECTWISE_TIMEZONE: 'Europe/Berlin' };
  expect(load({ environment }, { timeZone: 'Mars/Olympus' }).config.timeZone).toBe('Europe/Berlin');
});

test.each<[ConfigSources, boolean]>([
  [{}, false],
  [{ environment: { CONNECTWISE_MODE: ' allow ' } }, true],
  [{ flags: { mode: 'allow' } }, true],
  [{ flags: { mode: 'confirm' }, environment: { CONNECTWISE_MODE: 'allow' } }, false],
  [{ flags: { mode: 'allow' }, ...readOnly('true') }, false],
  [{ flags: { mode: 'allow' }, ...readOnly(placeholder) }, true],
])('of %j the list of tools says whether writes are sent at once: %s', (sources, expected) => {
  expect(sendsAtOnce(sources)).toBe(expected);
});

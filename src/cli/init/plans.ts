import { structuredPatch } from 'diff';
import { applyEdits, format, parseTree, visit } from 'jsonc-parser';
import { options } from '../../config/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { defined } from '../../core/json.ts';
import { type HostText, readHostText } from '../host-text.ts';
import { type ClientFile, type ClientName, hostOf } from '../hosts.ts';
import { toBytes } from '../json-text.ts';
import { backUp, isLink, readIfThere, removeFile, rewriteFile } from '../user-files.ts';
import type { JsonFile } from './entries.ts';
import type { Screen } from './screen.ts';

/** One file that may change. */
export interface FilePlan {
  title: string;
  before: JsonFile;
  after: HostText;
  /** The path to the part of the file whose values may be shown. */
  shown: readonly string[];
  /** The client and the name of the entry; absent for the settings file. */
  client?: ClientFile;
  name?: string;
  /** Whether the file holds keys now, so that a backup would keep them. */
  heldKeys: boolean;
}

/** What happened to one file. */
export interface Outcome {
  file: string;
  client?: ClientName;
  name?: string;
  action: 'written' | 'unchanged' | 'not written';
  /** Path of a copy of the old file. */
  backup?: string;
}

interface ApplyOptions {
  screen: Screen;
  /** Only shows. */
  dryRun: boolean;
  /** Whether a person has to agree first. */
  asks: boolean;
  now: Date;
}

/**
 * Shows what would change in each file, asks, makes backups of clients' files, and writes.
 * @throws GatewayError `usage` where it has to ask outside of a terminal
 */
export async function applyPlans(
  plans: readonly FilePlan[],
  { screen, dryRun, asks, now }: ApplyOptions,
): Promise<Outcome[]> {
  const changed = plans.filter(isChanged);
  if (changed.length > 0) showPlans(changed, screen);
  const isAgreed = changed.length > 0 && !dryRun && (!asks || (await agree(changed, screen)));
  const outcomes: Outcome[] = [];
  for (const plan of plans) {
    const { client, name, before } = plan;
    const about = { file: before.json.file, ...defined({ client: client?.client, name }) };
    if (isAgreed && isChanged(plan))
      outcomes.push({ ...about, action: 'written', ...(await write(plan, screen, now)) });
    else outcomes.push({ ...about, action: isChanged(plan) ? 'not written' : 'unchanged' });
  }
  return outcomes;
}

const isChanged = ({ before, after }: FilePlan) =>
  before.json.text !== after.text || (before.json.hasMark !== after.hasMark && after.text !== '');

function showPlans(changed: readonly FilePlan[], screen: Screen): void {
  screen.heading('Changes to your files (+ added, - removed)');
  for (const { client, title, before, after, shown } of changed) {
    const isNew = before.bytes === undefined ? ' (new)' : '';
    const forOwner = client === undefined ? ', readable only by you' : '';
    screen.say(`\n${title}: ${before.json.file}${isNew}${forOwner}`);
    screen.difference(findDifference(before.json, after, shown));
  }
  screen.say('');
}

async function agree(changed: readonly FilePlan[], { asker }: Screen): Promise<boolean> {
  if (asker !== undefined)
    return asker.confirm(changed.length === 1 ? 'Write this?' : `Write these ${changed.length} files?`);
  throw new GatewayError('usage', 'Not running in a terminal, so nothing was written.', {
    hint: 'Add --yes to write what is shown, or --dry-run to only show it.',
  });
}

/** The settings file gets no backup, which would be a second file with keys. */
async function write(
  { title, client, before, after, heldKeys }: FilePlan,
  screen: Screen,
  now: Date,
): Promise<Pick<Outcome, 'backup'>> {
  const { file } = before.json;
  // A file that held nothing else is gone with the entry, as it came with it.
  if (client !== undefined && after.text === '' && !isLink(file)) {
    removeFile(file, before.bytes);
    screen.say(`Removed: ${title}, ${file}`);
    return {};
  }
  const backup = client === undefined ? undefined : backUp(file, now);
  const bytes = after.text === '' && isJson(after) ? Buffer.from('{}\n') : toBytes(after);
  await rewriteFile(file, bytes, { expected: before.bytes, holdsKeys: client === undefined });
  if (client !== undefined) checkWritten(client, after);
  screen.say(`Written: ${title}, ${file}`);
  if (backup === undefined) return {};
  screen.say(`         backup: ${backup}`);
  if (heldKeys) screen.say('         The backup still holds your keys: delete it once everything works.');
  return { backup };
}

const isJson = ({ grammar }: HostText) => grammar !== 'toml' && grammar !== 'yaml';

/**
 * Reads a file as its client will.
 * @throws GatewayError `storage_failed` where it does not hold what was written
 */
function checkWritten({ client, file, title }: ClientFile, after: HostText): void {
  const read = readHostText(readIfThere(file), file, {
    title,
    key: hostOf(client).key,
    grammar: after.grammar ?? 'jsonc',
  });
  if (read.text === after.text || after.text === '') return;
  throw new GatewayError('storage_failed', `${file} does not hold what was written for ${title}.`, {
    hint: `Close ${title}, then run init again.`,
  });
}

export interface DifferenceLine {
  sign: ' ' | '+' | '-';
  text: string;
}

/** Settings whose value may be shown, by member and by variable; any other variable may hold a secret. */
const shownNames = new Set<string>(
  Object.entries(options).flatMap(([name, option]) => ('secret' in option ? [] : [name, option.variable])),
);

/**
 * The lines that change, with two around them. Keys are masked, and so is everything outside of `shown`: other servers
 * have keys too, in their variables and arguments.
 */
export function findDifference(before: HostText, after: HostText, shown: readonly string[]): DifferenceLine[] {
  if (!isJson(before)) return findLines(before.text, after.text);
  const known = new Map<string, string>();
  const isOneLine = !before.text.trim().includes('\n') && before.text !== '';
  const old = mask(toLines(before.text, isOneLine), shown, (secret) => {
    known.set(secret, '(hidden)');
    return '(hidden)';
  });
  const now = mask(toLines(after.text, isOneLine), shown, (secret) => known.get(secret) ?? '(hidden, new)');
  const { hunks } = structuredPatch('', '', old, now, undefined, undefined, { context: 2 });
  return hunks.flatMap(({ lines }) =>
    lines.flatMap((line): DifferenceLine[] => {
      const sign = line[0];
      return sign === ' ' || sign === '+' || sign === '-' ? [{ sign, text: line.slice(1) }] : [];
    }),
  );
}

/** The lines of an entry in TOML or YAML, without those around it: only values of members that hold no key are shown. */
function findLines(before: string, after: string): DifferenceLine[] {
  const { hunks } = structuredPatch('', '', before, after, undefined, undefined, { context: 0 });
  return hunks.flatMap(({ lines }) =>
    lines.flatMap((line): DifferenceLine[] => {
      const [, sign, text = ''] = /^([+-])(.*?)\r?$/.exec(line) ?? [];
      return sign === '+' || sign === '-' ? [{ sign, text: maskLine(text) }] : [];
    }),
  );
}

function maskLine(text: string): string {
  if (/^\s*#/.test(text)) return text.replace(/#.*/, '# …');
  const [, start, name, value] = /^(\s*(?:- )?([\w-]+)\s*[:=])(.*)$/.exec(text) ?? [];
  const isShown = name === undefined || plainMembers.test(name) || shownNames.has(name) || value?.trim() === '';
  return (isShown ? text : `${start} (hidden)`).replace(guidWithin, '(hidden)');
}

const plainMembers =
  /^(?:name|command|cmd|args|type|enabled|disabled|required|timeout|startup_timeout_sec|approval_mode|mcpName|toolName|decision|priority|PATH)$/;

function mask(text: string, shown: readonly string[], maskSecret: (secret: string) => string): string {
  if (parseTree(text) === undefined) return text;
  const spans: { offset: number; length: number; replacement: string }[] = [];
  const put = (offset: number, length: number, replacement: string) => spans.push({ offset, length, replacement });
  visit(text, {
    onLiteralValue(value, offset, length, _line, _character, pathSupplier) {
      if (typeof value !== 'string') return;
      const path = pathSupplier().map(String);
      if (ruleWords.test(value)) return;
      if (!shown.every((name, index) => path[index] === name)) put(offset, length, '"…"');
      else if (isSecret(path.slice(shown.length)) || guid.test(value))
        put(offset, length, JSON.stringify(maskSecret(value)));
    },
    // A comment is free text, and may hold a former key.
    onComment: (offset, length) => {
      const comment = text.slice(offset, offset + length);
      put(offset, length, comment.startsWith('//') ? '// …' : comment.replace(/[^\n/*]+/g, ' … '));
    },
  });
  let masked = text;
  for (const { offset, length, replacement } of spans.sort((a, b) => b.offset - a.offset))
    masked = masked.slice(0, offset) + replacement + masked.slice(offset + length);
  return masked;
}

/** Of a rule for approvals: names of tools, and what it says. */
const ruleWords = /^(?:mcp__[\w-]+|ask)$/;

/** A client id, which configurations of the Python gateway hold as the company. */
const guid = /^\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$/i;

const guidWithin = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi;

/** A file of one long line is formatted first: its difference would be unreadable. */
function toLines(text: string, isOneLine: boolean): string {
  const lined = text.replaceAll('\r\n', '\n');
  return isOneLine ? applyEdits(lined, format(lined, undefined, { insertSpaces: true, tabSize: 2, eol: '\n' })) : lined;
}

/** In the settings file every secret setting; in an entry every variable that is not known to be public. */
function isSecret(path: readonly string[]): boolean {
  const name = path.at(-1) ?? '';
  if (path.length === 1) return name in options && !shownNames.has(name);
  return ['env', 'environment', 'envs'].includes(path[0] ?? '') && name !== 'PATH' && !shownNames.has(name);
}

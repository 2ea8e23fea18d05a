import { isRecord } from '../../core/json.ts';
import { warningLine } from '../../gateway/index.ts';
import type { Computer } from '../clients.ts';
import { type HostText, readHostText, removeEmpty } from '../host-text.ts';
import { type ClientFile, hostOf, type Rule } from '../hosts.ts';
import { addItem, readValue, removeItem, setMember } from '../json-text.ts';
import { readIfThere } from '../user-files.ts';
import type { FilePlan } from './plans.ts';
import type { Screen } from './screen.ts';

// The rules by which a client runs reads without a question and asks a person before `confirm_api_write`.

interface Ruled {
  client: ClientFile;
  /** Of the entry, which is part of the names of its tools. */
  name: string;
}

const ruleOf = ({ client }: ClientFile): Rule | undefined => {
  const { approval } = hostOf(client);
  return approval.how === 'rule' ? approval.rule : undefined;
};

/** The file of a client's entry with the rule, for a client that keeps both in one file. What the person chose stays. */
export function setRule(text: HostText, { client, name }: Ruled): HostText {
  const rule = ruleOf(client);
  if (rule === undefined || rule.file !== undefined) return text;
  return { ...text, ...addTo(text, rule, name) };
}

export function removeRule(text: HostText, { client, name }: Ruled): HostText {
  const rule = ruleOf(client);
  if (rule === undefined || rule.file !== undefined) return text;
  return { ...text, ...removeFrom(text, rule, name) };
}

/**
 * The change of a rule that has a file of its own; undefined where there is none, or nothing to change.
 * @throws GatewayError `configuration_invalid` for a file that does not parse
 */
export function planRule({ client, name }: Ruled, computer: Computer, remove: boolean): FilePlan | undefined {
  const rule = ruleOf(client);
  if (rule?.file === undefined) return undefined;
  const file = rule.file(computer, name);
  const bytes = readIfThere(file);
  // Comments are accepted here, whatever the client reads: a rule is no reason to refuse the entry.
  const grammar = rule.text === undefined ? 'jsonc' : 'toml';
  const title = `${client.title}, approvals`;
  const json = readHostText(bytes, file, { title, grammar, key: '' });
  const after = { ...json, ...(remove ? removeFrom(json, rule, name) : addTo(json, rule, name)) };
  if (after.text === json.text) return undefined;
  return { title, before: { bytes, json }, after, shown: [''], client: { ...client, file }, heldKeys: false };
}

function addTo(text: HostText, { items, members, text: whole }: Rule, name: string): HostText {
  // A file that a person changed stays as it is.
  if (whole !== undefined) return text.text.trim() === '' ? { ...text, text: whole(name) } : text;
  let edited: HostText = text;
  for (const { path, item } of items?.(name) ?? []) edited = addItem(edited, path, item);
  for (const { path, value } of members?.(name) ?? []) {
    if (!isOneWord(edited, path)) edited = setMember(edited, path, value, { onlyNew: true });
  }
  return edited;
}

function removeFrom(text: HostText, { items, members, text: whole }: Rule, name: string): HostText {
  if (whole !== undefined) return text.text === whole(name) ? { ...text, text: '' } : text;
  let edited: HostText = text;
  for (const { path, item } of items?.(name) ?? []) edited = removeEmpty(removeItem(edited, path, item), path);
  for (const { path, value } of members?.(name) ?? []) {
    if (isOneWord(edited, path)) continue;
    edited = removeEmpty(setMember(edited, path, undefined, { onlyIf: value }), path.slice(0, -1));
  }
  return edited;
}

/** One word for all tools, `"permission": "allow"`, was chosen by the person, and stays. */
function isOneWord(text: HostText, [first = '']: readonly string[]): boolean {
  const parent = readValue(text)[first];
  return parent !== undefined && !isRecord(parent);
}

/** What a person decides about approvals: whether rules are written, and which clients only read. */
export interface Approvals {
  writesRules: boolean;
  readOnly: ReadonlySet<string>;
}

/**
 * Says how each client asks before a change. Where one can be given a rule, asks whether to write it; where one sends
 * without asking, says so and offers to make it read-only.
 */
export async function askApprovals(
  clients: readonly ClientFile[],
  { screen, yes, isSafe }: { screen: Screen; yes: boolean; isSafe: boolean },
): Promise<Approvals> {
  const readOnly = new Set<string>();
  if (clients.length === 0 || isSafe) return { writesRules: yes, readOnly };
  const { asker } = screen;
  screen.heading('How changes are approved');
  for (const { client, title, file } of clients) {
    const { how, words } = hostOf(client).approval;
    if (how !== 'never') screen.say(`${title}: ${words}`);
    else if (asker === undefined || yes)
      screen.status(warningLine('approval', `${title} sends changes without asking you`, `${words} Or ${onlyReads}.`));
    else {
      screen.say(`${title} sends changes without asking you. ${words}`);
      if (await asker.confirm(`Shall ${title} only read, and never change anything?`)) readOnly.add(file);
    }
  }
  const ruled = clients.filter(({ client }) => hostOf(client).approval.how === 'rule').map(({ title }) => title);
  if (ruled.length === 0 || asker === undefined || yes) return { writesRules: yes, readOnly };
  const question = `Write this rule for ${ruled.join(', ')}?`;
  return { writesRules: await asker.confirm(question), readOnly };
}

const onlyReads = 'add --read-only to the arguments of its entry';

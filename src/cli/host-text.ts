import { isDeepStrictEqual } from 'node:util';
import { type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { GatewayError } from '../core/errors.ts';
import { isRecord } from '../core/json.ts';
import type { Grammar, Host } from './hosts.ts';
import { decode, getRoot, type JsonText, place, readJsonText, readValue, setMember, unparsable } from './json-text.ts';
import { parseToml, putTable } from './toml-text.ts';
import { parseYaml, putEntry } from './yaml-text.ts';

// The file of a client in the grammar that this client reads, and edits of one entry in it.

/** Without a grammar it is JSON with comments. */
export interface HostText extends JsonText {
  grammar?: Grammar;
}

type Form = Pick<Host, 'title' | 'grammar' | 'key'> & { isList?: boolean };

/**
 * Reads a file as its client does; an absent or blank one holds nothing.
 * @throws GatewayError `configuration_invalid` for what the client would refuse, with its line where it is known
 */
export function readHostText(bytes: Uint8Array | undefined, file: string, form: Form): HostText {
  const { grammar } = form;
  if (grammar === 'toml' || grammar === 'yaml') {
    const decoded = decode(bytes ?? new Uint8Array(), file);
    const hasMark = decoded.startsWith('\uFEFF');
    const text: HostText = { file, hasMark, text: hasMark ? decoded.slice(1) : decoded, grammar };
    hostValue(text);
    return text;
  }
  const text: HostText = { ...readJsonText(bytes, file), grammar };
  if (grammar === 'json') refuseComments(text, form);
  refuseTwice(text, form.key);
  return text;
}

/**
 * The whole value as an object.
 * @throws GatewayError `configuration_invalid`
 */
export function hostValue(text: HostText): Record<string, unknown> {
  const { grammar, file } = text;
  if (grammar !== 'toml' && grammar !== 'yaml') return readValue(text);
  let value: unknown;
  try {
    value = grammar === 'toml' ? parseToml(text.text) : parseYaml(text.text);
  } catch (error) {
    // The first line says where; the others repeat the file, which may hold keys. Deep nesting overflows the stack.
    const [said = ''] = error instanceof RangeError ? ['it is nested too deeply'] : String(error).split('\n');
    const at = error instanceof Error && 'line' in error ? ` at line ${error.line}` : '';
    throw unparsable(file, `${said.replace(/^\w*Error: /, '').replace(/[.:]\s*$/, '')}${at}`);
  }
  if (!isRecord(value)) throw unparsable(file, 'it is not a map of settings');
  return value;
}

/**
 * Puts an entry under its name, or removes it with `undefined`; everything else in the file stays as it is. What holds
 * nothing afterwards is removed as well: the member of the servers, and the text of the file.
 * @throws GatewayError `configuration_invalid` where the file is written in a way that cannot be edited alone
 */
export function putServer(
  text: HostText,
  { key, isList = false }: Form,
  name: string,
  value: Readonly<Record<string, unknown>> | undefined,
): HostText {
  const { grammar } = text;
  if (grammar !== 'toml' && grammar !== 'yaml') {
    if (value !== undefined) return { ...text, ...setDeep(text, [key, name], value) };
    return { ...text, ...removeEmpty(setMember(text, [key, name], undefined), [key]) };
  }
  const now = serverIn(hostValue(text)[key], name);
  if (isDeepStrictEqual(now, isList && value !== undefined ? { name, ...value } : value)) return text;
  const edited = attempt(() =>
    grammar === 'toml' ? putTable(text.text, [key, name], value) : putEntry(text.text, { key, name, isList }, value),
  );
  if (edited === undefined)
    throw unparsable(text.file, `"${key}" is written in a form that init does not edit; change ${name} by hand`);
  return { ...text, text: edited.trim() === '' ? '' : edited };
}

/** An edit that would make a file that does not parse is not made. */
function attempt(edit: () => string | undefined): string | undefined {
  try {
    return edit();
  } catch {
    return undefined;
  }
}

const serverIn = (servers: unknown, name: string): unknown =>
  Array.isArray(servers)
    ? servers.find((one) => isRecord(one) && one.name === name)
    : isRecord(servers)
      ? servers[name]
      : undefined;

/** Sets a member by its own members, so that those that stay keep their place and their comments. */
export function setDeep(json: JsonText, path: readonly string[], value: unknown): JsonText {
  const before = path.reduce<unknown>((inner, name) => (isRecord(inner) ? inner[name] : undefined), readValue(json));
  if (!isRecord(before) || !isRecord(value)) return setMember(json, path, value);
  let edited = json;
  for (const name of Object.keys(before)) {
    if (!(name in value)) edited = setMember(edited, [...path, name], undefined);
  }
  for (const [name, inner] of Object.entries(value)) edited = setDeep(edited, [...path, name], inner);
  return edited;
}

/** Removes objects on a path that hold nothing, the innermost first; then the text of an object that holds nothing. */
export function removeEmpty(json: JsonText, path: readonly string[]): JsonText {
  let edited = json;
  for (let length = path.length; length > 0; length -= 1) {
    const within = path.slice(0, length);
    const value = within.reduce<unknown>(
      (inner, name) => (isRecord(inner) ? inner[name] : undefined),
      readValue(edited),
    );
    const isEmpty = Array.isArray(value) ? value.length === 0 : isRecord(value) && Object.keys(value).length === 0;
    if (isEmpty) edited = setMember(edited, within, undefined);
  }
  return /^\s*\{\s*\}\s*$/.test(edited.text) ? { ...edited, text: '' } : edited;
}

/** @throws GatewayError for a comment or a comma at the end of a list, which this client cannot read */
function refuseComments({ text, file }: JsonText, { title }: Form): void {
  const errors: ParseError[] = [];
  if (text !== '') parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [error] = errors;
  if (error === undefined) return;
  const what = printParseErrorCode(error.error) === 'InvalidCommentToken' ? 'a comment' : 'a comma before a bracket';
  throw unparsable(file, `${what} at ${place(text, error.offset)}, which ${title} does not accept in JSON`);
}

/** The last of two is read, and the other would be lost when its program writes the file. */
function refuseTwice(json: JsonText, key: string): void {
  if (json.text === '') return;
  const same = (getRoot(json).children ?? []).filter(({ children }) => children?.[0]?.value === key);
  const [, second] = same;
  if (second !== undefined)
    throw unparsable(json.file, `"${key}" is there twice, again at ${place(json.text, second.offset)}`);
}

/** What is wrong with a file, without its name. */
export const faultOf = (error: unknown): string =>
  error instanceof GatewayError && error.cause instanceof Error ? error.cause.message : String(error);

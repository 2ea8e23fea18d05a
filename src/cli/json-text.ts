import { isDeepStrictEqual } from 'node:util';
import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import { GatewayError } from '../core/errors.ts';

/** A JSON file of another program: comments, order, line ends and byte order mark survive every edit. */
export interface JsonText {
  file: string;
  hasMark: boolean;
  text: string;
}

/**
 * Reads a file; an absent or blank one is an empty object.
 * @throws GatewayError `configuration_invalid` that says where it does not parse
 */
export function readJsonText(bytes: Uint8Array | undefined, file: string): JsonText {
  const text = decode(bytes ?? new Uint8Array(), file);
  const hasMark = text.startsWith('\uFEFF');
  const json: JsonText = { file, hasMark, text: hasMark ? text.slice(1) : text };
  if (json.text.trim() === '') return { ...json, text: '' };
  getRoot(json);
  return json;
}

export function toBytes({ hasMark, text }: JsonText): Uint8Array {
  return Buffer.from(hasMark ? `\uFEFF${text}` : text, 'utf8');
}

/** The whole value; an empty object for an empty file. */
export function readValue(json: JsonText): Record<string, unknown> {
  return json.text === '' ? {} : (getNodeValue(getRoot(json)) as Record<string, unknown>);
}

/** @throws GatewayError `configuration_invalid` with line and column, for text that is not a JSON object */
export function getRoot({ file, text }: JsonText): Node {
  if (depthOf(text) > maxDepth) throw unparsable(file, `it is nested more than ${maxDepth} levels deep`);
  const errors: ParseError[] = [];
  // People write comments and trailing commas, which are harmless.
  const root = parseTree(text, errors, { allowTrailingComma: true, disallowComments: false });
  const [error] = errors;
  if (error !== undefined)
    throw unparsable(file, `${printParseErrorCode(error.error)} at ${place(text, error.offset)}`);
  if (root?.type !== 'object') throw unparsable(file, 'it is not a JSON object');
  return root;
}

/** The parser calls itself for each level. */
const maxDepth = 200;

function depthOf(text: string): number {
  // Text between quotation marks, then brackets; a comment can only make the number larger.
  let depth = 0;
  let deepest = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\\n]|\\.)*"|[[\]{}]/g)) {
    if (token === '{' || token === '[') depth += 1;
    if (token === '}' || token === ']') depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

export function unparsable(file: string, problem: string): GatewayError {
  return new GatewayError('configuration_invalid', `${file} cannot be read, and was left as it is: ${problem}.`, {
    hint: 'Correct the file (most often a comma or a quotation mark is missing), then run init again.',
    details: { field: file },
    cause: new Error(problem),
  });
}

/** Text that is not UTF-8 would be changed by reading and writing it. */
export function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    const { message } = unparsable(file, 'it is not UTF-8 text');
    throw new GatewayError('configuration_invalid', message, { cause, hint: 'Save it as UTF-8, then run init again.' });
  }
}

export function place(text: string, offset: number): string {
  const before = text.slice(0, offset).split(/\r\n|\n|\r/);
  return `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}

// The edits are not those of jsonc-parser, which reformat the neighbours of a member and drop their comments.

interface SetOptions {
  /** Leaves a member that is there as it is. */
  onlyNew?: boolean;
  /** Changes the member only where it has this value. */
  onlyIf?: unknown;
}

/**
 * Sets one member, or removes it with `undefined`; missing objects on its path are created. Nothing else changes, and
 * nothing at all where the member has that value already.
 * @throws GatewayError `configuration_invalid` where the path leads through something that is not an object
 */
export function setMember(
  json: JsonText,
  path: readonly string[],
  value: unknown,
  { onlyNew = false, onlyIf }: SetOptions = {},
): JsonText {
  if (json.text === '') {
    if (value === undefined) return json;
    return { ...json, text: `${JSON.stringify(wrap(path, value), null, 2)}\n` };
  }
  const root = getRoot(json);
  let object = root;
  for (const [index, key] of path.slice(0, -1).entries()) {
    const inner = findNodeAtLocation(root, path.slice(0, index + 1));
    if (inner === undefined) {
      if (value === undefined) return json;
      return insert(json, object, key, wrap(path.slice(index + 1), value));
    }
    if (inner.type !== 'object')
      throw unparsable(json.file, `"${path.slice(0, index + 1).join('.')}" is not an object`);
    object = inner;
  }
  const key = path.at(-1) ?? '';
  const member = findNodeAtLocation(object, [key]);
  if (member !== undefined && (onlyNew || (onlyIf !== undefined && !isDeepStrictEqual(plainValue(member), onlyIf))))
    return json;
  if (value === undefined) return member?.parent === undefined ? json : remove(json, member.parent);
  if (member === undefined) return insert(json, object, key, value);
  if (isDeepStrictEqual(plainValue(member), value)) return json;
  return splice(json, member.offset, member.length, render(json, value, indentAt(json.text, member.offset)));
}

/**
 * Adds an item to the list at a path, which is made where there is none.
 * @throws GatewayError `configuration_invalid` where the path leads to something that is not a list
 */
export function addItem(json: JsonText, path: readonly string[], item: string): JsonText {
  const list = listAt(json, path);
  if (list === undefined || list.children?.length === 0) return setMember(json, path, [item]);
  return itemOf(list, item) === undefined ? insert(json, list, undefined, item) : json;
}

export function removeItem(json: JsonText, path: readonly string[], item: string): JsonText {
  const found = itemOf(listAt(json, path), item);
  return found === undefined ? json : remove(json, found);
}

function listAt(json: JsonText, path: readonly string[]): Node | undefined {
  if (json.text === '') return undefined;
  const list = findNodeAtLocation(getRoot(json), [...path]);
  if (list !== undefined && list.type !== 'array') throw unparsable(json.file, `"${path.join('.')}" is not a list`);
  return list;
}

const itemOf = (list: Node | undefined, item: string) => list?.children?.find(({ value }) => value === item);

/** The library's objects have no prototype, which makes a strict comparison fail. */
const plainValue = (node: Node): unknown => structuredClone(getNodeValue(node));

/** `{a: {b: value}}` for `[a, b]`. */
const wrap = (path: readonly string[], value: unknown): unknown =>
  path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);

/** Adds a member to an object, or without a key an item to a list. */
function insert(json: JsonText, object: Node, key: string | undefined, value: unknown): JsonText {
  const { text } = json;
  const end = object.offset + object.length - 1;
  const last = object.children?.at(-1);
  const isOneLine = !text.slice(object.offset, end).includes('\n');
  const name = key === undefined ? '' : `${JSON.stringify(key)}:`;
  const member = (indent: string) => `${name}${name && ' '}${render(json, value, indent)}`;
  const compact = `${name}${JSON.stringify(value)}`;
  if (last === undefined) {
    // A file of one line was written by a program, and stays one line.
    if (object.parent !== undefined && !text.trim().includes('\n')) return splice(json, end, 0, compact);
    const outer = indentAt(text, object.offset);
    const inner = outer + indentOf(text);
    // An object without members holds comments or nothing.
    const kept = text.slice(object.offset + 1, end).trimEnd();
    return splice(json, object.offset + 1, end - object.offset - 1, lines(json, kept, inner + member(inner), outer));
  }
  const lastEnd = last.offset + last.length;
  const comma = findComma(text, lastEnd, end);
  if (isOneLine) {
    const before = object.children?.at(-2);
    const space = before !== undefined && / $/.test(text.slice(before.offset, last.offset)) ? ' ' : '';
    return splice(
      json,
      comma === undefined ? lastEnd : comma + 1,
      0,
      // A comma after the last one stays the habit of the file.
      comma === undefined ? `,${space}${compact}` : `${compact},`,
    );
  }
  const indent = indentAt(text, last.offset);
  // A comment after the last member stays there.
  const at = endOfLine(text, (comma ?? lastEnd - 1) + 1, end);
  const placed = splice(json, at, 0, `${eolOf(text)}${indent}${member(indent)}${comma === undefined ? '' : ','}`);
  return comma === undefined ? splice(placed, lastEnd, 0, ',') : placed;
}

function remove(json: JsonText, member: Node): JsonText {
  const { text } = json;
  const siblings = member.parent?.children ?? [];
  const before = siblings[siblings.indexOf(member) - 1];
  const objectEnd = (member.parent?.offset ?? 0) + (member.parent?.length ?? text.length) - 1;
  const memberEnd = member.offset + member.length;
  const comma = findComma(text, memberEnd, objectEnd);
  let start = member.offset;
  let end = comma === undefined ? memberEnd : comma + 1;
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const rest = /^[ \t]*\r?\n/.exec(text.slice(end))?.[0];
  if (text.slice(lineStart, start).trim() === '' && rest !== undefined) {
    start = lineStart;
    end += rest.length;
  } else {
    end += /^[ \t]*/.exec(text.slice(end))?.[0].length ?? 0;
  }
  const orphan =
    comma === undefined && before !== undefined ? findComma(text, before.offset + before.length, start + 1) : undefined;
  if (orphan === undefined) return splice(json, start, end - start, '');
  const gap = text.slice(orphan + 1, start);
  if (/^[ \t]*$/.test(gap)) return splice(json, orphan, memberEnd - orphan, '');
  return splice(splice(json, start, end - start, ''), orphan, 1, '');
}

function render(json: JsonText, value: unknown, indent: string): string {
  return JSON.stringify(value, null, indentOf(json.text)).replaceAll('\n', `${eolOf(json.text)}${indent}`);
}

const lines = ({ text }: JsonText, kept: string, member: string, outer: string) =>
  `${kept}${eolOf(text)}${member}${eolOf(text)}${outer}`;

const splice = (json: JsonText, offset: number, length: number, inserted: string): JsonText => ({
  ...json,
  text: `${json.text.slice(0, offset)}${inserted}${json.text.slice(offset + length)}`,
});

/** The comma between two offsets, outside of comments. */
function findComma(text: string, from: number, to: number): number | undefined {
  const comma = /(?:\s|\/\/[^\r\n]*|\/\*[\s\S]*?\*\/)*,/y;
  comma.lastIndex = from;
  return comma.test(text) && comma.lastIndex <= to ? comma.lastIndex - 1 : undefined;
}

/** The end of a comment that follows on the same line; `from` where none does. */
function endOfLine(text: string, from: number, to: number): number {
  const rest = /^[ \t]*(?:\/\/[^\r\n]*|(?:\/\*[^\r\n]*?\*\/[ \t]*)+(?=\r?\n))/.exec(text.slice(from, to))?.[0];
  return from + (rest?.length ?? 0);
}

function indentAt(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}

/** One step of the file's own indentation. */
function indentOf(text: string): string {
  return /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
}

/** The line end that most lines of the file have. */
function eolOf(text: string): string {
  const windows = text.split('\r\n').length - 1;
  return windows * 2 > text.split('\n').length - 1 ? '\r\n' : '\n';
}

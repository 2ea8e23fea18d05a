import { isDeepStrictEqual } from 'node:util';
import { findNodeAtLocation, getNodeValue, type Node } from 'jsonc-parser';
import { getRoot, type JsonText, unparsable } from '../clients/json-text.ts';

// jsonc-parser reads; the edits are made here, because its own reformat the neighbours and drop their comments.

/**
 * Sets one member, or removes it with `undefined`; objects on the way are made. Nothing else changes, and nothing at
 * all where the member has that value already.
 * @throws GatewayError `configuration_invalid` where something else stands on the way
 */
export function setMember(json: JsonText, path: readonly string[], value: unknown): JsonText {
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
    if (inner.type !== 'object') throw unparsable(json.file, `"${path.slice(0, index + 1).join('.')}" is no object`);
    object = inner;
  }
  const key = path.at(-1) ?? '';
  const member = findNodeAtLocation(object, [key]);
  if (value === undefined) return member?.parent === undefined ? json : remove(json, member.parent);
  if (member === undefined) return insert(json, object, key, value);
  if (isDeepStrictEqual(plainValue(member), value)) return json;
  return splice(json, member.offset, member.length, render(json, value, indentAt(json.text, member.offset)));
}

/** The library's objects have no prototype, which a strict comparison minds. */
const plainValue = (node: Node): unknown => structuredClone(getNodeValue(node));

/** `{a: {b: value}}` for `[a, b]`. */
const wrap = (path: readonly string[], value: unknown): unknown =>
  path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);

function insert(json: JsonText, object: Node, key: string, value: unknown): JsonText {
  const { text } = json;
  const end = object.offset + object.length - 1;
  const last = object.children?.at(-1);
  const isOneLine = !text.slice(object.offset, end).includes('\n');
  const member = (indent: string) => `${JSON.stringify(key)}: ${render(json, value, indent)}`;
  const compact = `${JSON.stringify(key)}:${JSON.stringify(value)}`;
  if (last === undefined) {
    // A file of one line stays one, as programs write it that nobody reads.
    if (object.parent !== undefined && !text.trim().includes('\n')) return splice(json, end, 0, compact);
    const outer = indentAt(text, object.offset);
    const inner = outer + indentOf(text);
    // What stands between the braces are comments or nothing.
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
      `${comma === undefined ? `,${space}` : ''}${compact}`,
    );
  }
  const indent = indentAt(text, last.offset);
  // A comment behind the last member stays behind it.
  const at = endOfLine(text, (comma ?? lastEnd - 1) + 1, end);
  const placed = splice(json, at, 0, `${eolOf(text)}${indent}${member(indent)}`);
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

/** The comma between here and there, comments passed over. */
function findComma(text: string, from: number, to: number): number | undefined {
  const comma = /(?:\s|\/\/[^\r\n]*|\/\*[\s\S]*?\*\/)*,/y;
  comma.lastIndex = from;
  return comma.test(text) && comma.lastIndex <= to ? comma.lastIndex - 1 : undefined;
}

/** Behind a comment on the same line, or `from` where code or nothing follows. */
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

/** What most lines of the file end with. */
function eolOf(text: string): string {
  const windows = text.split('\r\n').length - 1;
  return windows * 2 > text.split('\n').length - 1 ? '\r\n' : '\n';
}

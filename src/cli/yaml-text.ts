import { isDeepStrictEqual } from 'node:util';
import { isMap, isScalar, isSeq, type Node, type Pair, parseDocument, stringify } from 'yaml';
import { isRecord } from '../core/json.ts';

// Edits of one entry in a YAML file of another program: everything else keeps its comments, order and form.

/**
 * The value of a YAML file; an empty one is an empty object.
 * @throws the library's error, with the line in its message
 */
export function parseYaml(text: string): unknown {
  const document = parseDocument(text, { uniqueKeys: true });
  const [error] = document.errors;
  if (error !== undefined) throw error;
  return document.toJS() ?? {};
}

type Entry = Readonly<Record<string, unknown>>;

/** An entry of the map `key`, or with `isList` the item of a list whose `name` it is. */
interface Where {
  key: string;
  name: string;
  isList: boolean;
}

/**
 * Puts an entry in place of the one that is there, or after the last; `undefined` removes it.
 * @returns undefined where the file writes the entries in a way that cannot be edited alone, such as `{a: …}` in one line
 */
export function putEntry(text: string, where: Where, value: Entry | undefined): string | undefined {
  const expected = expectAfter(parseYaml(text), where, value);
  const edited = edit(text, where, value);
  if (edited === undefined || expected === undefined) return undefined;
  const empty = where.isList ? [] : {};
  const read = parseYaml(edited);
  return isRecord(read) && isDeepStrictEqual({ [where.key]: empty, ...read }, expected) ? edited : undefined;
}

function expectAfter(before: unknown, { key, name, isList }: Where, value: Entry | undefined) {
  if (!isRecord(before)) return undefined;
  if (isList) {
    const items: unknown[] = Array.isArray(before[key]) ? before[key] : [];
    const at = items.findIndex((item) => isRecord(item) && item.name === name);
    const kept = items.filter((_, index) => index !== at);
    if (value !== undefined) kept.splice(at === -1 ? kept.length : at, 0, { name, ...value });
    return { ...before, [key]: kept };
  }
  const { [name]: _, ...others } = isRecord(before[key]) ? before[key] : {};
  return { ...before, [key]: value === undefined ? others : { ...others, [name]: value } };
}

function edit(text: string, where: Where, value: Entry | undefined): string | undefined {
  const { key, name, isList } = where;
  const root = parseDocument(text).contents;
  if (root !== null && !isMap(root)) return undefined;
  const pair = root?.items.find((item) => isScalar(item.key) && item.key.value === key) as Pair<Node, Node> | undefined;
  const collection = pair?.value;
  const items = isMap(collection) || isSeq(collection) ? collection.items : [];
  if (pair === undefined || items.length === 0) {
    if (value === undefined) return text;
    const without = pair === undefined ? text : cut(text, lineOf(text, startOf(pair.key)), endOf(text, pair));
    return insert(
      without,
      without.length,
      render({ [key]: isList ? [{ name, ...value }] : { [name]: value } }, 0, text),
    );
  }
  if ((isMap(collection) || isSeq(collection)) && collection.flow === true) return undefined;
  const ranges = items.map((item) => ({ item, start: startOfItem(text, item), end: endOf(text, item) }));
  const own = ranges.find(({ item }) => nameOf(item) === name);
  const column = columnOf(text, ranges[0]?.start ?? 0);
  const block = value === undefined ? '' : render(isList ? [{ name, ...value }] : { [name]: value }, column, text);
  if (own === undefined) return value === undefined ? text : insert(text, ranges.at(-1)?.end ?? text.length, block);
  const start = lineOf(text, own.start);
  if (value !== undefined) return insert(cut(text, start, own.end), start, block);
  // The last one goes with the key above it.
  return cut(text, items.length === 1 ? lineOf(text, startOf(pair.key)) : start, own.end);
}

const startOf = (node: unknown): number =>
  (node as { range?: [number, number, number] | null } | null)?.range?.[0] ?? 0;

/** An item of a list starts with its dash. */
function startOfItem(text: string, item: unknown): number {
  const isPair = typeof item === 'object' && item !== null && 'key' in item;
  if (isPair) return startOf(item.key);
  return text.lastIndexOf('-', startOf(item) - 1);
}

function nameOf(item: unknown): unknown {
  if (isMap(item)) return item.get('name');
  const { key } = item as Pair;
  return isScalar(key) ? key.value : undefined;
}

/** After the line on which the value of an item ends. */
function endOf(text: string, item: unknown): number {
  const pair = item as { key?: unknown; value?: unknown; range?: unknown };
  const node = pair.range === undefined ? (pair.value ?? pair.key) : item;
  const end = (node as { range?: [number, number, number] | null }).range?.[1] ?? 0;
  // A block collection and a text of several lines end after their last line end.
  const last = text.slice(0, end).trimEnd().length;
  const next = text.indexOf('\n', last);
  return next === -1 ? text.length : next + 1;
}

const lineOf = (text: string, at: number) => text.lastIndexOf('\n', at - 1) + 1;
const columnOf = (text: string, at: number) => at - lineOf(text, at);

function render(value: unknown, column: number, text: string): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = stringify(value, { lineWidth: 0 }).trimEnd().split('\n');
  return lines.map((line) => `${' '.repeat(column)}${line}`).join(eol) + eol;
}

/** Without a line end at the end of the file there is none after the entry either. */
function insert(text: string, at: number, block: string): string {
  const before = text.slice(0, at);
  if (before === '' || before.endsWith('\n')) return before + block + text.slice(at);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  return `${before}${eol}${block.trimEnd()}${text.slice(at)}`;
}

function cut(text: string, from: number, to: number): string {
  const before = text.slice(0, from);
  const isOpenEnd = to === text.length && !text.endsWith('\n');
  return (isOpenEnd ? before.replace(/\r?\n$/, '') : before) + text.slice(to);
}

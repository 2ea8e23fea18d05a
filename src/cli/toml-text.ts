import { isDeepStrictEqual } from 'node:util';
import { parse, stringify } from 'smol-toml';

// Edits of one table in a TOML file of another program: everything else keeps its comments, order and form.

/** The value of a TOML file. Throws a SyntaxError-like error of the library, with the line in its message. */
export function parseToml(text: string): Record<string, unknown> {
  return plain(parse(text));
}

/** The library's tables have no prototype, which makes a strict comparison fail. */
const plain = (value: unknown): Record<string, unknown> => structuredClone(value) as Record<string, unknown>;

/**
 * Puts the table `[key.name]` in place of the one that is there, or at the end; `undefined` removes it.
 * @returns undefined where the file writes that table in a way that cannot be replaced alone, such as `key = {…}`
 */
export function putTable(
  text: string,
  [key, name]: readonly [string, string],
  value: Readonly<Record<string, unknown>> | undefined,
): string | undefined {
  const own = listStatements(text).filter(({ path }) => path[0] === key && path[1] === name);
  const block = value === undefined ? '' : stringify({ [key]: { [name]: value } }).trim();
  const expected = parseToml(text);
  const tables = { ...(expected[key] as Record<string, unknown> | undefined) };
  if (value === undefined) delete tables[name];
  else tables[name] = value;
  const edited = own.length === 0 ? append(text, block) : replace(text, own, block);
  const read = parseToml(edited);
  // A parent whose tables are all gone is gone with them.
  const isSame = isDeepStrictEqual({ [key]: {}, ...read }, { ...expected, [key]: tables });
  return isSame ? edited : undefined;
}

function append(text: string, block: string): string {
  if (block === '') return text;
  const eol = eolOf(text);
  const lines = block.replaceAll('\n', eol);
  if (text.trim() === '') return `${lines}${eol}`;
  // Without a line end at the end of the file there is none after the table either, so that removing it restores the file.
  return text.endsWith('\n') ? `${text}${eol}${lines}${eol}` : `${text}${eol}${eol}${lines}`;
}

function replace(text: string, own: readonly Statement[], block: string): string {
  const eol = eolOf(text);
  const ranges = joined(own);
  let edited = text;
  for (const [index, { start, end }] of [...ranges.entries()].reverse()) {
    const before = edited.slice(0, start);
    const after = edited.slice(end);
    if (index === 0 && block !== '') {
      const isLast = after === '' && !text.endsWith('\n');
      edited = `${before}${block.replaceAll('\n', eol)}${isLast ? '' : eol}${after}`;
    } else if (after.trim() === '')
      edited = text.endsWith('\n') ? before.replace(/(^|\n)\r?\n$/, '$1') + after : before.trimEnd();
    else edited = before + after.replace(/^\r?\n/, '');
  }
  return edited;
}

/** Ranges of statements that follow one another, with the comments between them. */
function joined(own: readonly Statement[]): { start: number; end: number }[] {
  const ranges: { start: number; end: number; at: number }[] = [];
  for (const { start, end, at } of own) {
    const last = ranges.at(-1);
    if (last !== undefined && last.at === at - 1) Object.assign(last, { end, at });
    else ranges.push({ start, end, at });
  }
  return ranges;
}

interface Statement {
  /** Its place among the statements. */
  at: number;
  /** The keys from the root: of a header its own, of a pair those of its table first. */
  path: readonly string[];
  start: number;
  /** After its line end. */
  end: number;
}

/** The headers and pairs of a text that parses. */
function listStatements(text: string): Statement[] {
  const statements: Statement[] = [];
  let table: readonly string[] = [];
  let at = 0;
  while (at < text.length) {
    const blank = /^(?:[ \t]*(?:#[^\n]*)?(?:\r?\n|$))/.exec(text.slice(at))?.[0];
    if (blank !== undefined && blank !== '') {
      at += blank.length;
      continue;
    }
    const start = at;
    const header = /^[ \t]*\[\[?/.exec(text.slice(at))?.[0];
    const { keys, end } = readKeys(text, at + (header?.length ?? 0));
    at = endOfLine(text, end);
    if (header !== undefined) table = keys;
    statements.push({ at: statements.length, path: header === undefined ? [...table, ...keys] : keys, start, end: at });
  }
  return statements;
}

/** Keys with dots between them, bare or in quotation marks. */
function readKeys(text: string, from: number): { keys: string[]; end: number } {
  const keys: string[] = [];
  const key = /[ \t]*(?:([\w-]+)|"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)')[ \t]*(\.?)/y;
  key.lastIndex = from;
  for (;;) {
    const end = key.lastIndex;
    const [, bare, basic, literal, dot] = key.exec(text) ?? [];
    if (dot === undefined) return { keys, end };
    keys.push(bare ?? literal ?? String(parse(`x = "${basic}"`).x));
    if (dot === '') return { keys, end: key.lastIndex };
  }
}

/** The end of the line on which a value ends: lists and texts may have several. */
function endOfLine(text: string, from: number): number {
  const part = /"""[\s\S]*?"""+|'''[\s\S]*?'''+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|#[^\n]*|[[\]{}]|\n|[^"'#[\]{}\n]+/y;
  part.lastIndex = from;
  let depth = 0;
  for (;;) {
    const found = part.exec(text)?.[0];
    if (found === undefined) return text.length;
    if (found === '[' || found === '{') depth += 1;
    // The bracket that ends a header opens before.
    if (found === ']' || found === '}') depth = Math.max(0, depth - 1);
    if (found === '\n' && depth === 0) return part.lastIndex;
  }
}

const eolOf = (text: string) => (text.includes('\r\n') ? '\r\n' : '\n');

import { structuredPatch } from 'diff';
import { applyEdits, format, parseTree, visit } from 'jsonc-parser';
import { options } from '../../config/index.ts';
import type { JsonText } from '../clients/json-text.ts';

export interface DifferenceLine {
  sign: ' ' | '+' | '-';
  text: string;
}

/** Variables and members whose value may be shown; of any other variable nobody knows what it holds. */
const shownNames = new Set<string>(
  Object.entries(options).flatMap(([name, option]) => ('secret' in option ? [] : [name, option.variable])),
);

/**
 * The lines that change, with two around them. Keys are masked, and so is whatever stands outside of `shown`: other
 * servers have keys too, in their variables and in their words.
 */
export function findDifference(before: JsonText, after: JsonText, shown: readonly string[]): DifferenceLine[] {
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

function mask(lined: string, shown: readonly string[], maskSecret: (secret: string) => string): string {
  if (parseTree(lined) === undefined) return lined;
  const spans: { offset: number; length: number; text: string }[] = [];
  const put = (offset: number, length: number, words: string) => spans.push({ offset, length, text: words });
  visit(lined, {
    onLiteralValue(value, offset, length, _line, _character, pathSupplier) {
      if (typeof value !== 'string') return;
      const path = pathSupplier().map(String);
      if (!shown.every((name, index) => path[index] === name)) put(offset, length, '"…"');
      else if (isSecret(path.slice(shown.length)) || guid.test(value))
        put(offset, length, JSON.stringify(maskSecret(value)));
    },
    // A comment is somebody's own words, and may hold the key that was used before.
    onComment: (offset, length) => {
      const comment = lined.slice(offset, offset + length);
      put(offset, length, comment.startsWith('//') ? '// …' : comment.replace(/[^\n/*]+/g, ' … '));
    },
  });
  let masked = lined;
  for (const span of spans.sort((a, b) => b.offset - a.offset))
    masked = masked.slice(0, span.offset) + span.text + masked.slice(span.offset + span.length);
  return masked;
}

/** A client id, which configurations of the Python gateway hold as the company. */
const guid = /^\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$/i;

/** Nobody reads the difference of files that are one long line. */
function toLines(text: string, isOneLine: boolean): string {
  const lined = text.replaceAll('\r\n', '\n');
  return isOneLine ? applyEdits(lined, format(lined, undefined, { insertSpaces: true, tabSize: 2, eol: '\n' })) : lined;
}

/** In the settings file every member of a secret setting; in an entry every variable but those known to be none. */
function isSecret(path: readonly string[]): boolean {
  const name = path.at(-1) ?? '';
  if (path.length === 1) return name in options && !shownNames.has(name);
  return path[0] === 'env' && name !== 'PATH' && !shownNames.has(name);
}

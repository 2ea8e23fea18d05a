import type { JsonValue } from '../../sandbox/json.ts';
import { isRecord } from './chat.ts';

/** Half of the last digit of hours and money. */
const tolerance = 0.005;

/**
 * Why an answer is not the expected one; nothing where it is. Tolerant in form: the order of rows, numbers as text, case and
 * spaces of names, further members. Strict in what is said: each row and each value, none missing and none too many.
 */
export function findDifference(expected: JsonValue, given: unknown, where = 'answer'): string | undefined {
  if (Array.isArray(expected)) return findRowDifference(expected, given, where);
  if (isRecord(expected)) {
    if (!isRecord(given)) return `${where} is ${show(given)}, not an object`;
    for (const [name, value] of Object.entries(expected)) {
      const found = findDifference(value as JsonValue, given[name], `${where}/${name}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return isSame(expected, given) ? undefined : `${where} is ${show(given)}, expected ${show(expected)}`;
}

/** Each expected row takes one that was given. */
function findRowDifference(expected: readonly JsonValue[], given: unknown, where: string): string | undefined {
  if (!Array.isArray(given)) return `${where} is ${show(given)}, not a list`;
  const left: unknown[] = [...given];
  for (const row of expected) {
    const at = left.findIndex((one) => findDifference(row, one) === undefined);
    if (at < 0) return `${where} lacks ${show(row)}`;
    left.splice(at, 1);
  }
  return left.length > 0 ? `${where} has ${show(left[0])} too many` : undefined;
}

function isSame(expected: JsonValue, given: unknown): boolean {
  if (expected === null) return given === null || given === undefined || (typeof given === 'string' && isNobody(given));
  if (typeof expected === 'number') {
    const number = typeof given === 'string' ? readNumber(given) : given;
    return typeof number === 'number' && Math.abs(number - expected) <= tolerance;
  }
  if (typeof expected === 'string' && typeof given === 'string') {
    return fold(expected) === fold(given) || isSameTime(expected, given);
  }
  return expected === given;
}

const isNobody = (text: string) => /^(|-|–|none|null|nobody|no one|unassigned)$/i.test(text.trim());

/** `12,345.50` or `$12`; nothing that only begins with a number. */
function readNumber(text: string): number | undefined {
  const bare = text
    .trim()
    .replace(/^[$€#]/, '')
    .replace(/%$/, '')
    .replaceAll(',', '');
  return /^-?\d+(\.\d+)?$/.test(bare) ? Number(bare) : undefined;
}

const fold = (text: string) => text.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();

const written = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?(\.\d+)?)?( ?(Z|UTC|[+-]\d\d:\d\d))?$/;

/** The same instant, however it is written; without a zone it is UTC, as the questions say. */
function isSameTime(one: string, other: string): boolean {
  const [first, second] = [one, other].map((text) => {
    if (!written.test(text)) return Number.NaN;
    const iso = text.replace(/ ?UTC$/, 'Z').replace(/^(\S{10}) /, '$1T');
    return Date.parse(/[T]/.test(iso) && !/(Z|[+-]\d\d:\d\d)$/.test(iso) ? `${iso}Z` : iso);
  });
  return first !== undefined && !Number.isNaN(first) && first === second;
}

function show(value: unknown): string {
  const text = value === undefined ? 'missing' : JSON.stringify(value);
  return text.length > 160 ? `${text.slice(0, 159)}…` : text;
}

/** What an answer looks like, for the prompt: `[{"company": text, "tickets": number}]`. */
export function describeShape(value: JsonValue | undefined): string {
  if (Array.isArray(value)) return `[${describeShape(value.find((row) => !hasNull(row)) ?? value[0])}, …]`;
  if (isRecord(value)) {
    const members = Object.entries(value).map(([name, one]) => `"${name}": ${describeShape(one as JsonValue)}`);
    return `{${members.join(', ')}}`;
  }
  return typeof value === 'number' ? 'number' : 'text';
}

const hasNull = (row: JsonValue): boolean => row === null || (isRecord(row) && Object.values(row).includes(null));

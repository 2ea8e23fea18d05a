import { readIsoTime } from '../core/iso-time.ts';
import { dayMs } from '../core/zone.ts';
import { placeholderNames } from './placeholders/parse.ts';
import type { Argument, Place } from './placeholders/types.ts';
import { type NameFor, politely, wordsIn } from './query-search.ts';
import type { SavedQuery } from './saved-query.ts';

/** What a request says and the words of a saved query do not: values for its arguments, or another question. */
export interface OpenWords {
  /** Dates and periods. */
  periods: readonly Period[];
  /** Other words as they were written, adjacent ones together: `Maple Leaf`. */
  phrases: readonly string[];
  /** Whether the request is about the user's own records. */
  mine: boolean;
}

/** `since last month`: a date in words or an ISO day, and which side of it is meant. */
interface Period {
  side: 'in' | 'since' | 'before' | 'until';
  words: string;
}

/**
 * The words of a request that a saved query leaves open. Everything counts but grammar and courtesy: a query that ran
 * although `tomorrow` or a name was left open would answer another question.
 */
export function findOpenWords(
  request: string,
  query: Pick<SavedQuery, 'name' | 'description' | 'path' | 'params' | 'data'>,
  nameFor?: NameFor,
): OpenWords {
  const placeholders = placeholderNames([query.path, query.params, query.data]);
  const own = [query.name ?? '', query.description, placeholders.join(' ')].join('\n');
  const known = new Set(wordsIn(own, nameFor));
  const same = ({ side, words }: Period) => `${side} ${words}`;
  const described = new Set(takePeriods(own).periods.map(same));
  const { periods, rest } = takePeriods(request);
  return {
    periods: periods.filter((period) => !described.has(same(period))),
    phrases: phrasesIn(rest, (word) => isKnown(word, known, nameFor)),
    mine: wordsIn(rest).includes('my'),
  };
}

// Periods.

const unit = '(?:day|week|month|quarter|year)';
const periodPattern = new RegExp(
  `\\b(?:(since|after|from|before|until|till|to|in|during|for|over|within)\\s+(?:the\\s+)?)?` +
    `(today|yesterday|tomorrow|(?:this|current|last|previous|next) ${unit}\\b` +
    `|(?:last|past|previous|next) \\d{1,4} (?:hour|day|week|month|quarter|year)s?\\b` +
    `|\\d{1,4} (?:hour|day|week|month|quarter|year)s? ago\\b|\\d{4}-\\d\\d-\\d\\d\\b)`,
  'gi',
);

const sides: Readonly<Record<string, Period['side']>> = {
  since: 'since',
  from: 'since',
  after: 'since',
  before: 'before',
  until: 'until',
  till: 'until',
  to: 'until',
};

/** The periods of a text, and the text without them. */
function takePeriods(text: string): { periods: Period[]; rest: string } {
  const periods: Period[] = [];
  const rest = text.replace(/\s+/g, ' ').replace(periodPattern, (_whole, before: string | undefined, words: string) => {
    periods.push({ side: sides[before?.toLowerCase() ?? ''] ?? 'in', words: words.toLowerCase() });
    return ' | ';
  });
  return { periods, rest };
}

// Other words.

/** Grammar and courtesy that say nothing of what is asked for. Not `only`, `not`, `more`: they change the question. */
const courtesy: ReadonlySet<string> = new Set(
  'a an m s t d ll re ve am now right still just also hi hello hey thanks thank ok okay quickly asap here'.split(' '),
);
/** Words within a name, where there are others of it on both sides. */
const joining: ReadonlySet<string> = new Set(['of', 'and', '&', 'the', 'de', 'la']);

function isKnown(word: string, known: ReadonlySet<string>, nameFor?: NameFor): boolean {
  const lower = word.toLowerCase();
  if (courtesy.has(lower) || known.has(lower)) return true;
  // What the search leaves out is silent, but for single letters and digits, which may be a name.
  return (lower.length > 1 || lower === 'i') && wordsIn(lower, nameFor).every((stem) => known.has(stem));
}

function phrasesIn(text: string, isKnownWord: (word: string) => boolean): string[] {
  const tokens = [...text.replace(politely, ' ').matchAll(/[\p{L}\p{N}@+#][^\s,;|"“”()]*|[&|,;"“”()]/gu)];
  const phrases: string[][] = [];
  let open: string[] = [];
  let between: string[] = [];
  const close = () => {
    if (open.length > 0) phrases.push(open);
    [open, between] = [[], []];
  };
  for (const [token] of tokens) {
    const word = token.replace(/['’]s$|[.?!:'’]+$/gu, '');
    const isJoining = joining.has(word.toLowerCase());
    if (/^[|,;"“”()]$/.test(word)) close();
    else if (isJoining && open.length > 0) between.push(word);
    else if (isJoining) continue;
    else if (word !== '' && !word.split(/[-/]/).every((part) => part === '' || isKnownWord(part))) {
      open.push(...between, word);
      between = [];
    } else if (word !== '') close();
  }
  close();
  return phrases.map((words) => words.join(' '));
}

// Values.

/**
 * The dates that periods give a query: those of a `from` and a `to`, or of the one date whose side they name. Undefined
 * where it is not certain which is meant.
 */
export function datesFor(
  periods: readonly Period[],
  places: readonly Place[],
  open: readonly Argument[],
): Record<string, string> | undefined {
  if (periods.length === 0) return {};
  const dates = open.filter(({ type }) => type.kind === 'date' || type.kind === 'datetime');
  const operatorsOf = (argument: Argument) =>
    new Set(
      places.flatMap(({ placeholder, operator }) =>
        placeholder.name.toLowerCase() === argument.name.toLowerCase() ? [operator] : [],
      ),
    );
  const starts = dates.filter((date) => [...operatorsOf(date)].every((operator) => operator?.startsWith('>')));
  // `<=` would take the first moment after the period too.
  const ends = dates.filter((date) => [...operatorsOf(date)].every((operator) => operator === '<'));
  const [first, second, ...more] = periods;
  const [start, end] = [starts[0], ends[0]];
  if (first === undefined || more.length > 0 || starts.length + ends.length !== dates.length) return undefined;
  if (start !== undefined && end !== undefined && dates.length === 2) {
    if (second === undefined && first.side === 'in') return { [start.name]: startOf(first), [end.name]: endOf(first) };
    if (first.side === 'since' && second?.side === 'until')
      return { [start.name]: startOf(first), [end.name]: endOf(second) };
    return undefined;
  }
  if (dates.length !== 1 || second !== undefined) return undefined;
  if (start !== undefined && first.side === 'since') return { [start.name]: startOf(first) };
  if (end !== undefined && first.side === 'before') return { [end.name]: startOf(first) };
  if (end !== undefined && first.side === 'until') return { [end.name]: endOf(first) };
  return likeDefault(first, first.words.startsWith('next') ? end : start);
}

/** `next 30 days` where the default is `today+90d`: the same with another number. */
function likeDefault({ side, words }: Period, argument: Argument | undefined): Record<string, string> | undefined {
  const [, which, count, name = ''] = /^(last|next) (\d+) (hour|day|week|month|quarter|year)s?$/.exec(words) ?? [];
  const sign = which === 'next' ? '+' : '-';
  const base = name === 'hour' ? 'now' : 'today';
  const isAlike = /^(?:now|today)([+-])\d+(?:h|d|w|m|q|y)$/.exec(argument?.fallback ?? '')?.[1] === sign;
  if (argument === undefined || which === undefined || side !== 'in' || !isAlike) return undefined;
  return { [argument.name]: `${base}${sign}${count}${name[0]}` };
}

const isDay = (words: string) => readIsoTime(words) !== undefined;

// With a time, so that a bare day is not taken for its end.
const startOf = ({ words }: Period) => (isDay(words) ? `${words}T00:00:00` : `${words}.start`);

function endOf({ words }: Period): string {
  const day = readIsoTime(words);
  if (day === undefined) return `${words}.end`;
  return new Date(day.clockMs + dayMs).toISOString().slice(0, 19);
}

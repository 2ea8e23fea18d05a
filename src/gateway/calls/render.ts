import * as z from 'zod';
import {
  describeNamed,
  fitStatement,
  type ManyRecords,
  type ManySent,
  type NamedRecord,
  type PreparedChange,
  type PreparedStep,
  type SentChange,
  showHiddenIn,
} from '../../changes/index.ts';
import { fitInto, fitList, fitRecord, jsonBytes, shorten } from '../../core/budget.ts';
import { asObject, defined, isRecord } from '../../core/json.ts';
import { renderSize } from '../../core/text.ts';
import type { SaveOffer } from '../../memory/index.ts';
import { describeGaps, tidyRecord } from '../../results/index.ts';
import { renderText } from './reply.ts';
import type { Advice, CallResult, FileResult, ShownRows } from './result.ts';

/** The members that the reply to every call of an endpoint may have. */
export const callOutputSchema = z.looseObject({
  outcome: z.string().describe('COMPLETE, PARTIAL, NOT SENT or SENT first'),
  notes: z.array(z.string()).optional(),
  table: z.object({ columns: z.array(z.string()), rows: z.array(z.array(z.unknown())) }).optional(),
  change_id: z.string().optional(),
  next: z.string().optional(),
});

export type CallOutput = z.infer<typeof callOutputSchema>;

/** The words of one kind of reader. */
export interface ReaderWords {
  /** The next step; empty where there is none. */
  advise(advice: readonly Advice[]): string;
  /** Undefined where it is of no use. */
  offer(offer: SaveOffer): string | undefined;
  /** How to see what a reply had no room for. */
  describeCuts(shown: ShownRows, isAll: boolean): string[];
}

/** A result in words: the one place where the state of a call becomes `outcome` and `next`. */
export function renderCall(result: CallResult, words: ReaderWords): CallOutput {
  const { advice, link, filter, offer } = result;
  const outcome = renderOutcome(result);
  const next = words.advise(advice);
  const after = { ...(link !== undefined && { link }), ...(next !== '' && { next }) };
  const { notes: own = [], ...members } = renderMembers(result, words, after);
  const offered = offer && words.offer(offer);
  const notes = [...result.notes, ...own];
  if (offered !== undefined) notes.push(offered);
  const filtered = filter && `FILTERED by saved query ${filter.id} (“${filter.description}”; params {} opts out).`;
  return {
    outcome: filtered === undefined ? outcome : `${filtered} ${outcome}`,
    ...(notes.length > 0 && { notes }),
    ...members,
    ...after,
  };
}

type Of<What extends CallResult['what']> = Extract<CallResult, { what: What }>;

const manyWords = { running: 'SENDING', finished: 'SENT', stopped: 'STOPPED' } as const;

/** The first line of a reply. */
function renderOutcome(result: CallResult): string {
  switch (result.what) {
    case 'rows':
      return describeRows(result);
    case 'record': {
      const { moreMembers } = result;
      return moreMembers.length === 0
        ? 'COMPLETE: 1 record.'
        : `PARTIAL: 1 record, without ${moreMembers.length} members.`;
    }
    case 'count':
      return `COMPLETE: ${result.count} records.`;
    case 'value':
      return result.value === undefined ? 'COMPLETE: an empty answer.' : 'COMPLETE.';
    case 'local':
      return `${result.endpoint}, answered by the gateway itself.`;
    case 'file':
      return result.path === undefined
        ? `COMPLETE: a file of ${renderSize(result.bytes)} was read, and not saved.`
        : `COMPLETE: a file of ${renderSize(result.bytes)} was saved on this computer.`;
    case 'prepared': {
      const { renewed, change } = result;
      const again = renewed === undefined ? [] : [renewed, 'A new preview with a new change_id was prepared.'];
      return [notSent, ...(change.alerts ?? []).map(cautionOf), ...again].join(' ');
    }
    case 'unchanged':
      return `NOT SENT, already so: ${result.said}`;
    case 'sent': {
      const { change, status, recordId, applied } = result.sent;
      const made = recordId === undefined ? '' : ` made ${recordId}`;
      const missed = applied === 'all' ? '' : ` ${missedWords[applied]}.`;
      return `SENT: ${change.method} ${change.path}${made}; ConnectWise returned ${status}.${missed}`;
    }
    case 'many': {
      const { state, counts, results, reason } = result.many;
      const named = Object.entries(counts).flatMap(([name, count]) => (count > 0 ? [`${count} ${name}`] : []));
      const first = result.state === 'sent' ? 'SENT' : `PARTIAL, ${manyWords[state]}`;
      const of = result.many.change.steps === undefined ? 'records' : results.length === 1 ? 'change' : 'changes';
      const said = [...describeMissed(results), ...(reason === undefined ? [] : [reason])];
      return [`${first}: ${named.join(', ')} of ${results.length} ${of}.`, ...said].join(' ');
    }
    case 'several':
      return describeSeveral(result);
  }
}

const missedWords = { part: 'NOT ALL OF IT WAS APPLIED', nothing: 'NOTHING OF IT WAS APPLIED' } as const;

/** Of a change of many records: of how many not all, or nothing, was applied. */
function describeMissed(results: ManySent['results']): string[] {
  return (['part', 'nothing'] as const).flatMap((how) => {
    const count = results.filter(({ applied }) => applied === how).length;
    return count === 0 ? [] : [`${missedWords[how]} to ${count}.`];
  });
}

const notSent = 'NOT SENT. Nothing has changed in ConnectWise yet.';

/** COMPLETE or PARTIAL, of how many, and the table with the rows. */
function describeRows(result: Of<'rows'>): string {
  const { rows, table, state, total, reason = 'not all were read', shown } = result;
  const count = rows.toLocaleString('en');
  const where = table === undefined ? '' : ` in ${table}`;
  const of = total === undefined ? 'more' : total.toLocaleString('en');
  const read = {
    complete: `COMPLETE: ${count} ${rows === 1 ? 'row' : 'rows'}${where}.`,
    reading: `PARTIAL: ${count} rows so far${where}; reading continues in the background.`,
    partial: `PARTIAL: ${count} of ${of} rows${where}; ${reason}.`,
  }[shown?.as === 'query' ? shown.of : state];
  if (shown?.as !== 'query') return read;
  const returned = shown.table.rows.length;
  const answer = `${returned} ${returned === 1 ? 'row' : 'rows'}`;
  const gaps = describeGaps(shown.gaps);
  const both = `${read} The query returned ${shown.hasMore ? `more than the ${answer} shown` : answer}.`;
  return gaps === undefined ? both : `${gaps} ${both}`;
}

function describeSeveral({ sent, of, last }: Of<'several'>): string {
  const already = sent.filter(({ result }) => result.what === 'unchanged').length;
  const rest = already === 0 ? '' : ` ${already} of ${of} were already so.`;
  const isWhole = sent.every(({ result: { state } }) => state === 'sent' || state === 'unchanged');
  const missed = isWhole ? '' : ` ${missedWords.part}.`;
  if (last === undefined) {
    return `${already === of ? 'NOT SENT' : `SENT: ${sent.length - already} changes`}.${rest}${missed}`;
  }
  const done = `PARTIAL: ${sent.length} of ${of} changes SENT, then ${last.changeId}`;
  if ('error' in last) return `${done} failed: ${last.error.message}`;
  // Of a change of many records its own progress is the outcome.
  return last.result.what === 'many' ? renderOutcome(last.result) : `${done}: ${renderOutcome(last.result)}`;
}

/** The members of a reply beside its outcome. */
type ReplyMembers = Record<string, unknown> & { notes?: string[] | undefined };

/** @param after members that follow these in the reply and take room too */
function renderMembers(result: CallResult, words: ReaderWords, after: Record<string, unknown>): ReplyMembers {
  switch (result.what) {
    case 'rows':
      return rowsMembers(result, words);
    case 'record': {
      const { record, moreMembers } = result;
      return { record, ...(moreMembers.length > 0 && { more_members: moreMembers.slice(0, 60).join(', ') }) };
    }
    case 'count':
      return { count: result.count };
    case 'value':
      return result.value === undefined ? {} : { answer: result.value };
    case 'local':
      return { answer: result.value };
    case 'file':
      return fileMembers(result);
    case 'prepared':
      return previewMembers(result.change, { outcome: renderOutcome(result), ...after });
    case 'unchanged':
      return {};
    case 'sent':
      return { ...(result.file && fileMembers(result.file)), ...sentMembers(result.sent) };
    case 'many':
      return manyMembers(result.many);
    case 'several':
      return severalMembers(result, words);
  }
}

function fileMembers({ path, mediaType, bytes, text, image }: FileResult) {
  return defined({ file: { path, type: mediaType, size: renderSize(bytes) }, answer: text, image });
}

function rowsMembers({ rows: read, shown }: Of<'rows'>, words: ReaderWords): ReplyMembers {
  if (shown === undefined) return {};
  const { columns, rows } = shown.table;
  const isAll = rows.length >= read;
  const notes = words.describeCuts(shown, isAll);
  const table = { columns, rows };
  if (shown.as === 'query') return { notes, table };
  const some = rows.length > 0 ? table : undefined;
  if (shown.as === 'conversation') {
    const newest = isAll ? undefined : `the newest ${rows.length} of ${read} notes`;
    return defined<ReplyMembers>({ notes, shown: newest, conversation: some });
  }
  const { profile } = shown;
  return defined<ReplyMembers>({
    notes,
    profile: profile && { columns: profile.columns, rows: profile.rows },
    profile_of: profile && profile.rowsRead < read ? `of the first ${profile.rowsRead} rows` : undefined,
    shown: isAll ? undefined : `the first ${rows.length} of ${read} rows`,
    table: some,
  });
}

function severalMembers({ sent: done, last }: Of<'several'>, words: ReaderWords): ReplyMembers {
  const sent = done.map((one) => ({ change_id: one.changeId, outcome: renderOutcome(one.result) }));
  // Beside `sent` and not in it: the names of files come from ConnectWise, and `sent` is the gateway's own text.
  const files = done.flatMap(({ result }) =>
    result.what === 'sent' && result.file !== undefined ? [fileMembers(result.file).file] : [],
  );
  if (last === undefined || 'error' in last) return { sent, ...(files.length > 0 && { file: files }) };
  const { outcome: _, next: __, ...members } = renderCall(last.result, words);
  return last.result.what === 'many' ? { ...members, sent } : { sent, ...members };
}

/** 500 tokens. */
const maxPreviewBytes = 2_000;

/** How much of a change a preview shows. */
interface PreviewSize {
  sentence: number;
  bodyBytes: number;
  noteBytes: number;
  recordBytes: number;
  /** Longest text and most elements of what is cut. */
  characters: number;
  items: number;
}

/**
 * What most changes need first, what always fits last. The sentence has every member, so the request and the differences
 * give way before it.
 */
const narrowest: PreviewSize = {
  sentence: 900,
  bodyBytes: 20,
  noteBytes: 200,
  recordBytes: 200,
  characters: 20,
  items: 1,
};
const previewSizes: readonly [PreviewSize, ...PreviewSize[]] = [
  { sentence: 1_200, bodyBytes: 800, noteBytes: 1_000, recordBytes: 1_000, characters: 120, items: 12 },
  { sentence: 1_000, bodyBytes: 500, noteBytes: 500, recordBytes: 600, characters: 80, items: 8 },
  { sentence: 900, bodyBytes: 300, noteBytes: 350, recordBytes: 400, characters: 60, items: 4 },
  { sentence: 900, bodyBytes: 150, noteBytes: 200, recordBytes: 250, characters: 30, items: 2 },
  narrowest,
  { ...narrowest, sentence: 600 },
  { ...narrowest, sentence: 350 },
];

/** What must be seen before anything else. */
export const cautionOf = (alert: string): string => `CAUTION: ${alert}`;

/** The sentence of a change, whole and as previews of any size show it. */
export const sentencesOf = ({ sentence, statement }: PreparedChange): string[] => [
  ...new Set([sentence, ...previewSizes.map((size) => fitStatement(statement, size.sentence))]),
];

/** A stand-in for the random fence of the reply, of the same length. */
const fenceOfAnyLength = '0'.repeat(16);

/**
 * The members of a preview, cut so that the whole reply takes 500 tokens.
 * @param around the other members of the reply, which take room too
 */
function previewMembers(change: PreparedChange, around: CallOutput): ReplyMembers {
  return fitInto(change, maxPreviewBytes, {
    steps: previewSizes,
    apply: previewAt,
    sizeOf(members) {
      const output = { ...members, ...around };
      // Some clients show only the text, others only the structured content, so the larger one counts.
      return Math.max(Buffer.byteLength(renderText(output, fenceOfAnyLength)), jsonBytes(output));
    },
  });
}

function previewAt(change: PreparedChange, size: PreviewSize): ReplyMembers {
  if (change.steps !== undefined) return previewSteps(change, change.steps, size);
  const { changeId, method, path, query, body, form, statement, differences = [], warnings, many, expiresAt } = change;
  const records = renderNamed(change.named ?? [], size);
  const request = showHiddenIn({
    method,
    path,
    ...(query && Object.keys(query).length > 0 && { query }),
    ...(body !== undefined && { body: previewBody(body, size) }),
    ...(form?.file && { file: form.file.path }),
  });
  return {
    ...(warnings.length > 0 && { notes: previewNotes(warnings, size) }),
    change: { sentence: fitStatement(statement, size.sentence), request },
    ...(records.length > 0 && { about: records }),
    ...(differences.length > 0 && { differences: tidyRecord(shorten(differences, size)) }),
    ...(many && previewMany(many)),
    change_id: changeId,
    expires_at: expiresAt,
  };
}

/** Several writes: each is shown, however small the preview is. */
function previewSteps(
  { changeId, warnings, expiresAt }: PreparedChange,
  steps: readonly PreparedStep[],
  size: PreviewSize,
): ReplyMembers {
  const share = Math.round(size.sentence / steps.length);
  const rows = steps.map(({ method, path, query, body, file, sentence }) => ({
    sentence: shorten(sentence, { characters: Math.max(share, 70), items: 1 }) as string,
    ...(size.bodyBytes > narrowest.bodyBytes && {
      request: defined({
        method,
        path,
        query: query && Object.keys(query).length > 0 ? query : undefined,
        body:
          body === undefined
            ? undefined
            : previewBody(body, { ...size, bodyBytes: Math.round(size.bodyBytes / steps.length) }),
        file,
      }),
    }),
  }));
  return {
    ...(warnings.length > 0 && { notes: previewNotes(warnings, size) }),
    change: {
      sentence: `${steps.length} changes in this order; each is sent only after the one before it.`,
      steps: rows,
    },
    change_id: changeId,
    expires_at: expiresAt,
  };
}

/** A line for each record that a change names. What disappears comes first, and repeats in several members once. */
function renderNamed(named: readonly NamedRecord[], { recordBytes }: PreviewSize): string[] {
  const rank = ({ fate }: NamedRecord) => ['disappears', 'stays', undefined].indexOf(fate);
  const ordered = [...named].sort((one, other) => rank(one) - rank(other));
  const lines = [...new Set(ordered.map((one) => `${one.fate ?? one.member ?? 'of'}: ${describeNamed(one)}`))];
  const kept = fitList(lines, recordBytes);
  return kept.length < lines.length ? [...kept, `and ${lines.length - kept.length} more records`] : kept;
}

/** The exact body, cut only where it would not fit; secrets in it stay hidden. */
function previewBody(body: unknown, { bodyBytes, ...limits }: PreviewSize): unknown {
  const tidy = tidyRecord(showHiddenIn(body), { keepEmpty: true });
  if (jsonBytes(tidy) <= bodyBytes) return tidy;
  if (isRecord(tidy)) {
    const { record, moreMembers } = fitRecord(tidy, bodyBytes);
    return moreMembers.length > 0 ? { ...record, '…': `and ${moreMembers.length} more members` } : record;
  }
  const short = shorten(tidy, limits);
  if (!Array.isArray(short)) return short;
  const kept = fitList(short, bodyBytes);
  return kept.length < short.length ? [...kept, '…'] : kept;
}

/** The first notes are repairs, which change what was asked for: they stay. */
function previewNotes(warnings: readonly string[], { noteBytes }: PreviewSize): string[] {
  const kept = fitList(warnings, noteBytes).map((note) => shorten(note, { characters: noteBytes, items: 1 }) as string);
  const rest = warnings.length - kept.length;
  return rest === 0 ? kept : [...kept, `${rest} more warnings.`];
}

/** Warnings of a change that was sent without a preview, in the room that a preview has for them. */
export const fitWarnings = (warnings: readonly string[]): string[] => previewNotes(warnings, narrowest);

/** Bytes of the rows in the preview of a change of many records: a glance; the journal has them all. */
const maxRowBytes = 700;

/** A change of many records: its kinds, its outliers, and the first rows. */
function previewMany({ count, groups, leftOut, shared, rows }: ManyRecords): Record<string, unknown> {
  const shown = fitList(rows, maxRowBytes);
  const kinds = groups.map((group) => `${group.count}: ${group.change}`);
  const outliers = groups.flatMap(({ change, ids }) => (ids === undefined ? [] : [`${ids.join(', ')}: ${change}`]));
  const differences = {
    ...(groups.length > 1 && shared === undefined && { kinds: fitList(kinds, 250) }),
    ...(shared === undefined &&
      outliers.length > 0 &&
      outliers.length < groups.length && { unlike_the_others: fitList(outliers, 250) }),
    ...(leftOut.length > 0 && { left_out: describeLeftOut(leftOut) }),
  };
  return {
    records: count,
    ...(Object.keys(differences).length > 0 && { differences }),
    table: { columns: ['id', 'title', 'change'], rows: shown.map((row) => [...row]) },
    ...(shown.length < rows.length && { more_rows: rows.length - shown.length }),
  };
}

/** Each reason once, with its ids. */
function describeLeftOut(leftOut: ManyRecords['leftOut']): string[] {
  const byReason = new Map<string, string[]>();
  for (const { id, reason } of leftOut) byReason.set(reason, [...(byReason.get(reason) ?? []), id]);
  const lines = [...byReason].map(([reason, ids]) => {
    const named = ids.length > 5 ? `${ids.slice(0, 5).join(', ')} and ${ids.length - 5} more` : ids.join(', ');
    return `${named}: ${reason}`;
  });
  return fitList(lines, 300);
}

const maxSentBytes = 1_600;

/** The change that was sent, what it changed of the record, and what was not applied. */
function sentMembers({ change, changed, notApplied }: SentChange): ReplyMembers {
  const tidy = tidyRecord(changed);
  // What was emptied is shown as null; other empty values say nothing.
  const emptied = Object.entries(asObject(changed)).filter(([, value]) => value === null);
  const shown = isRecord(tidy) ? { ...tidy, ...Object.fromEntries(emptied) } : undefined;
  const { record, moreMembers } = shown === undefined ? { moreMembers: [] } : fitRecord(shown, maxSentBytes);
  return defined<ReplyMembers>({
    notes: notApplied.length > 0 ? fitList(notApplied, 600) : undefined,
    change: { sentence: change.sentence },
    record,
    more_members: moreMembers.length > 0 ? moreMembers.slice(0, 60).join(', ') : undefined,
  });
}

/** The results of a change of many records, what failed first. */
function manyMembers({ change, results }: ManySent): ReplyMembers {
  const failedFirst = [...results].sort((one, other) => rank(one.state) - rank(other.state));
  const rows = fitList(
    failedFirst.map(({ id, state, detail = '' }) => [id, state, detail.slice(0, 160)]),
    3_000,
  );
  return {
    change: { sentence: change.sentence },
    change_id: change.changeId,
    table: { columns: ['id', 'state', 'detail'], rows },
    ...(rows.length < results.length && { more_rows: results.length - rows.length }),
  };
}

const rank = (state: ManySent['results'][number]['state']): number =>
  ['unknown', 'failed', 'stale', 'sending', 'waiting', 'sent'].indexOf(state);

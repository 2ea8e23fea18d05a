import * as z from 'zod';
import { renderSize } from '../../connectwise/documents/file-text.ts';
import { defined } from '../../core/json.ts';
import type { SaveOffer } from '../../memory/index.ts';
import { describeGaps } from '../../results/describe-table.ts';
import { manyMembers } from './many-output.ts';
import { previewMembers, sentMembers } from './render-change.ts';
import type { Advice, CallResult, FileResult, ShownRows } from './result.ts';

/** What every call of an endpoint answers, as far as it has it. */
export const callOutputSchema = z.looseObject({
  outcome: z.string().describe('COMPLETE, PARTIAL, NOT SENT or SENT first'),
  notes: z.array(z.string()).optional(),
  table: z.object({ columns: z.array(z.string()), rows: z.array(z.array(z.unknown())) }).optional(),
  change_id: z.string().optional(),
  next: z.string().optional(),
});

export type CallOutput = z.infer<typeof callOutputSchema>;

/** What a reply holds besides its outcome. */
export type ReplyMembers = Record<string, unknown> & { notes?: string[] | undefined };

/** What one kind of reader is told. */
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
  const after = { ...(link === undefined ? {} : { link }), ...(next === '' ? {} : { next }) };
  const { notes: own = [], ...members } = renderMembers(result, words, after);
  const offered = offer && words.offer(offer);
  const notes = [...result.notes, ...own, ...(offered === undefined ? [] : [offered])];
  const filtered = filter && `FILTERED by saved query ${filter.id} (“${filter.description}”; params {} opts out).`;
  return {
    outcome: filtered === undefined ? outcome : `${filtered} ${outcome}`,
    ...(notes.length > 0 ? { notes } : {}),
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
      return `COMPLETE: a file of ${renderSize(result.bytes)} was saved on this computer.`;
    case 'prepared': {
      const { renewed } = result;
      return `${notSent}${renewed === undefined ? '' : ` ${renewed} It was prepared anew, under another change_id.`}`;
    }
    case 'sent': {
      const { change, status } = result.sent;
      const missed = result.state === 'sent' ? '' : ' NOT ALL OF IT WAS APPLIED.';
      return `SENT: ${change.method} ${change.path} was answered ${status}.${missed}`;
    }
    case 'many': {
      const { state, counts, results, reason } = result.many;
      const told = Object.entries(counts).flatMap(([name, count]) => (count > 0 ? [`${count} ${name}`] : []));
      const first = result.state === 'sent' ? 'SENT' : `PARTIAL, ${manyWords[state]}`;
      return `${first}: ${told.join(', ')} of ${results.length} records.${reason === undefined ? '' : ` ${reason}`}`;
    }
    case 'several':
      return describeSeveral(result);
  }
}

const notSent = 'NOT SENT. Nothing has changed in ConnectWise yet.';

/** COMPLETE or PARTIAL, of how many, and where the rows are kept. */
function describeRows(result: Of<'rows'>): string {
  const { rows, table, state, total, reason = 'not all were read', shown } = result;
  const count = rows.toLocaleString('en');
  const where = table === undefined ? '' : ` in ${table}`;
  const of = total === undefined ? 'more' : total.toLocaleString('en');
  const read = {
    complete: `COMPLETE: ${count} ${rows === 1 ? 'row' : 'rows'}${where}.`,
    reading: `PARTIAL: ${count} rows so far${where}; reading goes on in the background.`,
    partial: `PARTIAL: ${count} of ${of} rows${where}; ${reason}.`,
  }[shown?.as === 'statement' ? shown.of : state];
  if (shown?.as !== 'statement') return read;
  const answered = shown.table.rows.length;
  const answers = `${answered} ${answered === 1 ? 'row' : 'rows'}`;
  const gaps = describeGaps(shown.gaps);
  const said = `${read} The statement answered ${shown.hasMore ? `more than the ${answers} shown` : answers}.`;
  return gaps === undefined ? said : `${gaps} ${said}`;
}

function describeSeveral({ sent, of, last }: Of<'several'>): string {
  if (last === undefined) return `SENT: ${sent.length} changes.`;
  const done = `PARTIAL: ${sent.length} of ${of} changes SENT, then ${last.changeId}`;
  if ('error' in last) return `${done} failed: ${last.error.message}`;
  // Of a change of many records it matters how far that one is.
  return last.result.what === 'many' ? renderOutcome(last.result) : `${done}: ${renderOutcome(last.result)}`;
}

/** What the result holds beside its outcome; `after` stands behind it and takes room too. */
function renderMembers(result: CallResult, words: ReaderWords, after: Record<string, unknown>): ReplyMembers {
  switch (result.what) {
    case 'rows':
      return rowsMembers(result, words);
    case 'record': {
      const { record, moreMembers } = result;
      return { record, ...(moreMembers.length === 0 ? {} : { more_members: moreMembers.slice(0, 60).join(', ') }) };
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
      return previewMembers(result.change, { outcome: notSent, ...after });
    case 'sent':
      return { ...(result.file === undefined ? {} : fileMembers(result.file)), ...sentMembers(result.sent) };
    case 'many':
      return manyMembers(result.many);
    case 'several': {
      const sent = result.sent.map((one) => ({ change_id: one.changeId, outcome: renderOutcome(one.result) }));
      // Beside and not within what is ours: the names of files come from ConnectWise.
      const files = result.sent.flatMap(({ result: one }) =>
        one.what === 'sent' && one.file !== undefined ? [fileMembers(one.file).file] : [],
      );
      const { last } = result;
      if (last === undefined || 'error' in last) return { sent, ...(files.length > 0 ? { file: files } : {}) };
      const { outcome: _, next: __, ...members } = renderCall(last.result, words);
      return last.result.what === 'many' ? { ...members, sent } : { sent, ...members };
    }
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
  if (shown.as === 'statement') return { notes, table };
  if (shown.as === 'conversation') {
    return {
      notes,
      ...(isAll ? {} : { shown: `the newest ${rows.length} of ${read} notes` }),
      ...(rows.length > 0 ? { conversation: table } : {}),
    };
  }
  const { profile } = shown;
  return {
    notes,
    ...(profile === undefined ? {} : { profile: { columns: profile.columns, rows: profile.rows } }),
    ...(profile !== undefined && profile.rowsRead < read
      ? { profile_of: `of the first ${profile.rowsRead} rows` }
      : {}),
    ...(isAll ? {} : { shown: `the first ${rows.length} of ${read} rows` }),
    ...(rows.length > 0 ? { table } : {}),
  };
}

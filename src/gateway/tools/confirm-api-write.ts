import * as z from 'zod';
import { type Changes, type ManySent, type PreparedChange, quote } from '../../changes/index.ts';
import { GatewayError } from '../../core/errors.ts';
import type { ResultTable } from '../../results/index.ts';
import { wordsForModel } from '../calls/reader-words.ts';
import { callOutputSchema, cautionOf, renderCall, sentencesOf } from '../calls/render.ts';
import type { Advice, CallResult } from '../calls/result.ts';
import { confirmedResult, orUnchanged, preparedResult } from '../calls/write.ts';
import { defineTool, type ToolContext } from './tool.ts';

export const confirmApiWrite = defineTool({
  name: 'confirm_api_write',
  title: 'Send a prepared change to ConnectWise',
  description:
    'Sends changes that execute_api_call prepared: the only tool that changes ConnectWise. Show the preview and wait for a yes first, unless its last line says to call. Each works once, within 60 minutes; several internal ones go in order, separated by commas, and stop at the first failure. Where the record changed meanwhile the reply is a new preview.',
  access: 'write',
  input: z.strictObject({
    change_id: z.string().min(1).max(2000).describe('One change_id, or several separated by commas'),
    sentence: z.string().max(8_000).optional().describe('That of the preview, repeated'),
  }),
  output: callOutputSchema,
  async run({ change_id, sentence }, context, signal) {
    const ids = readIds(change_id);
    const [first = ''] = ids;
    if (ids.length > 1) await refuseMixed(context, ids);
    const changes = await context.changes();
    const waiting = ids.flatMap((id) => changes.find(id) ?? []);
    if (sentence !== undefined) compareSentence(sentence, ids, waiting);
    const answer = askPerson(context, waiting);
    // The client shows the question; what is returned here is not seen.
    if (answer === 'asking' && waiting[0] !== undefined) return preparedResult(context, waiting[0]);
    if (answer === 'decline' || answer === 'cancel') throw notApproved(changes, waiting, answer);
    if (ids.length === 1) return confirmOne(context, first, signal);
    return confirmSeveral(context, ids, signal);
  },
  render: (result) => renderCall(result, wordsForModel),
});

/**
 * The ids, each once. A dialog shows this argument to a person, so nothing in it may hide or push away an id.
 * @throws GatewayError `invalid_argument` for any other form
 */
function readIds(given: string): string[] {
  if (/^[\w.-]+(, ?[\w.-]+)*$/.test(given)) return [...new Set(given.split(/, ?/))];
  const shown = JSON.stringify(given.slice(0, 80));
  const problem = given.trim() === '' ? 'is empty' : `${shown} is not one change_id, or several as "id, id"`;
  throw new GatewayError('invalid_argument', `change_id ${problem}.`, {
    details: { field: 'change_id' },
    hint: 'Copy each change_id from its preview; letters, digits, "_", "." and "-" are all that an id has.',
  });
}

/** Records that a question lists by name; a dialog of hundreds is not read. */
const mostListed = 25;

/**
 * The change as a person reads it before the yes: what must be seen and the whole sentence in the first line, then each
 * of several writes and each record of many, then what else is to be known.
 */
function questionOf({ sentence, warnings, alerts = [], steps = [], many }: PreparedChange): string {
  const first = [...alerts.map(cautionOf), sentence].join(' ');
  const each = steps.map((step, at) => `${at + 1}. ${step.sentence}`);
  const rows = many?.rows ?? [];
  const listed = rows.slice(0, mostListed).map(([id, title]) => `${id} ${quote(title)}`);
  const more = rows.length > mostListed ? [`and ${rows.length - mostListed} more, which the preview lists`] : [];
  return [first, ...each, ...listed, ...more, ...warnings].join('\n');
}

/** @returns `asking` where the question is put now; undefined where nobody can be asked, or nothing waits */
function askPerson({ person }: ToolContext, waiting: readonly PreparedChange[]) {
  if (person === undefined || waiting.length === 0) return undefined;
  const key = waiting.map(({ changeId }) => changeId).join(',');
  return person.ask(key, waiting.map(questionOf).join('\n\n')) ?? 'asking';
}

/** A no discards the changes; where nobody answered they wait. */
function notApproved(changes: Changes, waiting: readonly PreparedChange[], answer: 'decline' | 'cancel'): GatewayError {
  const ids = waiting.map(({ changeId }) => changeId).join(', ');
  if (answer === 'cancel') {
    return new GatewayError(
      'not_approved',
      `Nothing was sent: the question about ${ids} was closed without an answer.`,
      {
        hint: `It can be put again until ${waiting[0]?.expiresAt}, when the user wants it.`,
      },
    );
  }
  for (const { changeId } of waiting) changes.discard(changeId);
  return new GatewayError('not_approved', `Nothing was sent: the user said no, and ${ids} is discarded.`);
}

/**
 * What the dialog of a client shows a person is this argument.
 * @throws GatewayError `invalid_argument` where it says something else than the change does
 */
function compareSentence(given: string, ids: readonly string[], waiting: readonly PreparedChange[]): void {
  if (ids.length > 1) {
    throw new GatewayError(
      'invalid_argument',
      'Nothing was sent: sentence says what one change does, and several are named.',
      {
        details: { field: 'sentence' },
        hint: 'Confirm each change with its own sentence, or leave the argument out.',
      },
    );
  }
  const plain = (text: string) => text.replace(/\s+/g, ' ').trim();
  const isSame = waiting.some((change) => sentencesOf(change).some((one) => plain(one) === plain(given)));
  if (isSame || waiting.length === 0) return;
  throw new GatewayError('invalid_argument', 'Nothing was sent: sentence is not the one of the preview.', {
    details: { field: 'sentence', corrected: waiting[0]?.sentence ?? '' },
    hint: 'Repeat the sentence of the preview word for word, or leave the argument out.',
  });
}

/** One yes for several is enough only where each of them would have needed no more than the client's own question. */
async function refuseMixed(context: ToolContext, ids: readonly string[]): Promise<void> {
  const changes = await context.changes();
  const alone = ids.filter((id) => changes.findApproval(id) === 'user');
  if (alone.length === 0) return;
  const [what, they] = alone.length === 1 ? ['is', 'it'] : ['are', 'each of them'];
  throw new GatewayError(
    'invalid_argument',
    `Nothing was sent: ${alone.join(', ')} ${what} confirmed alone, because ${they} reaches the customer, bills, deletes or cannot be undone, or is many records.`,
    {
      details: { field: 'change_id' },
      hint: `Show the preview to the user and wait for an answer; then call with change_id ${JSON.stringify(alone[0])} alone.`,
    },
  );
}

async function confirmOne(context: ToolContext, id: string, signal: AbortSignal): Promise<CallResult> {
  const changes = await context.changes();
  return orUnchanged(async () => {
    const confirmed = await changes.confirm(id, signal);
    // Several writes are few, and the reply has them all.
    const isOfMany = confirmed.kind === 'many' && confirmed.change.steps === undefined;
    const results = isOfMany ? await storeResults(context, confirmed) : undefined;
    return confirmedResult(context, confirmed, results);
  });
}

/** The result of each record, as a table for SQL; none while records are still being sent. */
async function storeResults(
  context: ToolContext,
  { change, state, results, reason }: ManySent,
): Promise<ResultTable | undefined> {
  if (state === 'running') return undefined;
  const writer = (await context.results()).begin({
    noun: 'results',
    request: `confirm_api_write ${change.changeId}`,
    schema: undefined,
    findSchema: () => undefined,
  });
  // Numbers as numbers, so that the table can be joined with those of lists.
  writer.append(results.map(({ id, state: of, detail = null }) => ({ id: toNumber(id), state: of, detail })));
  writer.finish(reason === undefined ? { state: 'complete' } : { state: 'partial', reason });
  return writer.table;
}

const toNumber = (id: string): number | string => (/^\d{1,15}$/.test(id) ? Number(id) : id);

/** In order, up to the first that is not sent. */
async function confirmSeveral(context: ToolContext, ids: readonly string[], signal: AbortSignal): Promise<CallResult> {
  const sent: { changeId: string; result: CallResult }[] = [];
  const several = { what: 'several', of: ids.length, sent, notes: [] } as const;
  for (const [index, changeId] of ids.entries()) {
    const rest = ids.slice(index + 1);
    const others: Advice[] = rest.length > 0 ? [{ kind: 'confirm_others', changeIds: rest }] : [];
    try {
      const result = await confirmOne(context, changeId, signal);
      if (result.what === 'prepared')
        return { ...several, state: 'part_sent', last: { changeId, result }, advice: [...result.advice, ...others] };
      // After a change of many records that is finished the next one follows, even if single records failed.
      if (result.what === 'many' && result.many.state !== 'finished')
        return { ...several, state: result.state, last: { changeId, result }, advice: result.advice };
      sent.push({ changeId, result });
    } catch (error) {
      // Not thrown: the error does not say what was sent before.
      if (sent.length === 0 || !(error instanceof Error)) throw error;
      const code = error instanceof GatewayError ? error.code : 'internal';
      return {
        ...several,
        state: 'part_sent',
        last: { changeId, error: { code, message: error.message } },
        advice: others,
      };
    }
  }
  return {
    ...several,
    state: sent.every(({ result: { state } }) => state === 'sent' || state === 'unchanged') ? 'sent' : 'part_sent',
    advice: [],
  };
}

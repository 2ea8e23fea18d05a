import type { Endpoint, Method } from '../../catalog/index.ts';
import {
  type Changes,
  type JournalEntry,
  type JournalState,
  journalStates,
  type PreparedChange,
  readAgain,
} from '../../changes/index.ts';
import { findDateRange } from '../../core/date-words.ts';
import { GatewayError } from '../../core/errors.ts';
import { readIsoTime } from '../../core/iso-time.ts';
import { defined, isRecord } from '../../core/json.ts';
import { dayMs, instantOfClock, type Zone } from '../../core/zone.ts';
import type { LocalEndpoint, LocalRequest } from './local-endpoints.ts';

/** An answer that is a prepared change, which is shown and confirmed like any other. */
export interface PreparedAnswer {
  prepared: PreparedChange;
}

export function isPreparedAnswer(answer: unknown): answer is PreparedAnswer {
  return isRecord(answer) && isRecord(answer.prepared) && typeof answer.prepared.changeId === 'string';
}

const idParameter = { name: 'id', location: 'path', required: true, type: 'string' } as const;

export interface ChangesParts {
  changes(): Promise<Changes>;
  /** Identifier of the user's own member, where it is known. */
  me(): Promise<string | undefined>;
  zone(): Promise<Zone>;
  now(): Date;
}

/** The changes that were prepared and sent, kept for 400 days, and how to discard and undo them. */
export function createChangesEndpoints(parts: ChangesParts): LocalEndpoint[] {
  const { changes } = parts;
  const undo = async ({ pathValues, signal }: LocalRequest): Promise<PreparedAnswer> => ({
    prepared: await (await changes()).prepareUndo(pathValues.id ?? '', signal),
  });
  return [
    {
      definition: define('GET', '/gateway/changes', 'What was changed: the changes sent and prepared, latest first', [
        { name: 'state', location: 'query', required: false, type: 'string', enum: journalStates },
        { name: 'member', location: 'query', required: false, type: 'string' },
        { name: 'day', location: 'query', required: false, type: 'string' },
        { name: 'limit', location: 'query', required: false, type: 'integer' },
        { name: 'part_of', location: 'query', required: false, type: 'string' },
      ]),
      async run({ query }) {
        const entries = await (await changes()).history({
          limit: readLimit(query.limit),
          ...defined({
            state: readState(query.state),
            member: await readMember(query.member, parts),
            betweenMs: await readDay(query.day, parts),
            partOf: query.part_of,
          }),
        });
        return { changes: entries.map(summarise), next: 'GET /gateway/changes/{id} shows all of one.' };
      },
    },
    {
      definition: define(
        'GET',
        '/gateway/changes/{id}',
        'One change, whole: its request, what it changed, how it ended',
        [idParameter],
      ),
      async run({ pathValues }) {
        const { getEntry, canUndo } = await changes();
        const entry = getEntry(pathValues.id ?? '');
        return describe(entry, canUndo(entry));
      },
    },
    {
      definition: define('DELETE', '/gateway/changes/{id}', 'Discard a prepared change, so that it cannot be sent', [
        idParameter,
      ]),
      run: async ({ pathValues }) => summarise((await changes()).discard(pathValues.id ?? '')),
    },
    {
      definition: define('POST', '/gateway/changes/{id}/undo', 'Undo a change: prepares its inverse', [idParameter]),
      run: undo,
    },
  ];
}

function define(method: Method, path: string, summary: string, parameters: Endpoint['parameters']) {
  return { method, path, module: 'gateway', category: 'Gateway', summary, parameters, status: 200 };
}

function readLimit(text: string | undefined): number {
  const limit = Number(text ?? 20);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 200) return limit;
  throw new GatewayError('invalid_argument', `limit ${JSON.stringify(text)} is not a whole number from 1 to 200.`, {
    details: { field: 'params/limit' },
  });
}

function readState(text: string | undefined): JournalState | undefined {
  if (text === undefined) return undefined;
  const state = journalStates.find((known) => known === text.toLowerCase());
  if (state !== undefined) return state;
  throw new GatewayError('invalid_argument', `state ${JSON.stringify(text)} is unknown.`, {
    details: { field: 'params/state', candidates: journalStates },
  });
}

/** `me` is the user, as in filters. */
async function readMember(text: string | undefined, { me }: ChangesParts): Promise<string | undefined> {
  if (text === undefined || !/^\{?me\}?$/i.test(text.trim())) return text?.trim();
  const member = await me();
  if (member !== undefined) return member;
  throw new GatewayError('invalid_argument', 'Whose changes "me" means is not known.', {
    hint: 'Ask the user for their member id in ConnectWise, then PUT /gateway/me {"member": "jdoe"}.',
    details: { field: 'params/member' },
  });
}

/** A day of the user's calendar, or words such as `yesterday` and `last 7 days`, as instants. */
async function readDay(text: string | undefined, parts: ChangesParts): Promise<readonly [number, number] | undefined> {
  if (text === undefined) return undefined;
  const zone = await parts.zone();
  const written = readIsoTime(text);
  if (written !== undefined && !written.hasTime)
    return [instantOfClock(written.clockMs, zone), instantOfClock(written.clockMs + dayMs, zone)];
  const range = findDateRange(text, parts.now().getTime(), zone);
  if (range !== undefined) return [range.startMs, range.endMs];
  throw new GatewayError('invalid_argument', `day ${JSON.stringify(text)} is not a day.`, {
    hint: 'Write one such as 2026-03-10, today, yesterday or last 7 days.',
    details: { field: 'params/day' },
  });
}

function summarise(entry: JournalEntry) {
  const { number, changeId, state, sentAt, preparedAt, member, sentence, undoneBy } = entry;
  return defined({
    number,
    state,
    at: sentAt ?? preparedAt,
    member,
    sentence,
    applied: describeApplied(entry),
    made: pathOfMade(entry),
    change_id: changeId,
    undone_by: undoneBy,
  });
}

/** Only where it is not what `sent` lets one expect. */
function describeApplied({ applied }: JournalEntry): string | undefined {
  if (applied === 'nothing') return 'NOTHING OF IT WAS APPLIED';
  return applied === 'part' ? 'NOT ALL OF IT WAS APPLIED' : undefined;
}

/** Where the record that was made can be read. */
function pathOfMade({ path, recordId }: JournalEntry): string | undefined {
  return recordId === undefined ? undefined : `${path.replace(/\/+$/, '')}/${recordId}`;
}

function describe(entry: JournalEntry, canUndo: boolean) {
  const { number, changeId, request, recordId, requestId, undoneBy, partOf, complete, applied: _, ...shown } = entry;
  const { method, path, state } = entry;
  return {
    number,
    change_id: changeId,
    ...shown,
    ...defined({
      request: { ...request },
      request_note: complete ? undefined : 'Secrets of the request are not kept.',
      applied: describeApplied(entry),
      record_id: recordId,
      made: pathOfMade(entry),
      request_id: requestId,
      part_of: partOf,
      undone_by: undoneBy,
      settle: state === 'unknown' ? `Read ${readAgain({ method, path, body: request.body })}.` : undefined,
      undo: canUndo ? `POST /gateway/changes/${changeId}/undo` : undefined,
    }),
  };
}

import type { Endpoint, Method } from '../../catalog/index.ts';
import type { PreparedChange } from '../../changes/change.ts';
import type { Changes } from '../../changes/changes.ts';
import { type JournalEntry, type JournalState, journalStates } from '../../changes/journal/journal.ts';
import { readAgain } from '../../changes/send-change.ts';
import { GatewayError } from '../../core/errors.ts';
import { defined, isRecord } from '../../core/json.ts';
import type { LocalEndpoint, LocalRequest } from './local-endpoints.ts';

/** An answer that is a prepared change, which is shown and confirmed like any other. */
export interface PreparedAnswer {
  prepared: PreparedChange;
}

export function isPreparedAnswer(answer: unknown): answer is PreparedAnswer {
  return isRecord(answer) && isRecord(answer.prepared) && typeof answer.prepared.changeId === 'string';
}

const idParameter = { name: 'id', location: 'path', required: true, type: 'string' } as const;

/** The changes that were prepared and sent, kept for 400 days, and their undo. */
export function createChangesEndpoints(changes: () => Promise<Changes>): LocalEndpoint[] {
  const undo = async ({ pathValues, signal }: LocalRequest): Promise<PreparedAnswer> => ({
    prepared: await (await changes()).prepareUndo(pathValues.id ?? '', signal),
  });
  return [
    {
      definition: define('GET', '/gateway/changes', 'What was changed: the changes prepared and sent, latest first', [
        { name: 'state', location: 'query', required: false, type: 'string', enum: journalStates },
        { name: 'limit', location: 'query', required: false, type: 'integer' },
        { name: 'part_of', location: 'query', required: false, type: 'string' },
      ]),
      async run({ query }) {
        const entries = await (await changes()).history({
          limit: readLimit(query.limit),
          ...defined({ state: readState(query.state), partOf: query.part_of }),
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
      run: async ({ pathValues }) => describe((await changes()).getEntry(pathValues.id ?? '')),
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

function summarise({ number, changeId, state, sentAt, preparedAt, sentence, undoneBy }: JournalEntry) {
  return defined({ number, state, at: sentAt ?? preparedAt, sentence, change_id: changeId, undone_by: undoneBy });
}

function describe(entry: JournalEntry) {
  const { number, changeId, request, recordId, requestId, undoneBy, partOf, complete, ...shown } = entry;
  const { method, path, state } = entry;
  return {
    number,
    change_id: changeId,
    ...shown,
    ...defined({
      request: { ...request },
      request_note: complete ? undefined : 'Secrets of the request are not kept.',
      record_id: recordId,
      request_id: requestId,
      part_of: partOf,
      undone_by: undoneBy,
      settle: state === 'unknown' ? `Read ${readAgain({ method, path, body: request.body })}.` : undefined,
      undo: state === 'sent' && undoneBy === undefined ? `POST /gateway/changes/${changeId}/undo` : undefined,
    }),
  };
}

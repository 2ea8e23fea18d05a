import * as z from 'zod';
import type { Endpoint, Method } from '../../catalog/index.ts';
import {
  type Changes,
  chainPath,
  type JournalEntry,
  type JournalState,
  journalStates,
  type PreparedChange,
  readAgainOf,
  type WriteRequest,
} from '../../changes/index.ts';
import { isWrite } from '../../connectwise/index.ts';
import { findDateRange } from '../../core/date-words.ts';
import { GatewayError } from '../../core/errors.ts';
import { readIsoTime } from '../../core/iso-time.ts';
import { defined, isRecord } from '../../core/json.ts';
import { dayMs, instantOfClock, type Zone } from '../../core/zone.ts';
import { checkSize, type EndpointContext, fillPath, parseMethod, parseParams, requireEndpoint } from '../calls/call.ts';
import type { LocalEndpoint, LocalRequest } from './local-endpoints.ts';

/** An answer that is a prepared change, which is shown and confirmed like any other. */
export interface PreparedAnswer {
  prepared: PreparedChange;
  /** Sent without a preview where mode and policy allow that. */
  atOnce?: true;
}

export function isPreparedAnswer(answer: unknown): answer is PreparedAnswer {
  return isRecord(answer) && isRecord(answer.prepared) && typeof answer.prepared.changeId === 'string';
}

const idParameter = { name: 'id', location: 'path', required: true, type: 'string' } as const;

export interface ChangesParts extends EndpointContext {
  changes(): Promise<Changes>;
  /** Identifier of the user's own member, where it is known. */
  me(): Promise<string | undefined>;
  zone(): Promise<Zone>;
  now(): Date;
}

/** The changes that were prepared and sent, kept for 400 days, how to discard and undo them, and several prepared as one. */
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
    {
      definition: {
        ...define('POST', chainPath, 'Prepare changes that depend on each other, to be approved and undone as one', []),
        body: { array: true, type: 'object', mediaType: 'application/json' },
      },
      run: async ({ body, signal }): Promise<PreparedAnswer> => ({
        prepared: await (await changes()).prepare(await readSteps(parts, body), signal),
        atOnce: true,
      }),
    },
  ];
}

function define(method: Method, path: string, summary: string, parameters: Endpoint['parameters']) {
  return { method, path, module: 'gateway', category: 'Gateway', summary, parameters, status: 200 };
}

const stepSchema = z.strictObject({
  method: z.string(),
  path: z.string().trim().min(1).max(2_000),
  params: z.looseObject({}).nullish(),
  data: z.unknown().optional(),
  body: z.unknown().optional(),
  strict: z.boolean().optional(),
});

/** Also in an envelope, as answers have theirs. */
const stepsSchema = z.union([z.array(stepSchema), z.strictObject({ changes: z.array(stepSchema) })]);

/**
 * Several writes as one, from `[{method, path, data}, …]`. `{change_1.id}` may be an id in a path, as anywhere else.
 * @throws GatewayError `invalid_body` for another form; what reading the path of a step met, with its number
 */
async function readSteps(context: EndpointContext, body: unknown): Promise<WriteRequest> {
  const parsed = stepsSchema.safeParse(body);
  if (!parsed.success) {
    throw new GatewayError('invalid_body', `POST ${chainPath} takes a list of changes.`, {
      details: { field: 'data' },
      hint: 'Give data as [{"method": "POST", "path": "/company/contacts", "data": {…}}, {"method": "POST", "path": "/service/tickets", "data": {"contact": "{change_1.id}", …}}]; {change_1.id} is the id that the first one makes.',
    });
  }
  const given = Array.isArray(parsed.data) ? parsed.data : parsed.data.changes;
  checkSize({ data: given });
  const steps = await Promise.all(
    given.map((step, index) =>
      readStep(context, step).catch((error: unknown) => {
        if (!(error instanceof GatewayError)) throw error;
        const { code, message, details, next } = error;
        throw new GatewayError(code, `Change ${index + 1}: ${message}`, { details, hint: next, cause: error });
      }),
    ),
  );
  return { method: 'POST', path: chainPath, steps };
}

async function readStep(context: EndpointContext, step: z.infer<typeof stepSchema>): Promise<WriteRequest> {
  const { params, data, body, strict } = step;
  const method = parseMethod(step.method);
  // A number of twenty digits in place of the id while the path is read; ids have fewer.
  const numbered = (text: string) =>
    text.replace(/\{change_(\d{1,3})\.id\}/gi, (_, number: string) => `1${number.padStart(3, '0')}${'0'.repeat(16)}`);
  const named = (text: string) =>
    text.replace(/1(\d{3})0{16}/g, (_, number: string) => `{change_${Number(number)}.id}`);
  const target = await requireEndpoint(context, method, numbered(step.path));
  if (method === 'GET' || !isWrite(method, target.path) || target.endpoint.module === 'gateway') {
    throw new GatewayError('invalid_argument', `${method} ${step.path} is not a change of ConnectWise.`, {
      details: { field: 'path' },
      hint: 'Call it by itself.',
    });
  }
  const given = Object.entries({ ...target.query, ...parseParams(params ?? {}) });
  const { path, query } = fillPath(
    target.path,
    Object.fromEntries(given.map(([name, text]) => [name, numbered(text)])),
  );
  const asked = Object.fromEntries(Object.entries(query).map(([name, text]) => [name, named(text)]));
  return defined<WriteRequest>({ method, path: named(path), query: asked, body: data ?? body, strict });
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
  const { state } = entry;
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
      settle: state === 'unknown' ? `Read ${readAgainOf(entry)}.` : undefined,
      undo: canUndo ? `POST /gateway/changes/${changeId}/undo` : undefined,
    }),
  };
}

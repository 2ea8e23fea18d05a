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
import { GatewayError } from '../../core/errors.ts';
import { defined, isRecord } from '../../core/json.ts';
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
}

/** The changes that were prepared and sent, kept for 400 days, and their undo; and several changes prepared as one. */
export function createChangesEndpoints({ changes, ...context }: ChangesParts): LocalEndpoint[] {
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
      definition: {
        ...define('POST', chainPath, 'Prepare changes that depend on each other, to be approved and undone as one', []),
        body: { array: true, type: 'object', mediaType: 'application/json' },
      },
      run: async ({ body, signal }): Promise<PreparedAnswer> => ({
        prepared: await (await changes()).prepare(await readSteps(context, body), signal),
        atOnce: true,
      }),
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

function summarise({ number, changeId, state, sentAt, preparedAt, sentence, undoneBy }: JournalEntry) {
  return defined({ number, state, at: sentAt ?? preparedAt, sentence, change_id: changeId, undone_by: undoneBy });
}

function describe(entry: JournalEntry) {
  const { number, changeId, request, recordId, requestId, undoneBy, partOf, complete, ...shown } = entry;
  const { state } = entry;
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
      settle: state === 'unknown' ? `Read ${readAgainOf(entry)}.` : undefined,
      undo: state === 'sent' && undoneBy === undefined ? `POST /gateway/changes/${changeId}/undo` : undefined,
    }),
  };
}

import type { Method } from '../catalog/endpoint.ts';
import { isRead } from '../changes/reading-posts.ts';
import { GatewayError } from '../errors.ts';
import type { SavedQuery } from '../memory/saved-query.ts';
import { type CallOutput, renderAnswer } from './call-output.ts';
import { checkBodySize, parseParams } from './inputs.ts';
import { listOutput } from './list-output.ts';
import { fillPath, type Target } from './require-endpoint.ts';
import type { ToolContext } from './tool.ts';
import { writeOutput } from './write-output.ts';

export interface Call {
  target: Target;
  /** As given; absent when the caller gave none, which lets a saved query fill them. */
  params?: Readonly<Record<string, unknown>>;
  data?: unknown;
}

/** A request below the API root, ready to send. */
export interface ReadRequest {
  method: Method;
  path: string;
  query: Record<string, string>;
  body?: unknown;
}

/** Calls an endpoint: reads are sent, writes are prepared, `/gateway` runs here. */
export async function callEndpoint(context: ToolContext, call: Call, signal: AbortSignal): Promise<CallOutput> {
  const { target, data } = call;
  checkBodySize(data);
  const { path, query } = fillPath(target.path, { ...target.query, ...parseParams(call.params ?? {}) });
  if (target.endpoint?.module === 'gateway') return callLocal(context, target, { path, query, data }, signal);
  const request: ReadRequest = { method: target.method, path, query, ...(data === undefined ? {} : { body: data }) };
  if (isRead(request.method, request.path)) return read(context, call, request, signal);
  return writeOutput(context, { ...request, method: toWriteMethod(request.method) }, signal);
}

/** `isRead` holds for every GET. */
function toWriteMethod(method: Method): Exclude<Method, 'GET'> {
  if (method === 'GET') throw new GatewayError('internal', 'A GET was taken for a write.');
  return method;
}

interface LocalCall {
  path: string;
  query: Record<string, string>;
  data: unknown;
}

async function callLocal(
  context: ToolContext,
  target: Target,
  { query, data }: LocalCall,
  signal: AbortSignal,
): Promise<CallOutput> {
  const template = target.endpoint?.path ?? target.path;
  const answer = await context.local.run(target.method, template, {
    pathValues: target.pathValues,
    query,
    body: data,
    signal,
  });
  return { outcome: `${target.method} ${template}, answered by the gateway itself.`, answer };
}

async function read(context: ToolContext, call: Call, asked: ReadRequest, signal: AbortSignal): Promise<CallOutput> {
  if (asked.method === 'GET' && asked.body !== undefined) {
    throw new GatewayError('invalid_argument', 'A GET has no body, and data was given.', {
      details: { field: 'data' },
      hint: 'Put filters into params; or name the method that data is for.',
    });
  }
  const saved = await findFilter(context, call, asked);
  const request = saved ? { ...asked, query: { ...asked.query, ...saved.params } } : asked;
  const client = await context.client();
  const answer = await client.send(request, signal);
  const output = Array.isArray(answer.body)
    ? await listOutput({ context, client, request, answer, signal })
    : renderAnswer(request, answer);
  if (saved) {
    (await context.memory()).countUse(saved.id);
    return {
      ...output,
      outcome: `FILTERED by saved query ${saved.id} (“${saved.description}”; params {} opts out). ${output.outcome}`,
    };
  }
  const offer = await offerToSave(context, call, request);
  return offer ? { ...output, notes: [...(output.notes ?? []), offer] } : output;
}

/** The one saved query of this endpoint, where the caller gave nothing that says otherwise. */
async function findFilter(
  context: ToolContext,
  { target, params }: Call,
  request: ReadRequest,
): Promise<SavedQuery | undefined> {
  const bare = request.method === 'GET' && params === undefined && Object.keys(target.query).length === 0;
  if (!bare) return undefined;
  const [only, ...others] = (await context.memory()).findFor('GET', request.path);
  return only && others.length === 0 && only.params !== undefined ? only : undefined;
}

/** One line, at the second success of a shape of call, where nothing like it is saved. */
async function offerToSave(
  context: ToolContext,
  { target }: Call,
  { method, path, query, body }: ReadRequest,
): Promise<string | undefined> {
  const names = Object.keys(query).sort();
  const shape = `${method} ${target.endpoint?.path ?? path} ${names.join(',')}`;
  if ((await context.learning.countSuccess(target.endpoint, shape)) !== 2) return undefined;
  if (names.length === 0 && body === undefined) return undefined;
  const parts = [`path ${JSON.stringify(path)}`, `method ${JSON.stringify(method)}`, `params ${JSON.stringify(query)}`];
  if (body !== undefined) parts.push(`data ${JSON.stringify(body)}`);
  const args = parts.join(', ');
  return `This worked twice. To keep it: save_to_fast_memory with ${args.length <= 400 ? args : 'the same path, method, params and data'} and a description.`;
}

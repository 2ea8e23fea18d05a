import type { Method } from '../../catalog/index.ts';
import type { ConnectWiseRequest } from '../../connectwise/client.ts';
import { isWrite } from '../../connectwise/is-write.ts';
import { GatewayError } from '../../core/errors.ts';
import { isPreparedAnswer } from '../local/changes.ts';
import { checkSize, parseParams } from '../tools/inputs.ts';
import type { ToolContext } from '../tools/tool.ts';
import { readEndpoint } from './read.ts';
import type { ListScope } from './read-list.ts';
import type { CallResult } from './result.ts';
import { fillAllButLast, fillPath, type Target } from './target.ts';
import { preparedResult, writeOutput } from './write.ts';

export interface Call {
  target: Target;
  /** As given; absent when the caller gave none, which lets a saved query fill them. */
  params?: Readonly<Record<string, unknown>>;
  data?: unknown;
  /** Whether conditions, fields and bodies are checked before they are sent. */
  strict: boolean;
  /** How far lists are read: one page, unless told. */
  scope?: ListScope;
  /** One SELECT over the rows of a list, as `it`. */
  sql?: string;
  /** Tokens that the reply to a list may take. */
  maxTokens?: number;
  /** For a terminal or a file: waits until a list is read to its end, and cuts no record for a model. */
  whole?: true;
}

/** Calls an endpoint: reads are sent, writes are prepared, `/gateway` runs here. */
export async function callEndpoint(context: ToolContext, call: Call, signal: AbortSignal): Promise<CallResult> {
  const { target, params, data } = call;
  checkSize({ params, data });
  const given = { ...target.query, ...parseParams(params ?? {}) };
  const { path, query } = call.scope?.parents ? fillAllButLast(target.path, given) : fillPath(target.path, given);
  if (target.endpoint?.module === 'gateway') return callLocal(context, target, { path, query, data }, signal);
  const request: ConnectWiseRequest = {
    method: target.method,
    path,
    query,
    ...(data === undefined ? {} : { body: data }),
  };
  if (!isWrite(request.method, request.path)) return readEndpoint(context, call, request, signal);
  const forEach = call.scope?.parents;
  const write = { ...request, method: toWriteMethod(request.method), strict: call.strict };
  return writeOutput(context, forEach === undefined ? write : { ...write, forEach }, signal);
}

/** No GET writes. */
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
): Promise<CallResult> {
  const template = target.endpoint?.path ?? target.path;
  const answer = await context.local.run(target.method, template, {
    pathValues: target.pathValues,
    query,
    body: data,
    signal,
  });
  if (isPreparedAnswer(answer)) return preparedResult(context, answer.prepared);
  const endpoint = `${target.method} ${template}`;
  return { what: 'local', state: 'complete', endpoint, value: answer, notes: [], advice: [] };
}

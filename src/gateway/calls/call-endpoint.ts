import type { Method } from '../../catalog/index.ts';
import { type ConnectWiseRequest, isWrite } from '../../connectwise/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { defined } from '../../core/json.ts';
import { isPreparedAnswer } from '../local/changes.ts';
import type { ToolContext } from '../tools/tool.ts';
import { bodyOf, type Call, checkSize, fillAllButLast, fillPath, parseParams } from './call.ts';
import { writeForRows } from './for-each.ts';
import { readEndpoint } from './read.ts';
import type { CallResult } from './result.ts';
import { orUnchanged, preparedResult, sendIfAllowed, writeEndpoint } from './write.ts';

/**
 * Calls an endpoint: a read is sent, a write is prepared, and what is under `/gateway` runs in this process.
 * @throws GatewayError for whatever keeps the call from an answer; its code says what
 */
export async function callEndpoint(context: ToolContext, call: Call, signal: AbortSignal): Promise<CallResult> {
  const result = await callWith(context, call, signal);
  const { note } = call.target;
  return note === undefined ? result : { ...result, notes: [note, ...result.notes] };
}

async function callWith(context: ToolContext, call: Call, signal: AbortSignal): Promise<CallResult> {
  const { target, params, scope, strict } = call;
  const data = bodyOf(target.method, call.data);
  checkSize({ params, data });
  if (scope?.parents && isWrite(target.method, target.path) && target.endpoint?.module !== 'gateway') {
    const method = toWriteMethod(target.method);
    const write = writeForRows({ target, params: params ?? {}, data }, scope);
    return writeEndpoint(context, { ...write, method, strict }, signal);
  }
  const given = { ...target.query, ...parseParams(params ?? {}) };
  const { path, query } = scope?.parents ? fillAllButLast(target.path, given) : fillPath(target.path, given);
  const request = defined<ConnectWiseRequest>({ method: target.method, path, query, body: data });
  if (target.endpoint?.module === 'gateway') return callLocal(context, call, query, signal);
  if (!isWrite(request.method, path)) return readEndpoint(context, call, request, signal);
  return writeEndpoint(context, { ...request, method: toWriteMethod(request.method), strict }, signal);
}

/** What the types cannot know: a GET never writes. */
function toWriteMethod(method: Method): Exclude<Method, 'GET'> {
  if (method === 'GET') throw new GatewayError('internal', 'A GET was taken for a write.');
  return method;
}

async function callLocal(
  context: ToolContext,
  { target, data }: Call,
  query: Record<string, string>,
  signal: AbortSignal,
): Promise<CallResult> {
  const { method, pathValues } = target;
  const template = target.endpoint?.path ?? target.path;
  return orUnchanged(async () => {
    const keeps = context.keeps();
    const answer = await context.local.run(method, template, { pathValues, query, body: data, signal, keeps });
    if (isPreparedAnswer(answer)) {
      const { prepared, atOnce } = answer;
      return atOnce ? sendIfAllowed(context, prepared, signal) : preparedResult(context, prepared);
    }
    return {
      what: 'local',
      state: 'complete',
      endpoint: `${method} ${template}`,
      value: answer,
      notes: [],
      advice: [],
    };
  });
}

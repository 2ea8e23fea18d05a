import { findInfoPath, type Twin, twinOf, unlistedNote } from '../../catalog/index.ts';
import type { ConnectWiseRequest } from '../../connectwise/index.ts';
import { GatewayError } from '../../core/errors.ts';
import type { ToolContext } from '../tools/tool.ts';
import type { Target } from './call.ts';

interface Missed {
  target: Pick<Target, 'endpoint'>;
  request: Pick<ConnectWiseRequest, 'method' | 'path'>;
  signal: AbortSignal;
}

interface Explained {
  /** What the call met, with what the catalog and one look at the twin add to it. */
  error: unknown;
  /** Where the record is instead. */
  twin?: Twin;
}

/** A failure of a call, with where the record, the operation or the right to it may be instead. */
export async function explainMissing(context: ToolContext, error: unknown, missed: Missed): Promise<Explained> {
  if (!(error instanceof GatewayError)) return { error };
  const { target, request, signal } = missed;
  const { method, path } = request;
  switch (error.code) {
    case 'record_not_found':
      return explainNumber(context, error, request, signal);
    case 'unknown_endpoint': {
      if (error.details.status !== 404) return { error };
      if (target.endpoint?.unlisted) return { error: withMore(error, unlistedNote) };
      // CW 5.5.7
      if (!/\/allNotes$/i.test(path)) return { error };
      const plain = path.replace(/\/allNotes$/i, '/notes');
      return {
        error: withHint(error, `Older servers lack it: ${plain} has the notes, without those of time entries.`),
      };
    }
    case 'permission_denied': {
      const info = method === 'GET' ? findInfoPath(await context.catalog(), path) : undefined;
      return { error: info === undefined ? error : withMore(error, `GET ${info} needs fewer rights.`) };
    }
    default:
      return { error };
  }
}

async function explainNumber(
  context: ToolContext,
  error: GatewayError,
  { method, path }: Missed['request'],
  signal: AbortSignal,
): Promise<Explained> {
  const twin = twinOf(path);
  if (twin?.number === undefined) return { error };
  const { number, noun, ownNoun, record } = twin;
  if (!twin.sameNumbers) {
    const list = record.slice(0, record.lastIndexOf('/'));
    return {
      error: withHint(error, `The number is that of a ${ownNoun}; GET ${list} has each ${noun}, by other numbers.`),
    };
  }
  const found = await (await context.lookups()).findTwin(path, signal);
  if (found === undefined) return { error: withMore(error, `Nor is ${number} a ${noun} (${record}).`) };
  const hasPath = (await context.catalog()).findEndpoint(method, twin.path) !== undefined;
  const message = `${error.message} ${number} is a ${noun}.`;
  const hint = hasPath
    ? `Call again with ${method} ${twin.path}.`
    : `There is no ${method} ${twin.path}; GET ${record} reads the ${noun}.`;
  const { code, details } = error;
  return { error: new GatewayError(code, message, { hint, details, cause: error }), ...(hasPath && { twin: found }) };
}

function withHint({ code, message, details, cause }: GatewayError, hint: string): GatewayError {
  return new GatewayError(code, message, { hint, details, cause });
}

/** The next step stays as it is. */
function withMore({ code, message, next, details, cause }: GatewayError, more: string): GatewayError {
  return new GatewayError(code, `${message} ${more}`, { hint: next, details, cause });
}

import { Transform } from 'node:stream';
import { isJSONRPCNotification, isJSONRPCRequest, isJSONRPCResponse } from '@modelcontextprotocol/server';
import { isRecord, readJson } from '../core/json.ts';

/** An error of JSON-RPC for a line that the protocol library cannot read, and would leave unanswered. */
export interface LineError {
  jsonrpc: '2.0';
  id: string | number;
  error: { code: number; message: string };
}

/** As many as the protocol library reads before it gives a line up. */
const maxLineBytes = 10 * 1024 * 1024;

/**
 * Messages on their way from stdin to the protocol library, each line with what its client certainly meant: without the
 * members that are null, which serializers write for those left out, and with arguments as an object where they came as
 * JSON text. Lines that are right pass as they came.
 * @param answer gets the error for a line that nobody can read and that has an id, so that its client does not wait
 */
export function createLineRepair(answer: (error: LineError) => void): Transform {
  let pieces: Buffer[] = [];
  let bytes = 0;
  const take = (): Buffer => {
    const line = Buffer.concat(pieces);
    pieces = [];
    bytes = 0;
    return line;
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const whole: Buffer[] = [];
      let start = 0;
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
        pieces.push(chunk.subarray(start, end + 1));
        whole.push(repairLine(take(), answer));
        start = end + 1;
      }
      if (start < chunk.length) pieces.push(chunk.subarray(start));
      bytes += chunk.length - start;
      // The library ends the connection at a line that is longer; it has to see that.
      if (bytes > maxLineBytes) whole.push(take());
      done(null, Buffer.concat(whole));
    },
    flush: (done) => done(null, take()),
  });
}

function repairLine(line: Buffer, answer: (error: LineError) => void): Buffer {
  const text = line.toString('utf8').trim();
  if (text === '') return line;
  const given = readJson(text);
  if (given === undefined) {
    const id = idInText(text);
    if (id !== undefined) answer(errorFor(id, -32700, 'Parse error: the line is not JSON.'));
    return line;
  }
  const message = repairMessage(given);
  if (!isReadable(message) && isRecord(message) && !('result' in message) && !('error' in message)) {
    const { id } = message;
    if (typeof id === 'string' || typeof id === 'number') answer(errorFor(id, -32600, describeFault(message)));
    return line;
  }
  return message === given ? line : Buffer.from(`${JSON.stringify(message)}\n`);
}

const isReadable = (message: unknown): boolean =>
  isJSONRPCRequest(message) || isJSONRPCNotification(message) || isJSONRPCResponse(message);

const errorFor = (id: string | number, code: number, message: string): LineError => ({
  jsonrpc: '2.0',
  id,
  error: { code, message },
});

function describeFault({ jsonrpc, method, id, params }: Record<string, unknown>): string {
  if (jsonrpc !== '2.0') return 'Invalid Request: jsonrpc must be "2.0".';
  if (typeof method !== 'string') return 'Invalid Request: method must be a text.';
  if (typeof id === 'number' && !Number.isSafeInteger(id)) return 'Invalid Request: id must be a text or an integer.';
  if (params !== undefined && !isRecord(params)) return 'Invalid Request: params must be an object.';
  return 'Invalid Request: a member of the message has the wrong type.';
}

/** The id of a line that is not JSON, where clients write it: first, after jsonrpc, or last. */
function idInText(text: string): string | number | undefined {
  const [, first, last] =
    /^\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*("(?:[^"\\]|\\.)*"|-?\d{1,15})\s*,/.exec(text) ??
    /^()\{.*"jsonrpc"\s*:\s*"2\.0"\s*,\s*"id"\s*:\s*("(?:[^"\\]|\\.)*"|-?\d{1,15})\s*\}$/s.exec(text) ??
    [];
  const id = readJson(first || last || '');
  return typeof id === 'string' || typeof id === 'number' ? id : undefined;
}

/** The same value where nothing was to be repaired. */
function repairMessage(message: unknown): unknown {
  if (!isRecord(message) || typeof message.method !== 'string') return message;
  const { params } = message;
  const members = withoutNulls(message);
  if (!isRecord(params)) return members;
  const { arguments: given, ...others } = params;
  const object = typeof given === 'string' ? readArguments(given) : given;
  // Those of a prompt are texts; a tool may be given null, which it reads as left out.
  const read = message.method === 'prompts/get' && isRecord(object) ? withoutNulls(object) : object;
  const repaired = withoutNulls(others, deepest);
  if (repaired === others && read === given && given !== null) return members;
  return { ...members, params: { ...repaired, ...(read !== null && read !== undefined && { arguments: read }) } };
}

/** Arguments that some hosts send as JSON text; any other text stays, and the library refuses it. */
function readArguments(text: string): unknown {
  if (text.trim() === '') return undefined;
  const read = readJson(text);
  return isRecord(read) || read === null ? read : text;
}

/** Levels of a message in which nulls are looked for: capabilities and the envelope have no more. */
const deepest = 4;

/** The record without members that are null, down to `levels`; the same record where it has none. */
function withoutNulls(record: Record<string, unknown>, levels = 1): Record<string, unknown> {
  let changed = false;
  const kept = Object.entries(record).flatMap(([name, value]) => {
    const inner = isRecord(value) && levels > 1 ? withoutNulls(value, levels - 1) : value;
    changed ||= inner !== value || value === null;
    return value === null ? [] : [[name, inner] as const];
  });
  return changed ? Object.fromEntries(kept) : record;
}

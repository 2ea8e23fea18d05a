import { GatewayError } from '../../src/core/errors.ts';
import { jsonAnswer } from '../answer.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { Trouble } from './trouble.ts';
import {
  noTrouble,
  parseFaults,
  parseLatency,
  renderFaults,
  renderLatency,
  type TroubleSettings,
} from './trouble-settings.ts';

/** Not below the API root, so that no endpoint of ConnectWise can ever be hidden by it. */
const controlPath = '/sandbox/faults';

/**
 * Answers the control endpoint: GET shows what goes wrong, POST sets it anew, DELETE ends it; undefined for any other
 * request. It asks for no keys, as those of the sandbox are no secret.
 */
export async function controlTrouble(trouble: Trouble, request: Request, url: URL): Promise<Response | undefined> {
  if (url.pathname !== controlPath) return undefined;
  if (request.method === 'DELETE') trouble.change(noTrouble);
  else if (request.method === 'POST') {
    try {
      trouble.change(readSettings(await request.text()));
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      return jsonAnswer(400, { code: 'InvalidObject', message: error.message });
    }
  } else if (request.method !== 'GET') return jsonAnswer(405, { message: 'GET, POST or DELETE.' });
  return jsonAnswer(200, show(trouble));
}

function show(trouble: Trouble): JsonObject {
  const { latency, faults, requestsPerMinute, slowTextRows } = trouble.settings();
  return {
    latency: latency === undefined ? null : renderLatency(latency),
    fault: renderFaults(faults),
    requestsPerMinute: requestsPerMinute ?? null,
    slowTextRows: slowTextRows ?? null,
    struck: trouble.counts(),
  };
}

const members = ['latency', 'fault', 'requestsPerMinute', 'slowTextRows'];

/** The same words as the flags of the command line; what is not named is off. */
function readSettings(text: string): TroubleSettings {
  const body = parse(text);
  const unknown = Object.keys(body).find((name) => !members.includes(name));
  if (unknown !== undefined)
    throw new GatewayError('usage', `${unknown} is not a setting; there are ${members.join(', ')}.`);
  const latency = readText(body, 'latency');
  return {
    latency: latency === undefined ? undefined : parseLatency(latency),
    faults: parseFaults(readText(body, 'fault') ?? ''),
    requestsPerMinute: readCount(body, 'requestsPerMinute'),
    slowTextRows: readCount(body, 'slowTextRows'),
  };
}

function readText(body: JsonObject, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw new GatewayError('usage', `${name} ${JSON.stringify(value)} is not a text.`);
}

function readCount(body: JsonObject, name: string): number | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw new GatewayError('usage', `${name} ${JSON.stringify(value)} is not a whole number from 0 on.`);
}

function parse(text: string): JsonObject {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  if (isObject(body)) return body;
  throw new GatewayError('usage', `The body must be an object with some of ${members.join(', ')}.`);
}

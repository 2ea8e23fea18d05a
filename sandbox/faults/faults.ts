import { GatewayError } from '../../src/core/errors.ts';
import { isObject, type JsonObject } from '../json.ts';
import { jsonAnswer } from '../server/answer.ts';
import {
  type Fault,
  type FaultKind,
  type FaultSettings,
  faultKinds,
  noFaults,
  parseFaults,
  parseLatency,
  renderFaults,
  renderLatency,
  tooManyRequests,
} from './fault-settings.ts';

export interface FaultParts {
  settings?: FaultSettings | undefined;
  /** From 0 up to 1. */
  random(): number;
  wait(ms: number): Promise<void>;
  /** Milliseconds that only go forward. */
  clock(): number;
}

/** Fault injection: latency, faults, the rate limit. Its settings can change while the sandbox runs. */
export interface FaultInjection {
  settings(): FaultSettings;
  change(settings: FaultSettings): void;
  /** How often each fault has struck. */
  counts(): Readonly<Record<string, number>>;
  /**
   * Waits, then gives the answer of a fault that strikes this request; undefined where none does.
   * @throws GatewayError `unreachable` that `isReset` knows, for a connection that must break
   */
  strike(method: string, path: string): Promise<Response | undefined>;
}

export function createFaultInjection({ settings = noFaults, random, wait, clock }: FaultParts): FaultInjection {
  let current = settings;
  const counts = new Map<FaultKind, number>();
  const limit = createRateLimit(clock);
  return {
    settings: () => current,
    change(next) {
      current = next;
      counts.clear();
    },
    counts: () => Object.fromEntries(counts),
    async strike(method, path) {
      const { latency, faults, requestsPerMinute } = current;
      if (latency !== undefined) await wait(latency.ms + (random() * 2 - 1) * latency.spreadMs);
      if (requestsPerMinute !== undefined && !limit.admit(requestsPerMinute)) return tooManyRequests();
      const fault = faults.find((one) => isAbout(one, method, path) && random() < one.probability);
      if (fault === undefined) return undefined;
      counts.set(fault.kind, (counts.get(fault.kind) ?? 0) + 1);
      const answer = faultKinds[fault.kind];
      if (answer === undefined) throw connectionReset();
      return answer();
    },
  };
}

function isAbout({ method, path }: Fault, asked: string, askedPath: string): boolean {
  return (method === undefined || method === asked) && (path === undefined || askedPath.startsWith(path));
}

function connectionReset(): GatewayError {
  return new GatewayError('unreachable', 'The sandbox broke the connection, as its settings ask.', {
    details: { reset: true },
  });
}

/** Whether an error means that the connection must break without an answer. */
export function isReset(error: unknown): boolean {
  return error instanceof GatewayError && error.details.reset === true;
}

const minuteMs = 60_000;

/** Counts the requests of the last minute; refused ones do not count. */
interface RateLimit {
  /** Whether one more request stays within `most` a minute; it is counted if so. */
  admit(most: number): boolean;
}

function createRateLimit(clock: () => number): RateLimit {
  let times: number[] = [];
  let first = 0;
  return {
    admit(most) {
      const now = clock();
      while (first < times.length && (times[first] ?? now) <= now - minuteMs) first += 1;
      if (times.length - first >= most) return false;
      // Old entries are dropped in bulk, so that not every request copies the list.
      if (first > 1000) {
        times = times.slice(first);
        first = 0;
      }
      times.push(now);
      return true;
    },
  };
}

/** Outside the API root, so that it cannot hide an endpoint of ConnectWise. */
const controlPath = '/sandbox/faults';

/**
 * Answers the control endpoint: GET shows the settings, POST replaces them, DELETE ends all faults; undefined for any other
 * request. It needs no keys, as those of the sandbox are public.
 */
export async function controlFaults(faults: FaultInjection, request: Request, url: URL): Promise<Response | undefined> {
  if (url.pathname !== controlPath) return undefined;
  if (request.method === 'DELETE') faults.change(noFaults);
  else if (request.method === 'POST') {
    try {
      faults.change(readSettings(await request.text()));
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      return jsonAnswer(400, { code: 'InvalidObject', message: error.message });
    }
  } else if (request.method !== 'GET') return jsonAnswer(405, { message: 'GET, POST or DELETE.' });
  return jsonAnswer(200, show(faults));
}

function show(injection: FaultInjection): JsonObject {
  const { latency, faults, requestsPerMinute, slowTextRows } = injection.settings();
  return {
    latency: latency === undefined ? null : renderLatency(latency),
    fault: renderFaults(faults),
    requestsPerMinute: requestsPerMinute ?? null,
    slowTextRows: slowTextRows ?? null,
    struck: injection.counts(),
  };
}

const members = ['latency', 'fault', 'requestsPerMinute', 'slowTextRows'];

/** The same forms as the flags of the command line; settings that are not named are off. */
function readSettings(text: string): FaultSettings {
  const body = parse(text);
  const unknown = Object.keys(body).find((name) => !members.includes(name));
  if (unknown !== undefined)
    throw new GatewayError('usage', `Unknown setting ${unknown}. Valid: ${members.join(', ')}.`);
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
  throw new GatewayError('usage', `${name} ${JSON.stringify(value)} is not a string.`);
}

function readCount(body: JsonObject, name: string): number | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw new GatewayError('usage', `${name} ${JSON.stringify(value)} is not a whole number of 0 or more.`);
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

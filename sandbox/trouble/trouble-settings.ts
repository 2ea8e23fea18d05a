import { type Method, methods } from '../../src/catalog/index.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { type FaultKind, faultKinds, isFaultKind } from './fault-kinds.ts';

/** A wait before each answer: between `ms - spreadMs` and `ms + spreadMs`. */
export interface Latency {
  ms: number;
  spreadMs: number;
}

/** A fault with the share of requests it hits; where one names them, only of a method or below a path. */
export interface Fault {
  kind: FaultKind;
  probability: number;
  method?: Method;
  path?: string;
}

/** What goes wrong besides what ConnectWise would refuse anyway. All of it is off unless set. */
export interface TroubleSettings {
  latency?: Latency | undefined;
  faults: readonly Fault[];
  /** Requests in any minute before 429 (CW 4.3.1 documents 1,000). */
  requestsPerMinute?: number | undefined;
  /** Lists of more records than this time out where text is searched and nothing else bounds them (CW 2.2.16). */
  slowTextRows?: number | undefined;
}

export const noTrouble: TroubleSettings = { faults: [] };

const mostLatencyMs = 120_000;

/** @throws GatewayError `usage` for anything but `150ms`, `150ms±50` or `150ms+-50` */
export function parseLatency(text: string): Latency {
  const [, ms = '', spread = '0'] = /^(\d{1,6})(?:ms)?(?:(?:±|\+-)(\d{1,6})(?:ms)?)?$/.exec(text.trim()) ?? [];
  const latency = { ms: Number(ms), spreadMs: Number(spread) };
  if (ms !== '' && latency.ms <= mostLatencyMs && latency.spreadMs <= latency.ms) return latency;
  throw new GatewayError(
    'usage',
    `Latency ${JSON.stringify(text)} is not of the form 150ms or 150ms±50, at most ${mostLatencyMs} ms.`,
  );
}

export function renderLatency({ ms, spreadMs }: Latency): string {
  return spreadMs === 0 ? `${ms}ms` : `${ms}ms±${spreadMs}`;
}

/**
 * Reads `429:0.05,reset:0.01`; groups for one method or path stand behind a semicolon:
 * `503:0.02; POST /service/tickets 500:1`.
 * @throws GatewayError `usage` that names what is wrong and the kinds there are
 */
export function parseFaults(text: string): Fault[] {
  return text
    .split(';')
    .filter((group) => group.trim() !== '')
    .flatMap(parseGroup);
}

function parseGroup(group: string): Fault[] {
  const words = group.trim().split(/\s+/);
  const list = words.pop() ?? '';
  const where: Pick<Fault, 'method' | 'path'> = {};
  for (const word of words) {
    const method = methods.find((one) => one === word.toUpperCase());
    if (method !== undefined) where.method = method;
    else if (word.startsWith('/')) where.path = word.toLowerCase();
    else throw new GatewayError('usage', `Fault ${JSON.stringify(group.trim())}: ${word} is no method and no path.`);
  }
  return list.split(',').map((entry) => ({ ...parseFault(entry), ...where }));
}

function parseFault(entry: string): Pick<Fault, 'kind' | 'probability'> {
  const [kind = '', share = ''] = entry.split(':');
  const probability = Number(share);
  if (isFaultKind(kind) && share !== '' && probability >= 0 && probability <= 1) return { kind, probability };
  throw new GatewayError(
    'usage',
    `Fault ${JSON.stringify(entry)} is not KIND:SHARE with a share from 0 to 1 and one of the kinds ${Object.keys(faultKinds).join(', ')}.`,
  );
}

export function renderFaults(faults: readonly Fault[]): string {
  return faults
    .map(({ kind, probability, method, path }) =>
      [method, path, `${kind}:${probability}`].filter((part) => part !== undefined).join(' '),
    )
    .join('; ');
}

import { mapAtOnce } from '../../core/async.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Wire } from '../wire.ts';
import { accessProbes } from './access-probes.ts';
import { createLive, type Finding, type Probe, unknown } from './probe.ts';
import { conditionProbes, listProbes } from './query-probes.ts';
import { jobProbes, recordProbes } from './record-probes.ts';

/** A finding with what it is about. */
export interface Probed extends Finding {
  fact: string;
  question: string;
}

export interface ProbeOptions {
  signal?: AbortSignal | undefined;
  /** Called with each finding, in the order of the facts. */
  onFinding?(probed: Probed): void;
}

/**
 * Checks on a live system every fact that reading can settle. Requests go one or two at a time, since others work on the
 * same system.
 * @throws GatewayError `cancelled`, and the failure that a rejected login gets
 */
export async function runProbes(
  wire: Wire,
  { signal, onFinding }: ProbeOptions = {},
  asked: readonly Probe[] = probes,
): Promise<Probed[]> {
  const live = createLive(wire, signal);
  // With a rejected login every probe would fail, one after the other at its time limit.
  const { failure } = await live.read({ path: '/system/info' });
  if (failure !== undefined) throw failure;
  const found: Probed[] = [];
  let reported = 0;
  return mapAtOnce(asked, 2, async (probe, index) => {
    const { fact, question } = probe;
    const probed = { fact, question, ...(await runProbe(probe, live)) };
    found[index] = probed;
    for (let next = found[reported]; next !== undefined; next = found[reported]) {
      reported += 1;
      onFinding?.(next);
    }
    return probed;
  });
}

async function runProbe(probe: Probe, live: ReturnType<typeof createLive>): Promise<Finding> {
  try {
    return await probe.run(live);
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code === 'cancelled') throw error;
    // Messages of other failures may quote what ConnectWise said.
    const { seen } = error.details;
    return unknown(typeof seen === 'string' ? seen : error.code);
  }
}

/** Every fact that reading can check, in the order of docs/connectwise.md. */
export const probes: readonly Probe[] = [
  ...accessProbes,
  ...conditionProbes,
  ...listProbes,
  ...recordProbes,
  ...jobProbes,
].sort((one, other) => compareFacts(one.fact, other.fact));

function compareFacts(one: string, other: string): number {
  const [a, b] = [one, other].map((fact) => fact.split('.').map(Number));
  const differing = (a ?? []).findIndex((number, index) => number !== b?.[index]);
  return differing === -1 ? 0 : (a?.[differing] ?? 0) - (b?.[differing] ?? 0);
}

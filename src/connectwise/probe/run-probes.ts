import { mapAtOnce } from '../../core/async.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Wire } from '../wire/wire.ts';
import { createLive } from './live.ts';
import { type Finding, type Probe, unknown } from './probe.ts';
import { probes } from './probes.ts';

/** A finding with what it is about. */
export interface Probed extends Finding {
  fact: string;
  question: string;
}

export interface ProbeOptions {
  signal?: AbortSignal | undefined;
  /** Hears of each finding, in the order of the facts. */
  onFinding?(probed: Probed): void;
}

/**
 * Asks a live system all that reading can settle. Requests go one or two at a time: nobody waits for the answer, and
 * others work on the same system.
 * @throws GatewayError `cancelled`, and whatever keeps this login out
 */
export async function runProbes(
  wire: Wire,
  { signal, onFinding }: ProbeOptions = {},
  asked: readonly Probe[] = probes,
): Promise<Probed[]> {
  const live = createLive(wire, signal);
  // Without a login that is let in, all would be asked in vain, and one after the other run into its time limit.
  const { failure } = await live.read({ path: '/system/info' });
  if (failure !== undefined) throw failure;
  const found: Probed[] = [];
  let told = 0;
  return mapAtOnce(asked, 2, async (probe, index) => {
    const { fact, question } = probe;
    const probed = { fact, question, ...(await runProbe(probe, live)) };
    found[index] = probed;
    for (let next = found[told]; next !== undefined; next = found[told]) {
      told += 1;
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

import { accessProbes } from './access-probes.ts';
import { conditionProbes } from './condition-probes.ts';
import { jobProbes } from './job-probes.ts';
import { listProbes } from './list-probes.ts';
import type { Probe } from './probe.ts';
import { recordProbes } from './record-probes.ts';

/** All that a live system can be asked by reading, in the order of docs/connectwise.md. */
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

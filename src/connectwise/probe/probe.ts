import type { Live } from './live.ts';

/** What a live system says to one question. `seen` tells counts, statuses and names of headers, never a record. */
export interface Finding {
  result: 'holds' | 'differs' | 'unknown';
  seen: string;
}

/** One fact of docs/connectwise.md, asked of a live system by reading. */
export interface Probe {
  /** Its number there. */
  fact: string;
  /** Answered by yes where the fact holds. */
  question: string;
  run(live: Live): Promise<Finding>;
}

export const holds = (seen: string): Finding => ({ result: 'holds', seen });
export const differs = (seen: string): Finding => ({ result: 'differs', seen });
export const unknown = (seen: string): Finding => ({ result: 'unknown', seen });
export const holdsIf = (isSo: boolean, seen: string): Finding => (isSo ? holds(seen) : differs(seen));

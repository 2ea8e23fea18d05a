import type { FindSchema } from '../../conditions/index.ts';
import { isRecord } from '../../core/json.ts';
import type { Zone } from '../../core/zone.ts';
import { tidyRecord } from '../../results/index.ts';
import { oneLine } from '../wording.ts';

export interface Fault {
  path: string;
  problem: string;
  allowed?: string;
}

/** What checking a body found, besides the body as it is sent. */
export interface Findings {
  /** What ConnectWise is certain to refuse. */
  faults: Fault[];
  /** What was written another way than ConnectWise wants it, and is sent the right way. */
  repairs: string[];
  /** What it may refuse: live systems are newer than any definition. */
  warnings: string[];
}

/** What the body does: make a record, replace one (PUT), change one (PATCH), or ask for an action. */
export type Purpose = 'create' | 'replace' | 'change' | 'act';

export interface BodyContext {
  purpose: Purpose;
  findSchema: FindSchema;
  /** The user's: dates without a zone are meant in it. */
  zone: Zone;
  nowMs: number;
  findings: Findings;
}

export const createFindings = (): Findings => ({ faults: [], repairs: [], warnings: [] });

/** A value as a message shows it; what its path calls a secret stays one. */
export function shown(path: string, value: unknown): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const tidy = tidyRecord({ [name]: JSON.stringify(value) ?? 'nothing' }, { keepEmpty: true });
  return oneLine(String((isRecord(tidy) && Object.values(tidy)[0]) || ''), 40);
}

import type { Zone } from '../core/zone.ts';
import type { Path, Span, Value } from './expression.ts';
import type { Scope } from './member-path.ts';
import type { Edit, Mistake } from './mistake.ts';
import type { Report } from './report.ts';

export type ConditionKind = 'conditions' | 'childConditions' | 'customFieldConditions';

/** What the checks of one text share. */
export interface CheckContext {
  text: string;
  kind: ConditionKind;
  /** Absent where the catalog does not know what the endpoint answers. */
  scope: Scope | undefined;
  report: Report;
  /** Values without quotes or brackets, by their offset: the member's type says what they are. */
  bare: ReadonlyMap<number, Mistake>;
  nowMs: number;
  zone: Zone;
}

export function sourceOf({ text }: CheckContext, { start, end }: Span): string {
  return text.slice(start, end);
}

export function pathEdit({ span }: Path, segments: readonly string[]): Edit {
  return { span, replacement: segments.join('/') };
}

/** Whether the value was written as plain words, without quotes. */
export function isBare({ bare }: CheckContext, { span }: Value): boolean {
  return bare.get(span.start)?.kind === 'bareWords';
}

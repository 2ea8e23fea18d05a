import { billingEffects } from './billing.ts';
import { describeBoardMove } from './board-move.ts';
import { type Effects, joinEffects, noEffects } from './effects.ts';
import { describeLikeRecords } from './like-records.ts';
import { mailEffects } from './mail.ts';
import { describeRecentChange } from './recent-change.ts';
import { describeRecordedAs } from './recorded-as.ts';
import { type StatusContext, statusEffects } from './ticket-status.ts';
import type { Write } from './write.ts';

export interface EffectsContext extends StatusContext {
  now(): Date;
  /** What this process learnt from its own writes. */
  own: OwnWrites;
}

/** The stamps that our own writes left: what we did ourselves is no surprise, and tells who our keys act as. */
export interface OwnWrites {
  stamps: Map<string, string>;
  member?: string;
}

/** What a write sets off, as the records say it. */
export async function readEffects(context: EffectsContext, write: Write, signal?: AbortSignal): Promise<Effects> {
  const { own, client, now } = context;
  const nowMs = now().getTime();
  const recent = write.record && describeRecentChange(write.record, nowMs, own.stamps.get(write.request.path));
  const [status, like] = await Promise.all([
    statusEffects(context, write, signal),
    context.isPart ? undefined : describeLikeRecords(client, write, nowMs, signal),
  ]);
  const said = [describeBoardMove(write), like, recent, describeRecordedAs(write, own.member)].filter(
    (sentence) => sentence !== undefined,
  );
  return joinEffects([status, { ...noEffects(), warnings: said }, mailEffects(write), billingEffects(write)]);
}

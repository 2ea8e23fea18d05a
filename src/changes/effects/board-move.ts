import type { Write } from './write.ts';

const ofBoard = ['status', 'type', 'subType', 'item', 'team'] as const;

/** A sentence for a ticket that moves to another board and keeps what belongs to the old one (CW 5.5.2). */
export function describeBoardMove({ request, record, members }: Write): string | undefined {
  if (!/^\/(service|project)\/tickets\/\d+$/i.test(request.path) || !members.includes('board')) return undefined;
  const kept = ofBoard.filter((member) => !members.includes(member) && (record?.[member] ?? null) !== null);
  if (kept.length === 0) return undefined;
  return `The ticket keeps ${kept.join(', ')} of its old board, which ConnectWise may refuse: give those of the new one, or null.`;
}

import type { Catalog } from '../../../catalog/index.ts';
import type { Journal } from '../../../changes/journal/journal.ts';
import type { Policy } from '../../../changes/policy/policy.ts';
import { readAgain } from '../../../changes/send-change.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { FastMemory } from '../../../memory/index.ts';
import { failureLine, okLine, type StatusLine, warningLine } from './status-line.ts';

export function describeCatalog({ info }: Catalog): StatusLine[] {
  const { endpoints } = info.counts;
  return [okLine('catalog', `${endpoints} endpoints of ${info.title} ${info.version} (${info.source})`)];
}

export function describeMemory(memory: FastMemory): StatusLine[] {
  const count = memory.count();
  const detail = `${count} saved ${count === 1 ? 'query' : 'queries'}`;
  if (memory.notice === undefined) return [okLine('Fast Memory', detail)];
  return [warningLine('Fast Memory', detail, memory.notice)];
}

export function describePolicy({ deny, confirm, allow, unreadable }: Policy): StatusLine[] {
  if (unreadable !== undefined)
    return [failureLine('policy', unreadable, 'Correct or remove the file; until then nothing is written.')];
  const rules = deny.length + confirm.length + allow.length;
  if (rules === 0) return [okLine('policy', 'no policy.json: the mode alone decides')];
  return [okLine('policy', `policy.json: ${deny.length} deny, ${confirm.length} confirm, ${allow.length} allow`)];
}

/** Changes of which nobody knows whether they happened, with the query that settles each. */
export async function describeChanges(open: () => Promise<Journal>): Promise<StatusLine[]> {
  let journal: Journal;
  try {
    journal = await open();
  } catch (error) {
    // Without settings there is no tenant whose changes these could be, which has its line already.
    if (error instanceof GatewayError && error.code !== 'storage_failed') return [];
    throw error;
  }
  await journal.settleLeftOvers();
  const unknown = journal.list({ limit: 5, state: 'unknown' });
  if (unknown.length === 0) return [okLine('changes', 'none whose end is unknown')];
  return unknown.map(({ changeId, sentence, sentAt, method, path, request }) =>
    warningLine(
      'changes',
      `nobody knows whether this happened (${changeId}, ${sentAt ?? ''}): ${sentence}`,
      `Read ${readAgain({ method, path, body: request.body })} to see.`,
    ),
  );
}

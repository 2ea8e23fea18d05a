import * as z from 'zod';
import type { ConnectWiseAnswer } from '../../connectwise/client.ts';
import { findMember } from '../../connectwise/query-members.ts';
import { isRecord } from '../../core/json.ts';
import { tidyRecord } from '../../results/record-text.ts';
import { fitRecord, shorten } from '../../results/shorten.ts';
import type { ReadRequest } from './read-endpoint.ts';

/** What every call of an endpoint answers, as far as it has it. */
export const callOutputSchema = z.looseObject({
  outcome: z.string().describe('COMPLETE, PARTIAL, NOT SENT or SENT first'),
  notes: z.array(z.string()).optional(),
  table: z.object({ columns: z.array(z.string()), rows: z.array(z.array(z.unknown())) }).optional(),
  change_id: z.string().optional(),
  next: z.string().optional(),
});

export type CallOutput = z.infer<typeof callOutputSchema>;

/** An answer that is neither a list nor a file; a record takes no more than so many bytes. */
export function renderAnswer(request: ReadRequest, { body }: ConnectWiseAnswer, maxRecordBytes: number): CallOutput {
  if (isRecord(body)) {
    if (typeof body.count === 'number' && Object.keys(body).length === 1)
      return { outcome: `COMPLETE: ${body.count} records.`, count: body.count };
    const { record, moreMembers } = fitRecord(
      tidyRecord(body, { keepEmpty: asksForInfo(request) }) as Record<string, unknown>,
      maxRecordBytes,
    );
    return {
      outcome:
        moreMembers.length === 0 ? 'COMPLETE: 1 record.' : `PARTIAL: 1 record, without ${moreMembers.length} members.`,
      record,
      ...(moreMembers.length > 0
        ? {
            more_members: moreMembers.slice(0, 60).join(', '),
            next: 'Name members in params fields to see them; max_tokens up to 8,000 shows more at once.',
          }
        : {}),
    };
  }
  if (body === undefined) return { outcome: 'COMPLETE: an empty answer.' };
  return {
    outcome: 'COMPLETE.',
    answer: shorten(tidyRecord(body), { characters: maxRecordBytes, items: maxRecordBytes / 26 }),
  };
}

/** `_info` and nulls are noise unless `fields` names them. */
export function asksForInfo({ query }: ReadRequest): boolean {
  return /(^|,)\s*_info\b/i.test(findMember(query, 'fields') ?? '');
}

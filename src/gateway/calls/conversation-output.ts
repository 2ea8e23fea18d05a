import type { Catalog, Endpoint } from '../../catalog/index.ts';
import type { ConnectWiseRequest } from '../../connectwise/client.ts';
import { findMember } from '../../connectwise/query-members.ts';
import { localTime } from '../../core/iso-time.ts';
import { type Conversation, readConversation } from '../../results/conversation/conversation.ts';
import { fitRows } from '../../results/fit-rows.ts';
import type { ListScope } from './read-list.ts';
import type { CallResult } from './result.ts';
import { adviseOnRows, aroundBytes, type ListParts, rowsResult } from './show-list.ts';

/** Whether a list is read as a conversation: notes, unless single members of them are asked for. */
export function isConversation(
  catalog: Catalog,
  endpoint: Endpoint | undefined,
  { path, query = {} }: ConnectWiseRequest,
): boolean {
  if (!/\/(?:all)?notes$/i.test(path) || endpoint?.response?.schema === undefined) return false;
  if (['fields', 'columns'].some((name) => findMember(query, name) !== undefined)) return false;
  return catalog.findSchema(endpoint.response.schema)?.members.some(({ name }) => name === 'text') ?? false;
}

/** The last word matters most and stands on the last page, so all pages are read unless a part is asked for. */
export function wholeConversation(scope: ListScope | undefined, { query = {} }: ConnectWiseRequest): ListScope {
  const part = ['page', 'pageSize', 'pageId'].some((name) => findMember(query, name) !== undefined);
  return part || scope?.maxRecords !== undefined ? (scope ?? { allPages: false }) : { ...scope, allPages: true };
}

/** Notes as a conversation: the newest that fit, oldest first. */
export async function conversationOutput({
  context,
  reading,
  maxTokens,
}: ListParts & { maxTokens: number }): Promise<CallResult> {
  const zone = await context.zone();
  const conversation = readConversation(reading.first, (iso) => localTime(iso, zone));
  const newestFirst = { columns: conversation.columns, rows: conversation.rows.toReversed() };
  const { columns, rows, cut } = fitRows(newestFirst, maxTokens * 4 - aroundBytes, { shortest: 400 });
  const result = rowsResult(reading);
  const hasOthers = rows.length < reading.rows || cut;
  const isAltered = hasOthers || conversation.leftOut.size > 0;
  return {
    ...result,
    notes: [...result.notes, ...describeLeftOut(conversation)],
    shown: { as: 'conversation', table: { columns, rows: rows.toReversed() }, cut },
    advice: [
      ...adviseOnRows(reading, reading.rows),
      ...(result.table !== undefined && isAltered
        ? [{ kind: 'see_originals', table: result.table, hasOthers } as const]
        : []),
    ],
  };
}

/** Said once for all texts; hidden text names its notes, because someone hid it. */
function describeLeftOut({ leftOut }: Conversation): string[] {
  const parts = ['signature', 'quoted mail'] as const;
  const counts = parts.flatMap((part) => {
    const ids = leftOut.get(part);
    return ids === undefined ? [] : [`${part} in ${ids.length} of the texts`];
  });
  const hidden = leftOut.get('hidden text')?.slice(0, 10).join(', ');
  return [
    ...(counts.length > 0 ? [`Left out: ${counts.join(', ')}.`] : []),
    ...(hidden === undefined ? [] : [`Left out: text that the sender hid from readers, in note ${hidden}.`]),
  ];
}

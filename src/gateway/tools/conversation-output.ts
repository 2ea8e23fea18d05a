import type { Catalog, Endpoint } from '../../catalog/index.ts';
import { findMember } from '../../connectwise/query-members.ts';
import { localTime } from '../../core/iso-time.ts';
import { type Conversation, readConversation } from '../../results/conversation/conversation.ts';
import { fitRows } from '../../results/fit-rows.ts';
import type { CallOutput } from './call-output.ts';
import { adviseNext, describeOutcome, describeRemarks } from './describe-reading.ts';
import { aroundBytes, type ListParts } from './list-output.ts';
import type { ReadRequest } from './read-endpoint.ts';
import type { ListScope } from './read-list.ts';

/** Whether a list is read as a conversation: notes, unless single members of them are asked for. */
export function isConversation(
  catalog: Catalog,
  endpoint: Endpoint | undefined,
  { path, query }: ReadRequest,
): boolean {
  if (!/\/(?:all)?notes$/i.test(path) || endpoint?.response?.schema === undefined) return false;
  if (['fields', 'columns'].some((name) => findMember(query, name) !== undefined)) return false;
  return catalog.findSchema(endpoint.response.schema)?.members.some(({ name }) => name === 'text') ?? false;
}

/** The last word matters most and stands on the last page, so all pages are read unless a part is asked for. */
export function wholeConversation(scope: ListScope | undefined, { query }: ReadRequest): ListScope {
  const part = ['page', 'pageSize', 'pageId'].some((name) => findMember(query, name) !== undefined);
  return part || scope?.maxRecords !== undefined ? (scope ?? { allPages: false }) : { ...scope, allPages: true };
}

/** Notes as a conversation: the newest that fit, oldest first. */
export async function conversationOutput({ context, reading, maxTokens }: ListParts): Promise<CallOutput> {
  const zone = await context.zone();
  const conversation = readConversation(reading.first, (iso) => localTime(iso, zone));
  const newestFirst = { columns: conversation.columns, rows: conversation.rows.toReversed() };
  const fitted = fitRows(newestFirst, maxTokens * 4 - aroundBytes, { shortest: 400 });
  const { columns, rows } = { columns: fitted.columns, rows: fitted.rows.toReversed() };
  const isAll = rows.length === reading.rows;
  const notes = [...describeRemarks(reading), ...describeLeftOut(conversation)];
  if (fitted.cut) notes.push('Long texts are cut at …; max_tokens up to 8,000 shows more of them.');
  const next = reading.table && adviseOriginals(reading.table.name, { ...conversation, isWhole: isAll && !fitted.cut });
  const advice = [adviseNext(reading, reading.rows), next].filter(Boolean).join(' ');
  return {
    outcome: describeOutcome(reading),
    ...(notes.length > 0 ? { notes } : {}),
    ...(isAll ? {} : { shown: `the newest ${rows.length} of ${reading.rows} notes` }),
    ...(rows.length > 0 ? { conversation: { columns, rows } } : {}),
    ...(advice === '' ? {} : { next: advice }),
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

function adviseOriginals(table: string, { leftOut, isWhole }: Pick<Conversation, 'leftOut'> & { isWhole: boolean }) {
  if (isWhole && leftOut.size === 0) return undefined;
  const others = isWhole ? '' : ' and the other notes';
  return `query_results "SELECT text FROM ${table} WHERE id = …" shows a text as it was sent${others}.`;
}

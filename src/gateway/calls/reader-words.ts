import { describeEmpty } from '../../results/index.ts';
import type { ReaderWords } from './render.ts';
import type { Advice, ShownRows } from './result.ts';

/** Longer and the offer would cost more than it saves. */
const maxOffer = 600;

/** For a model: every next step, as calls of tools. */
export const wordsForModel: ReaderWords = {
  advise: (advice) => advice.map(adviseModel).join(' '),
  offer({ times, query, placeholders }) {
    const shown = JSON.stringify(query);
    const what =
      shown.length <= maxOffer
        ? shown
        : `the same call and {placeholders} for ${placeholders.join(', ') || 'its values'}`;
    return `This worked ${times === 1 ? 'once' : 'twice'}. To keep it for next time, with a better description: save_to_fast_memory ${what}`;
  },
  describeCuts(shown, isAll) {
    if (shown.as === 'rows') return describeColumns(shown, isAll);
    if (shown.as === 'conversation')
      return shown.cut ? ['Long texts are cut at …; max_tokens up to 8,000 shows more of them.'] : [];
    const { cut, empty, moreColumns } = shown;
    return [
      ...listed(describeEmpty('these rows', empty)),
      ...(cut ? ['Long texts are cut at …; max_tokens up to 8,000, or fewer rows, show more of them.'] : []),
      ...(moreColumns > 0 ? [`${moreColumns} more columns do not fit: name those that matter.`] : []),
    ];
  },
};

const listed = (sentence: string | undefined) => (sentence === undefined ? [] : [sentence]);

/** What the columns of a list leave out, and which tables its arrays are. */
function describeColumns(
  { moreColumns, empty, emptyOf, arrays }: Extract<ShownRows, { as: 'rows' }>,
  isAll: boolean,
): string[] {
  const more = moreColumns.length > 30 ? ', …' : '';
  const columns = `More columns, for params fields: ${moreColumns.slice(0, 30).join(', ')}${more}.`;
  const tables = arrays.map(({ member, table, columns: of }) => {
    const named = of.length > 6 ? `${of.slice(0, 6).join(', ')}, …` : of.join(', ');
    return `${member}: table ${table} (${named})`;
  });
  return [
    ...(isAll && moreColumns.length > 0 ? [columns] : []),
    ...listed(describeEmpty(emptyOf === 1 ? 'the one row' : `all ${emptyOf.toLocaleString('en')} rows`, empty)),
    ...(tables.length > 0 ? [`${tables.join('; ')}.`] : []),
  ];
}

function adviseModel(advice: Advice): string {
  switch (advice.kind) {
    case 'read_more':
      return adviseReading(advice);
    case 'read_missing':
      return 'Call again with for_each holding the ids that are missing.';
    case 'see_reading':
      return `Ask again later: query_results on ${advice.table ?? 'the table'} shows the progress.`;
    case 'query_table':
      return `query_results with SQL over ${advice.table} reads all ${advice.rows} rows.`;
    case 'query_all':
      return `query_results over ${advice.table} with max_rows returns them all, and save_file writes them to a file.`;
    case 'see_originals': {
      const others = advice.hasOthers ? ' and the other notes' : '';
      return `query_results "SELECT text FROM ${advice.table} WHERE id = …" shows a text as it was sent${others}.`;
    }
    case 'name_fields':
      return 'Name members in params fields to see them; max_tokens up to 8,000 shows more at once.';
    case 'save_file':
      return `save_file ${JSON.stringify({ path: advice.path })} saves it on this computer.`;
    case 'confirm': {
      const id = JSON.stringify(advice.changeId);
      // Half of the clients send what a model calls without asking anybody.
      const yes = advice.asked
        ? `Call confirm_api_write with change_id ${id}: the user is shown the change and asked before it is sent.`
        : `Show this to the user and wait for an answer; only then confirm_api_write with change_id ${id} sends it, once.`;
      return `${yes} After a no: DELETE /gateway/changes/{change_id}.`;
    }
    case 'confirm_others':
      return `Not sent: ${advice.changeIds.join(', ')}. They can still be confirmed.`;
    case 'confirm_rest':
      return 'confirm_api_write with the same change_id continues with what was not sent; what was sent or is unknown is not repeated.';
    case 'see_sending':
      return 'Sending continues in the background. Call confirm_api_write with the same change_id to see the progress.';
    case 'see_parts': {
      const list = `execute_api_call GET /gateway/changes with params part_of ${JSON.stringify(advice.changeId)} lists the records`;
      return advice.undoEach ? `${list}; each can be undone separately.` : `${list}.`;
    }
    case 'query_results':
      return `query_results over ${advice.table} reads all results.`;
    case 'undo':
      return `To undo: execute_api_call POST /gateway/changes/${advice.changeId}/undo.`;
    case 'cannot_undo':
      return 'This cannot be undone.';
  }
}

function adviseReading({ after, goOn }: Extract<Advice, { kind: 'read_more' }>): string {
  const continueWith = goOn === undefined ? '' : `continue with params ${JSON.stringify(goOn)}, or `;
  switch (after) {
    case 'more':
      return `all_pages true reads the rest; or ${continueWith}narrow with conditions.`;
    case 'max-pages':
      return `${continueWith}narrow with conditions.`;
    case 'max-records':
      return 'Narrow with conditions, or raise max_records.';
    case 'cancelled':
      return `${continueWith}call again.`;
    case 'changed':
      return 'Call again for an exact answer.';
    case 'failed':
      return `${continueWith}call again: what was read is kept.`;
  }
}

/** For a person at a terminal, who sees all rows: one next step, as a command. */
export const wordsForTerminal: ReaderWords = {
  advise: (advice) => advice.flatMap((one) => adviseTerminal(one) ?? [])[0] ?? '',
  offer: () => undefined,
  describeCuts: () => [],
};

/** After a failure: what a second run would have to read, so that a job can be completed by hand. */
function adviseMissing({ after, goOn }: Extract<Advice, { kind: 'read_more' }>): string | undefined {
  if (after !== 'failed' || goOn === undefined) return undefined;
  // A list that is read to its end begins with this page anyway.
  const flags = Object.entries(goOn).filter(([name, value]) => name !== 'page' || value !== '1');
  const missing = flags.map(([name, value]) => ` --param ${JSON.stringify(`${name}=${value}`)}`).join('');
  return `${readOn.failed} To read only what is missing: call with${missing}.`;
}

function adviseTerminal(advice: Advice): string | undefined {
  switch (advice.kind) {
    case 'confirm':
      return 'The same with --confirm sends it.';
    case 'undo':
      return `To undo: changes undo ${advice.changeId}`;
    case 'cannot_undo':
      return 'This cannot be undone.';
    case 'see_sending':
    case 'see_parts':
      return `Results by record: call GET /gateway/changes --param part_of=${advice.changeId}`;
    case 'read_more':
      return adviseMissing(advice) ?? readOn[advice.after];
    case 'see_reading':
    case 'read_missing':
      return 'Run it again for what is missing.';
    case 'confirm_others':
      return `Not sent: ${advice.changeIds.join(', ')}.`;
    // `see_parts` comes with it.
    case 'confirm_rest':
    // A terminal gets all rows, and nothing is cut for it.
    case 'query_table':
    case 'query_all':
    case 'query_results':
    case 'save_file':
    case 'see_originals':
    case 'name_fields':
      return undefined;
  }
}

const readOn: Record<Extract<Advice, { kind: 'read_more' }>['after'], string> = {
  more: '--all reads the rest.',
  'max-pages': 'Narrow the conditions.',
  'max-records': 'Narrow the conditions, or raise --max-records.',
  cancelled: 'Run it again for the rest.',
  changed: 'Run it again for an exact answer.',
  failed: 'Run it again for the rest.',
};

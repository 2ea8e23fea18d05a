import { renderSize } from '../connectwise/documents/file-text.ts';
import type { JoinEnd } from '../connectwise/lists/join-lists.ts';
import type { ListEnd } from '../connectwise/lists/list-end.ts';

/** How a reading ended, in words. */
export interface ReadingEnd {
  state: 'complete' | 'partial';
  /** Why it is partial: a clause without a full stop. */
  reason?: string;
  /** What reads the rest. */
  next?: string;
  /** Rows there are, where ConnectWise could count them. */
  total?: number;
  notes?: readonly string[];
}

/** What the end of one list means for the reader. */
export function describeListEnd(end: ListEnd): ReadingEnd {
  const total = end.total === undefined ? {} : { total: end.total };
  if (end.state === 'complete' || end.state === 'not-a-list') return { state: 'complete', ...total };
  const { reason, goOn, failure } = end;
  const goOnWith = goOn === undefined ? '' : `go on with params ${JSON.stringify(goOn)}, or `;
  switch (reason) {
    case 'more':
      return {
        state: 'partial',
        ...total,
        reason: 'one page was read',
        next: `all_pages true reads the rest; or ${goOnWith}narrow with conditions.`,
      };
    case 'page':
      return { state: 'partial', ...total, reason: 'a page in the middle was asked for' };
    case 'max-records':
      return {
        state: 'partial',
        ...total,
        reason: 'max_records was reached',
        next: 'Narrow with conditions, or raise max_records.',
      };
    case 'cancelled':
      return { state: 'partial', ...total, reason: 'the call was cancelled', next: `${goOnWith}call again.` };
    case 'changed':
      return {
        state: 'partial',
        ...total,
        reason: 'records came or went while they were read, so that some may be missing',
        next: 'Call again for an exact answer.',
      };
    case 'failed':
      return {
        state: 'partial',
        ...total,
        reason: `page ${end.pages + 1} failed: ${failure?.message ?? 'unknown'}`.replace(/\.$/, ''),
        next: `${goOnWith}call again: what was read is kept.`,
      };
  }
}

/** At most this many of the lists that were not read are named. */
const namedAtMost = 5;

/** What the end of many lists, or of the files of many records, means. */
export function describeJoinEnd({ state, open, lists, of, files, fileBytes }: JoinEnd): ReadingEnd {
  const saved = `${files === 1 ? '1 file' : `${files} files`}, ${renderSize(fileBytes)} together,`;
  const kept = files === 0 ? [] : [`${saved} saved on this computer; parentId says whose each is, size is in bytes.`];
  if (state === 'complete') {
    const joined = `${of} lists were read into one; parentId says whose each row is.`;
    return { state, notes: files === of ? kept : [joined, ...kept] };
  }
  const named = open
    .slice(0, namedAtMost)
    .map(({ parent, reason, failure }) => `${parent}: ${failure?.message ?? openReasons[reason] ?? reason}`);
  const rest = open.length > named.length ? ` and ${open.length - named.length} more` : '';
  return {
    state: 'partial',
    reason:
      files > 0 && files === lists
        ? `${files} of ${of} files were saved`
        : `${lists} of ${of} lists were read to their end`,
    notes: [`Not read to their end: ${named.join('; ')}${rest}.`, ...kept],
    next: 'Call again with for_each holding the ids that are missing.',
  };
}

/** Words for what the reading itself ended; others are codes of errors. */
const openReasons: Readonly<Record<string, string>> = {
  'max-bytes': 'the files of one call together would be larger than 500 MB',
};

import type { PreparedChange, SentChange } from '../../changes/change.ts';
import { fitInto, fitList, fitRecord, jsonBytes, shorten } from '../../core/budget.ts';
import { isRecord } from '../../core/json.ts';
import { tidyRecord } from '../../results/record-text.ts';
import { manyPreview } from './many-output.ts';
import type { CallOutput, ReplyMembers } from './render.ts';
import { renderText } from './render-text.ts';

/** 500 tokens. */
const maxPreviewBytes = 2_000;
const maxSentBytes = 1_600;

/** How much of a change a preview shows, from what most need to what always fits. */
interface PreviewSize {
  sentence: number;
  bodyBytes: number;
  noteBytes: number;
  /** Longest text and most elements of what is cut. */
  characters: number;
  items: number;
}

const narrowest: PreviewSize = { sentence: 200, bodyBytes: 150, noteBytes: 200, characters: 30, items: 2 };
const previewSizes: readonly [PreviewSize, ...PreviewSize[]] = [
  { sentence: 2_000, bodyBytes: 800, noteBytes: 1_000, characters: 120, items: 12 },
  { sentence: 600, bodyBytes: 500, noteBytes: 500, characters: 80, items: 8 },
  { sentence: 400, bodyBytes: 300, noteBytes: 350, characters: 60, items: 4 },
  narrowest,
];

/** Stands for the mark of the reply, of which only the length matters here. */
const fenceOfAnyLength = '0'.repeat(16);

/**
 * What a preview shows, cut so that the whole reply takes 500 tokens.
 * @param around what stands around it, and takes room too
 */
export function previewMembers(change: PreparedChange, around: CallOutput): ReplyMembers {
  return fitInto(change, maxPreviewBytes, {
    steps: previewSizes,
    apply: membersAt,
    sizeOf: (members) => bytesOf({ ...members, ...around }),
  });
}

function membersAt(change: PreparedChange, size: PreviewSize): ReplyMembers {
  const { changeId, method, path, query, body, form, sentence, differences, warnings, many, expiresAt } = change;
  const request = {
    method,
    path,
    ...(query && Object.keys(query).length > 0 ? { query } : {}),
    ...(body === undefined ? {} : { body: previewBody(body, size) }),
    ...(form?.file === undefined ? {} : { file: form.file.path }),
  };
  return {
    ...(warnings.length > 0 ? { notes: previewNotes(warnings, size) } : {}),
    change: { sentence: shorten(sentence, { characters: size.sentence, items: 1 }) as string, request },
    ...(differences && differences.length > 0 ? { differences: tidyRecord(shorten(differences, size)) } : {}),
    ...(many === undefined ? {} : manyPreview(many)),
    change_id: changeId,
    expires_at: expiresAt,
  };
}

/** Text and structured content each reach some client alone, so the larger one counts. */
function bytesOf(output: CallOutput): number {
  const text = Buffer.byteLength(renderText(output, fenceOfAnyLength));
  return Math.max(text, jsonBytes(output));
}

/** The exact body, cut only where it would not fit; secrets in it stay hidden. */
function previewBody(body: unknown, { bodyBytes, ...limits }: PreviewSize): unknown {
  const tidy = tidyRecord(body, { keepEmpty: true });
  if (jsonBytes(tidy) <= bodyBytes) return tidy;
  if (isRecord(tidy)) {
    const { record, moreMembers } = fitRecord(tidy, bodyBytes);
    return moreMembers.length > 0 ? { ...record, '…': `and ${moreMembers.length} more members` } : record;
  }
  const short = shorten(tidy, limits);
  if (!Array.isArray(short)) return short;
  const kept = fitList(short, bodyBytes);
  return kept.length < short.length ? [...kept, '…'] : kept;
}

/** The first notes are repairs, which change what was asked for: they stay. */
function previewNotes(warnings: readonly string[], { noteBytes }: PreviewSize): string[] {
  const kept = fitList(warnings, noteBytes).map((note) => shorten(note, { characters: noteBytes, items: 1 }) as string);
  const rest = warnings.length - kept.length;
  return rest === 0 ? kept : [...kept, `${rest} more warnings.`];
}

/** Warnings of a change that was sent without a preview, within a preview's room for them. */
export const fitWarnings = (warnings: readonly string[]): string[] => previewNotes(warnings, narrowest);

/** What was sent, what came back, and what of it was not applied. */
export function sentMembers({ change, record, notApplied }: SentChange): ReplyMembers {
  const tidy = tidyRecord(record);
  return {
    ...(notApplied.length > 0 ? { notes: fitList(notApplied, 600) } : {}),
    change: { sentence: change.sentence },
    ...(isRecord(tidy) ? { record: fitRecord(tidy, maxSentBytes).record } : {}),
  };
}

import { isPlural, type Placed } from './place-words.ts';
import type { Word } from './read-words.ts';

export type GrammaticalNumber = 'one' | 'many' | 'unknown';

const singularCues = new Set('a an one single this specific particular id individual'.split(' '));
const pluralCues = new Set('all every each many multiple list lists which available'.split(' '));

/** `by id`, `its id`, `id 77`: one record. */
function saysId(words: readonly Word[]): boolean {
  return words.some(
    (word, at) =>
      /^(id|identifier)$/.test(word.text) &&
      (/^(by|its|an?|given|with|unique|numeric|internal)$/.test(words[at - 1]?.text ?? '') || words[at + 1]?.number),
  );
}

/** `is there a`, `are there any`, `do we have a`. */
function asksWhether(words: readonly Word[]): boolean {
  const front = words.slice(0, 3).map((word) => word.text);
  return /^(((is|are) )?there|(do )?(we|you) have|have we)\b/.test(front.join(' '));
}

/** Whether one record is wanted or many, from the noun's own number, its id and the words before it. */
export function findNumber(
  words: readonly Word[],
  placed: readonly Placed[],
  last: Word | undefined,
): GrammaticalNumber {
  if (last === undefined) return 'unknown';
  const at = words.indexOf(last);
  if (isPlural(last)) return 'many';
  const [after, second] = [words[at + 1], words[at + 2]];
  if (after?.number === true || (/^(id|number|no)$/.test(after?.text ?? '') && second?.number === true)) return 'one';
  // Of `a ticket's notes`, the article is the ticket's.
  const owner = words.findLastIndex((word, place) => place < at && word.possessive);
  const near = words.slice(Math.max(0, owner + 1, at - 4), at).map((word) => word.text);
  const many = near.some((text) => pluralCues.has(text));
  // `every event, or one when its id is given`: either.
  if (placed.some(({ word, zone }) => zone === 'filter' && word.text === 'id') || saysId(words))
    return many ? 'unknown' : 'one';
  // `a contact by email`, `a company called Acme`: whatever has it; only an id is of one record.
  const looksUp = (word: Word, place: number) =>
    place > at && (/^(called|named)$/.test(word.text) || (word.text === 'by' && words[place + 1]?.known));
  if (words.some(looksUp)) return 'unknown';
  // `a specific SLA, or a list of all`: either.
  if (words.slice(at + 1).some((word) => /^(all|list)$/.test(word.text))) return 'unknown';
  // `is there an article`: whatever there is.
  if (many || asksWhether(words)) return 'many';
  return near.some((text) => singularCues.has(text)) ? 'one' : 'unknown';
}

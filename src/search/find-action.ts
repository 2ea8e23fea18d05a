import type { Word } from './read-words.ts';
import { stopWords } from './stop-words.ts';
import { actionSynonyms, actionVerbs, baseForm, findVerb, type Intent } from './verbs.ts';

/** `make a project from the opportunity`, `a ticket out of the opportunity`. */
const isMadeFrom = (words: readonly Word[]): boolean =>
  words.some(({ text }, at) => text === 'from' || (text === 'out' && words[at + 1]?.text === 'of'));

/** `ticket 5 is a duplicate of 6` copies nothing, `make a copy of it` does. */
function isNounHere(words: readonly Word[], at: number): boolean {
  const [before, second] = [words[at - 1]?.text ?? '', words[at - 2]?.text ?? ''];
  return /^(is|are|was)$/.test(second) && /^(an?|the)$/.test(before);
}

/** The first action said: of `merge duplicate tickets`, merge. */
function firstAction(words: readonly Word[]): string | undefined {
  for (const [at, word] of words.entries()) {
    // `create a contact and link it`: the verb before says what is done.
    if (/^(and|then)$/.test(words[at - 1]?.text ?? '') && /^(it|them)$/.test(words[at + 1]?.text ?? '')) continue;
    if (word.aside || isNounHere(words, at)) continue;
    // `hand in my time sheet`, `OK her expense report`.
    const next = words[at + 1];
    if (/^(hand|turn)$/.test(word.text) && next?.text === 'in') return 'submit';
    if (/^(ok|okay)$/.test(word.text) && at === 0 && !word.clauseEnd && next?.known === true && !findVerb(next.text))
      return 'approve';
    // `several requests`: with the ending of a noun, behind another word.
    if (/s$/.test(word.text) && at > 0 && !stopWords.has(words[at - 1]?.text ?? '') && !words[at - 1]?.clauseEnd)
      continue;
    // `send his time sheet back`: with a word between, it is not taken.
    if (/^sends?$/.test(word.text) && words.slice(at + 2).some(({ text }) => text === 'back')) return 'reject';
    const verb = baseForm(word.text, (base) => actionVerbs.has(base) || actionSynonyms.has(base));
    const base = actionSynonyms.get(verb) ?? verb;
    if (base === 'undo' && words.some(({ text }) => /^(approval|submission)$/.test(text))) return 'reverse';
    if (actionVerbs.has(base) && !word.quoted) return base;
  }
  return undefined;
}

/** The verb of the catalog that was said, such as `merge`. */
export function findAction(words: readonly Word[], intent: Intent): string | undefined {
  return firstAction(words) ?? (intent === 'create' && isMadeFrom(words) ? 'convert' : undefined);
}

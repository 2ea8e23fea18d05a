import type { Word } from './read-words.ts';
import { contextPrepositions, stopWords } from './stop-words.ts';
import { actionVerbs, determiners, findVerb } from './verbs.ts';

/** A request cut where what it asks for begins. */
export interface Clauses {
  main: readonly Word[];
  /** What was said before that: what the thing belongs to (`context`), or only the story (`filter`). */
  front: readonly Word[];
  zone: 'context' | 'filter';
}

/** Verbs of a front part that says what is handed in: `Accepts a ticket id and returns …`. */
const inputVerbs = /^(accepts?|takes?|requires?|expects?|receives?|given|uses?|using|provide|pass|specify|based)$/;
const tellVerbs = /^(know|see|tell|me|us|remember|wonder|wondering|out|asks?|asked|asking|sure|idea|understand|check)$/;
const questionWords = /^(which|what|whats|who|whos|whose|how|where|whether|if)$/;
const possess = /^(have|has|had|got|include|includes|contain|contains|hold|offer|support|use)$/;
const selfNouns = /^(wrapper|function|cmdlet|tool|command|script|method|endpoint)$/;
const selfNames =
  /^(this|the|function|cmdlet|tool|command|script|method|endpoint|it|will|can|which|that|api|also|for|to|used|allows?|lets?|you|helps?)$/;

/** `This function will list`, `A tool that returns`: what is described says nothing about what it does. */
function behindSelf(words: readonly Word[]): number {
  const [first, second] = [words[0]?.text ?? '', words[1]?.text ?? ''];
  if (first === 'this' && second === 'will') return 2;
  const noun = /^(this|the|an?)$/.test(first) ? 1 : 0;
  const joined = noun === 1 || /^(for|to|that|which|used)$/.test(second);
  if (!joined || !selfNouns.test(words[noun]?.text ?? '')) return 0;
  return Math.max(
    0,
    words.findIndex(({ text }, place) => place > noun && !selfNames.test(text)),
  );
}

/** A verb that orders or, with `loosely` a noun's double (`open`, `log`) before a determiner. */
function isOrder(words: readonly Word[], at: number): boolean {
  const word = words[at];
  if (word === undefined || word.phrase || word.quoted) return false;
  const verb = findVerb(word.text);
  if (verb === undefined && actionVerbs.has(word.text))
    return /^(it|this|that|them|him|her)$/.test(words[at + 1]?.text ?? '');
  if (verb === undefined || verb.weak) return false;
  return verb.doubtful === undefined || determiners.has(words[at + 1]?.text ?? '');
}

/** `My customer wants to know which …`: the question begins behind the verb of telling. */
function embeddedQuestion(words: readonly Word[]): number {
  const first = words.findIndex(({ text }) => !stopWords.has(text));
  const orders = isOrder(words, first) && !tellVerbs.test(words[first]?.text ?? '');
  // `pull the types to see which kinds …`: the order says already what is wanted.
  const said = orders ? words.findIndex(({ known }, at) => known && at > first) : -1;
  return words.findIndex(
    ({ text }, at) =>
      at > 1 && (said === -1 || at < said) && questionWords.test(text) && tellVerbs.test(words[at - 1]?.text ?? ''),
  );
}

/** `For a given company, list its sites`, `Accepts an id and returns …`: the order behind what is handed in. */
function behindInput(words: readonly Word[]): number {
  const first = words.findIndex(({ text }) => !selfNames.test(text));
  const { text = '' } = words[first] ?? {};
  const preposition = contextPrepositions.has(text) && text !== 'to';
  if (!preposition && !inputVerbs.test(text)) return -1;
  return words.findIndex(({ text: here }, at) => {
    const before = words[at - 1];
    if (at <= first + 1 || before === undefined) return false;
    const joined = before.clauseEnd || /^(and|to|then)$/.test(before.text);
    return (joined && isOrder(words, at)) || (preposition && (before.clauseEnd || /^(what|which)$/.test(here)));
  });
}

/** `We hired an engineer, please set him up`: the first clause tells a story, a later one orders. */
function behindStory(words: readonly Word[]): number {
  const firstWord = words.findIndex(({ text }) => !stopWords.has(text));
  if (firstWord === -1 || isOrder(words, firstWord) || questionWords.test(words[0]?.text ?? '')) return -1;
  for (const [at, word] of words.entries()) {
    if (!word.clauseEnd) continue;
    let next = at + 1;
    while (next < words.length && stopWords.has(words[next]?.text ?? '') && !isPhrasal(words, next)) next++;
    const asks = /^(which|whats?|whos?|how|where)$/.test(words[at + 1]?.text ?? '');
    if (at >= firstWord && asks) return at + 1;
    if (at >= firstWord && (isOrder(words, next) || isPhrasal(words, next))) return next;
  }
  return -1;
}

/** `turn off their login`, `get him set up`. */
function isPhrasal(words: readonly Word[], at: number): boolean {
  const [verb, next] = [words[at]?.text ?? '', words[at + 1]?.text ?? ''];
  return /^(turn|set|put|get|give|take|hand)$/.test(verb) && /^(off|on|up|down|him|her|them|it|that|this)$/.test(next);
}

/** `does that board have other statuses`: what is asked for stands behind the verb. */
function behindOwner(words: readonly Word[]): number {
  if (!/^(does|do|did|has|have)$/.test(words[0]?.text ?? '')) return -1;
  const at = words.findIndex(({ text }, place) => place > 1 && possess.test(text));
  return at === -1 ? -1 : at + 1;
}

/** `a report of tickets closed last month`: what is reported on is read, whatever makes the report. */
function behindReport(words: readonly Word[]): number {
  const at = words.findIndex(
    ({ text, clauseEnd }) => !clauseEnd && /^(report|chart|breakdown|spreadsheet)$/.test(text),
  );
  if (at === -1 || at > 4 || !/^(of|on|about|showing|listing|with)$/.test(words[at + 1]?.text ?? '')) return -1;
  const front = words.slice(0, at).every((word) => stopWords.has(word.text) || findVerb(word.text) !== undefined);
  return front && words.slice(at + 2).some(({ known }) => known) ? at + 2 : -1;
}

const reading = /^(list|show|get|find|give|check|see|pull|fetch|display|search|count|look|view)$/;

/**
 * `who looks after Contoso? the company team`, `is it done? check the POs`: what stands behind a question says it
 * again, and nearer to the names of things.
 */
function behindQuestion(words: readonly Word[]): number {
  const at = words.findLastIndex(({ asked }, place) => asked && place < words.length - 1) + 1;
  const again = words.slice(at);
  if (at === 0 || !again.some(({ known, text }) => known && !stopWords.has(text))) return -1;
  const first = again.find(({ text }) => !stopWords.has(text));
  if (first === undefined || first.quoted) return -1;
  const verb = findVerb(first.text);
  const orders = reading.test(first.text) || (verb !== undefined && !verb.weak && verb.doubtful === undefined);
  const names = again.every(
    ({ text }) => !questionWords.test(text) && (findVerb(text) === undefined || text === 'open'),
  );
  return orders || names ? at : -1;
}

/** Finds where a request begins to ask; all of it is the main part where nothing stands in front. */
export function splitClauses(request: readonly Word[]): Clauses {
  const words = request.slice(behindSelf(request));
  const cut = (at: number, zone: Clauses['zone']): Clauses => ({
    main: words.slice(at),
    front: words.slice(0, at),
    zone,
  });
  const report = behindReport(words);
  const again = behindQuestion(words);
  if (again > 0) return cut(again, words.slice(0, again).some(({ number }) => number) ? 'context' : 'filter');
  if (report > 0) return { main: words.slice(report), front: [], zone: 'filter' };
  const [question, input] = [embeddedQuestion(words), behindInput(words)];
  if (question > 0) return cut(question, 'filter');
  if (input > 0) return cut(input, 'context');
  const owner = behindOwner(words);
  if (owner > 0 && owner < words.length) return cut(owner, 'context');
  const order = behindStory(words);
  // `ticket 4410 is done, close it`: a record with its number is what the order is about.
  if (order > 0) return cut(order, words.slice(0, order).some(({ number }) => number) ? 'context' : 'filter');
  return { main: words, front: [], zone: 'filter' };
}

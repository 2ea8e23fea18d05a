import type { Part, Resource, SearchIndex } from './load-index.ts';
import type { Meaning, Request, Term } from './parse-request.ts';
import { stem } from './stem.ts';
import { stopWords } from './stop-words.ts';
import type { Weights } from './weights.ts';

/** How well the words of a request fit one resource. */
export interface TextScore {
  resource: number;
  points: number;
  /** For each term of the request, how well it fits: 0 to about 1. */
  fits: Float64Array;
  /** The record that is named by its number, of which a value is wanted. */
  one: boolean;
  reasons: string[];
}

/** Rare words tell more, but mildly: `type` and `status` are common and still name what is wanted. */
function rarity(index: SearchIndex, meaning: Meaning): number {
  const counts = meaning.stems.map((stem) => index.postings.get(stem)?.length ?? index.members.get(stem)?.length ?? 0);
  const most = Math.max(1, Math.min(...counts.filter((count) => count > 0)));
  return 1 + 0.12 * Math.log2(index.resources.length / most);
}

/** How well each resource fits one meaning of a term. Of several words all must be there, else it is half. */
function fitMeaning(index: SearchIndex, term: Term, meaning: Meaning): Map<number, number> {
  const parts: Record<Part | 'member', number> =
    term.names === 'thing' ? index.weights.asHead : index.weights.asContext;
  const sums = new Map<number, { sum: number; found: number }>();
  for (const stem of meaning.stems) {
    const best = new Map<number, number>();
    for (const { resource, part } of index.postings.get(stem) ?? [])
      best.set(resource, Math.max(best.get(resource) ?? 0, parts[part]));
    for (const resource of index.members.get(stem) ?? []) if (!best.has(resource)) best.set(resource, parts.member);
    for (const [resource, fit] of best) {
      const sum = sums.get(resource) ?? { sum: 0, found: 0 };
      sums.set(resource, { sum: sum.sum + fit, found: sum.found + 1 });
    }
  }
  const fits = new Map<number, number>();
  for (const [resource, { sum, found }] of sums) {
    const whole = found === meaning.stems.length ? 1 : 0.5;
    fits.set(resource, (sum / meaning.stems.length) * whole * meaning.strength);
  }
  return fits;
}

/** The best fit of each resource over the meanings of a term, and how rare the term is. */
function fitTerm(index: SearchIndex, term: Term): { fits: Map<number, number>; rarity: number } {
  const fits = new Map<number, number>();
  let rare = 0;
  for (const meaning of term.meanings) {
    const found = fitMeaning(index, term, meaning);
    if (found.size > 0) rare = Math.max(rare, rarity(index, meaning));
    for (const [resource, fit] of found) if (fit > (fits.get(resource) ?? 0)) fits.set(resource, fit);
  }
  return { fits, rarity: rare };
}

/** What people and clients are kept as: to name one is to name the record. */
const owners: ReadonlySet<string> = new Set(['member', 'company', 'contact'].map(stem));

/** Off for the words of a resource's path that the request does not say. */
function unsaid(off: Weights['unsaid'], resource: Resource, { said, ownerNamed }: Request): number {
  const missing = (words: readonly string[]) => {
    let sum = 0;
    for (const word of words) sum += (stopWords.has(word) ? 0.3 : 1) * (1 - (said.get(word) ?? 0));
    return sum;
  };
  let points = missing(resource.own) * off.own;
  // Who is named need not be called a member or a company too.
  for (const [at, parent] of resource.parents.entries())
    if (!(ownerNamed && at === 0 && parent.every((word) => owners.has(word))))
      points += Math.min(1.5, missing(parent)) * (at === 0 ? off.parent : off.grandparent);
  return points;
}

/** Whether the noun that the request ends on names this resource and not only its parent or a member of it. */
function namesHead(request: Request, resource: Resource, fits: Float64Array): boolean {
  const head = request.headLast;
  if (head === undefined) return true;
  const at = request.terms.indexOf(head);
  if (resource.action !== undefined && resource.action === request.action) return fits.some((fit) => fit >= 0.45);
  if (
    (fits[at] ?? 0) >= 0.55 &&
    head.meanings.some((meaning) => meaning.stems.some((stem) => ownWords(resource).includes(stem)))
  )
    return true;
  // `adjustment detail`: a filler noun behind the head may be the resource after all.
  return request.terms.some(
    (term, place) =>
      place > at && term.role === 'empty' && resource.own.some((word) => term.meanings[0]?.stems[0] === word),
  );
}

/** The words that name what the resource holds, or what its action acts on: not those of its parent. */
function ownWords(resource: Resource): readonly string[] {
  const above = resource.parents.flat();
  return [...resource.own, ...resource.summary, ...resource.name.filter((word) => !above.includes(word))];
}

const isOwn = ({ own }: Resource, { meanings }: Term): boolean =>
  meanings.some(({ stems }) => stems.some((stem) => own.includes(stem)));

/**
 * How well the request is about a value of this resource's record: `change the stage of an opportunity` changes the
 * opportunity. The noun is a member of the record, and the record is named as its owner.
 */
function fitAttribute(
  index: SearchIndex,
  request: Request,
  { resource, fits }: TextScore,
  known: ReadonlySet<Term>,
): number {
  const head = request.headLast;
  const record = index.resources[resource];
  if (head === undefined || record === undefined || record.action !== undefined || record.parents.length > 1) return 0;
  const [noun = ''] = head.meanings[0]?.stems ?? [];
  if (index.members.get(noun)?.includes(resource) !== true) return 0;
  if (request.renames && !/^(name|titl|summari|label|subject)$/.test(noun)) return 0;
  // A record below another is not meant by a member alone: the `email` of a contact is not that of an opportunity's.
  if (record.parents.some((parent) => !parent.some((word) => request.said.has(word)))) return 0;
  const update = request.intent === 'update';
  // What lies below the record as a collection of its own is meant itself: the statuses of a board, the time on a ticket.
  // Nor is it a list of the module, unless one record is named by its number: `the status of project 42`.
  const { hasChild, isCompound } = index.vocabulary;
  const numbered = request.terms.some((term) => term !== head && term.numbered);
  const isChild = (word: string) => head.meanings.some(({ stems }) => hasChild(word, stems, numbered));
  if (!request.newValue && record.own.some((word) => word === noun || isChild(word))) return 0;
  const others = request.terms.filter(
    (term) => term !== head && known.has(term) && (term.role === 'head' || term.role === 'context'),
  );
  const owned = others.some(
    (term) =>
      term.numbered ||
      (update &&
        (request.newValue ||
          term.role === 'context' ||
          term.possessive ||
          !isCompound(term.meanings.at(-1)?.stems.at(-1) ?? '', noun))),
  );
  if (!owned || !(update || (request.intent === 'read' && request.number !== 'many'))) return 0;
  if (!record.own.every((word) => (request.said.get(word) ?? 0) >= 0.5)) return 0;
  // `the revenue we forecast on opportunity 1180`: a value of what lies below the numbered record is of many.
  if (
    request.intent === 'read' &&
    record.parents.length > 0 &&
    !others.some((term) => term.numbered && isOwn(record, term))
  )
    return 0;
  const fitting = others.map((term) => Math.min(1, (fits[request.terms.indexOf(term)] ?? 0) / 0.5));
  if (fitting.some((fit) => fit < 0.2)) return 0;
  return fitting.reduce((sum, fit) => sum + fit, 0) / fitting.length;
}

/** Points for pairs of neighbouring words that are one member's name. */
function memberPhrases(index: SearchIndex, request: Request): Map<number, number> {
  const points = new Map<number, number>();
  for (const [at, term] of request.terms.entries()) {
    const [left, right] = [term.meanings[0]?.stems[0], request.terms[at + 1]?.meanings[0]?.stems[0]];
    if (term.role === 'value' || request.terms[at + 1]?.role === 'value') continue;
    if (left === undefined || right === undefined || index.vocabulary.isCompound(left, right)) continue;
    // `end time` is `timeEnd`.
    for (const resource of [
      ...(index.members.get(`${left} ${right}`) ?? []),
      ...(index.members.get(`${right} ${left}`) ?? []),
    ]) {
      const { own, name, parents } = index.resources[resource] ?? { own: [], name: [], parents: [] };
      // A record below another is not meant by a member alone: `phone number` is not of an opportunity's contacts.
      if (parents.some((parent) => !parent.some((word) => request.said.has(word)))) continue;
      const named = [...own, ...name, ...parents.flat()];
      // What the path says already is no member that was asked for.
      if (!(named.includes(left) && named.includes(right))) points.set(resource, index.weights.memberPhrase);
    }
  }
  return points;
}

/** Scores every resource that shares a word with the request, best first. */
export function scoreResources(index: SearchIndex, request: Request): TextScore[] {
  const scores = new Map<number, TextScore>();
  const known = new Set<Term>();
  let total = 0;
  for (const [at, term] of request.terms.entries()) {
    const { fits, rarity: rare } = fitTerm(index, term);
    if (rare === 0) continue;
    const weight = index.weights.role[term.role] * rare;
    total += weight;
    known.add(term);
    for (const [resource, fit] of fits) {
      const score = scores.get(resource) ?? {
        resource,
        points: 0,
        fits: new Float64Array(request.terms.length),
        one: false,
        reasons: [],
      };
      score.points += weight * fit;
      score.fits[at] = fit;
      scores.set(resource, score);
    }
  }
  const phrases = memberPhrases(index, request);
  for (const score of scores.values()) finish(index, request, score, total, known, phrases.get(score.resource) ?? 0);
  return [...scores.values()].sort((a, b) => b.points - a.points);
}

function finish(
  index: SearchIndex,
  request: Request,
  score: TextScore,
  total: number,
  known: ReadonlySet<Term>,
  phrase: number,
): void {
  const resource = index.resources[score.resource];
  if (resource === undefined) return;
  const { weights } = index;
  const attribute = fitAttribute(index, request, score, known);
  const words = Math.max(
    weights.full * weights.attribute * attribute,
    (score.points / Math.max(total, 0.3)) * weights.full,
  );
  const off = unsaid(weights.unsaid, resource, request);
  const loose = request.ownerIsOne && resource.parents.length > 0 && !resource.path.includes('{}');
  const depth = resource.parents.length * weights.depth + (loose ? weights.ownerMissing : 0);
  score.one = attribute > 0 && request.intent === 'read';
  const missing = attribute > 0 || namesHead(request, resource, score.fits) ? 0 : weights.headMissing;
  score.points = words + phrase - off - depth - missing;
  score.reasons.push(`words ${words.toFixed(2)}`, `unsaid -${off.toFixed(2)}`, `depth -${depth.toFixed(2)}`);
  if (missing > 0) score.reasons.push(`head noun elsewhere -${missing}`);
  if (phrase > 0) score.reasons.push(`member name +${phrase}`);
}

import { createRandom } from '../../scripts/finding/random.ts';
import { type TrainingSet, trainingSet, trainOn } from '../../scripts/finding/search-model.ts';
import { writtenSentences } from '../../scripts/finding/sentences.ts';
import type { Definition, EndpointSummary } from '../../src/catalog/endpoint.ts';
import { loadSearchIndex } from '../../src/search/load-index.ts';
import { usualMatch } from '../../src/search/match.ts';
import { shapeOf } from '../../src/search/resource.ts';
import { search, usualMix } from '../../src/search/search.ts';
import { endpointKey } from '../../tests/evals/requests.ts';

const folds = 5;
/** How much the words count beside the model: the one in use is chosen from these. */
const weights = [0.25, 0.5, 0.75, 1];

interface Case {
  query: string;
  isRight(endpoint: EndpointSummary): boolean;
}

/** By the text alone, so that a sentence is in the same fold in every run. */
function foldOf(text: string): number {
  let hash = 7;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % folds;
}

/** 95 % interval of a share (Wilson). */
export function interval(hits: number, count: number): string {
  const z = 1.96;
  const share = hits / count;
  const middle = (share + (z * z) / (2 * count)) / (1 + (z * z) / count);
  const half = (z / (1 + (z * z) / count)) * Math.sqrt((share * (1 - share)) / count + (z * z) / (4 * count * count));
  return `${share.toFixed(3)} (${(middle - half).toFixed(3)}–${(middle + half).toFixed(3)})`;
}

/** A list is right where one record is meant, and the search that does what the list does. */
function sentenceCases({ sayings }: TrainingSet, fold: number): Case[] {
  const held = sayings.map((one) => ({ ...one, says: one.says.filter(({ text }) => foldOf(text) === fold) }));
  return writtenSentences(held, createRandom(1)).map(({ text, resources, forms }) => ({
    query: text,
    isRight: ({ method, path }) => {
      const { resource, form, secondary } = shapeOf(method, path);
      if (secondary !== undefined || !resources.includes(resource)) return false;
      const asList = form === 'search' ? 'list' : form;
      return forms.includes(asList) || (asList === 'list' && forms.includes('record'));
    },
  }));
}

function requestCases({ requests }: TrainingSet, fold: number): Case[] {
  return requests
    .filter(({ query }) => foldOf(query) === fold)
    .map(({ query, gold }) => {
      const right = new Set(gold.map(endpointKey));
      return { query, isRight: (endpoint) => right.has(endpointKey(endpoint)) };
    });
}

/**
 * Trains without a fifth of the written sentences and of the requests and measures on that fifth, five times: a table by
 * the weight of the words.
 */
export function crossValidate(
  definition: Definition,
  bytes: Uint8Array,
  endpoints: readonly EndpointSummary[],
): string[] {
  const set = trainingSet();
  const counts = weights.map(() => ({ sentences: [0, 0, 0], requests: [0, 0, 0] }));
  for (let fold = 0; fold < folds; fold++) {
    const model = trainOn(definition, {
      sayings: set.sayings.map((one) => ({ ...one, says: one.says.filter(({ text }) => foldOf(text) !== fold) })),
      requests: set.requests.filter(({ query }) => foldOf(query) !== fold),
    });
    for (const [at, words] of weights.entries()) {
      const tuning = { mix: { ...usualMix, words }, match: usualMatch };
      const index = loadSearchIndex(bytes, endpoints, model, tuning);
      for (const [kind, cases] of [
        ['sentences', sentenceCases(set, fold)],
        ['requests', requestCases(set, fold)],
      ] as const) {
        const count = counts[at]?.[kind] ?? [];
        for (const { query, isRight } of cases) {
          const place = search(index, query, { limit: 5 }).results.findIndex(({ endpoint }) => isRight(endpoint));
          count[0] = (count[0] ?? 0) + (place === 0 ? 1 : 0);
          count[1] = (count[1] ?? 0) + (place >= 0 ? 1 : 0);
          count[2] = (count[2] ?? 0) + 1;
        }
      }
    }
  }
  const rows = counts.map(({ sentences, requests }, at) => {
    const cells = [sentences, requests].flatMap(([one = 0, five = 0, all = 0]) => [
      interval(one, all),
      interval(five, all),
    ]);
    return `| ${weights[at]} | ${cells.join(' | ')} |`;
  });
  return [
    '| weight of the words | sentences hit@1 | sentences hit@5 | requests hit@1 | requests hit@5 |',
    '| --: | --: | --: | --: | --: |',
    ...rows,
  ];
}

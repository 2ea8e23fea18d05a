import type { Definition, EndpointSummary } from '../../src/catalog/endpoint.ts';
import { buildSearchIndex } from '../../src/search/index-data.ts';
import { lexicon } from '../../src/search/lexicon.ts';
import { loadSearchIndex, type Tuning } from '../../src/search/load-index.ts';
import { search } from '../../src/search/search.ts';
import { type Weights, weights } from '../../src/search/weights.ts';
import { type EvalRequest, measure } from '../../tests/evals/requests.ts';

const usual: Tuning = { weights, lexicon };
const alike = <T extends Record<string, number>>(group: T, value: number): T =>
  Object.fromEntries(Object.keys(group).map((key) => [key, value])) as T;
const weighing = (changed: Partial<Weights>): Tuning => ({ ...usual, weights: { ...weights, ...changed } });

/** The ranking with one part taken out at a time. */
const without: readonly [name: string, tuning: Tuning][] = [
  ['nothing', usual],
  ['verb and number against the form of the endpoint', weighing({ form: alike(weights.form, 0) })],
  ['where a word is in the request', weighing({ role: alike(weights.role, 0.5) })],
  [
    'which part of a resource has the word',
    weighing({ asHead: alike(weights.asHead, 0.9), asContext: alike(weights.asContext, 0.9) }),
  ],
  ['words of the path that were not said', weighing({ unsaid: alike(weights.unsaid, 0) })],
  ['the head noun has to be in the name', weighing({ headMissing: 0 })],
  ["the trade's words", { ...usual, lexicon: [] }],
  ['secondary forms only when asked for', weighing({ unasked: 0 })],
  ['everyday resources', weighing({ everyday: 0 })],
  ['a value of a record means the record', weighing({ attribute: 0 })],
  ['actions named by their verb', weighing({ actionSaid: 0, actionUnsaid: 0 })],
  ['depth', weighing({ depth: 0 })],
  ['names of members', weighing({ memberPhrase: 0 })],
];

/** A table of the ranking's results without each of its parts. */
export function ablation(
  definition: Definition,
  endpoints: readonly EndpointSummary[],
  requests: readonly EvalRequest[],
): string[] {
  const bytes = buildSearchIndex(definition);
  const rows = without.map(([name, tuning]) => {
    const index = loadSearchIndex(bytes, endpoints, tuning);
    const all = measure(requests, (query, limit) =>
      search(index, query, { limit, mode: 'request' }).results.map(({ endpoint }) => endpoint),
    ).get('all');
    return `| ${name} | ${all?.hit1.toFixed(3)} | ${all?.hit5.toFixed(3)} |`;
  });
  return ['| without | hit@1 | hit@5 |', '| --- | --: | --: |', ...rows];
}

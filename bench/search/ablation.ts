import type { EndpointSummary } from '../../src/catalog/endpoint.ts';
import { loadSearchIndex, type Tuning } from '../../src/search/load-index.ts';
import { usualMatch } from '../../src/search/match.ts';
import { search, usualMix } from '../../src/search/search.ts';
import { type EvalRequest, isHeldOut, measure } from '../../tests/evals/requests.ts';

const mixing = (changed: Partial<Tuning['mix']>): Tuning => ({ mix: { ...usualMix, ...changed }, match: usualMatch });
const matching = (changed: Partial<Tuning['match']>): Tuning => ({
  mix: usualMix,
  match: { ...usualMatch, ...changed },
});

/** The ranking with one part taken out at a time. */
const without: readonly [name: string, tuning: Tuning, withModel?: boolean][] = [
  ['nothing', mixing({})],
  ['the model', mixing({}), false],
  ['the words of paths', mixing({ words: 0 })],
  ['words of the path that were not said', matching({ own: 0, parent: 0, grandparent: 0 })],
  ['the last noun has to be in the name', matching({ headMissing: 0 })],
  ['secondary forms only when asked for', mixing({ secondary: 0 })],
];

/** A table of the ranking's results without each of its parts, on requests that nothing was tuned to. */
export function ablation(
  bytes: Uint8Array,
  endpoints: readonly EndpointSummary[],
  model: Uint8Array,
  requests: readonly EvalRequest[],
): string[] {
  const held = requests.filter(({ id }) => isHeldOut(id));
  const rows = without.map(([name, tuning, withModel = true]) => {
    const index = loadSearchIndex(bytes, endpoints, withModel ? model : undefined, tuning);
    const all = measure(held, (query, limit) =>
      search(index, query, { limit }).results.map(({ endpoint }) => endpoint),
    ).get('all');
    return `| ${name} | ${all?.hit1.toFixed(3)} | ${all?.hit5.toFixed(3)} |`;
  });
  return ['| without, on D and E | hit@1 | hit@5 |', '| --- | --: | --: |', ...rows];
}

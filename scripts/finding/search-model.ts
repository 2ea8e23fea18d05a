// The search model of a definition: trained once for its inputs, and kept in node_modules/.cache by their hash.
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Definition } from '../../src/catalog/endpoint.ts';
import { indexEndpoints, type ResourceData } from '../../src/search/index-data.ts';
import { type Form, shapeOf } from '../../src/search/resource.ts';
import { stem } from '../../src/search/stem.ts';
import { type EvalRequest, isHeldOut, readRequests } from '../../tests/evals/requests.ts';
import { createDrawing, inventedWords, readSayings, type Sayings } from './sentences.ts';
import { type TrainingOptions, trainModel, usualTraining, type Weighted } from './train-model.ts';

const root = join(import.meta.dirname, '..', '..');
/** What the result depends on, beside the definition. */
const inputs = [
  'scripts/finding/**/*.{ts,txt}',
  'src/search/{compounds,features,index-data,model,resource,stem,stop-words,tokenize,verbs}.ts',
  'tests/evals/requests.{ts,jsonl}',
];
/** Requests are how people talk: each counts more than a sentence of the grammar. */
const requestWeight = 1.5;
/** Sentences of the grammar in a pass, beside the written ones. */
const made = 9_000;

export interface TrainingSet {
  sayings: readonly Sayings[];
  requests: readonly EvalRequest[];
}

/** All that may be trained on: the sentences, and the requests that are not held out. */
export function trainingSet(): TrainingSet {
  const requests = readRequests(join(root, 'tests/evals/requests.jsonl')).filter(({ id }) => !isHeldOut(id));
  return { sayings: readSayings(), requests };
}

/** Trains on a set, for the resources of a definition and those that only sentences name (the gateway's own). */
export function trainOn(
  definition: Definition,
  { sayings, requests }: TrainingSet,
  options: TrainingOptions = usualTraining,
): Uint8Array {
  const { resources } = indexEndpoints(definition.endpoints, definition.schemas);
  const formsOf = new Map<string, Set<Form>>();
  const note = (resource: string, form: Form) => formsOf.set(resource, (formsOf.get(resource) ?? new Set()).add(form));
  for (const { method, path } of definition.endpoints) {
    const { resource, form } = shapeOf(method, path);
    note(resource, form);
  }
  const known = new Set(resources.map(({ path }) => path));
  const own = sayings.filter(({ resource }) => !known.has(resource));
  for (const { resource, says } of own) for (const { form } of says) note(resource, form);
  const invented = new Set([...inventedWords].map(stem));
  const draw = createDrawing(sayings, formsOf, definition);
  const asked = requests.map(toSentence);
  return trainModel(
    [...resources, ...own.flatMap(describe)],
    (random) => [...draw(random, made), ...asked],
    { isInvented: (word) => invented.has(word), names: namesOf(sayings, resources) },
    options,
  );
}

/**
 * What people call a record in one word, and what the catalog calls it, as stems: only where both are one word, and nothing
 * else is called so.
 */
function namesOf(sayings: readonly Sayings[], resources: readonly ResourceData[]): Record<string, string> {
  const ownWord = new Map(
    resources.flatMap(({ path, own: [word = '', ...more] }) => (more.length > 0 ? [] : [[path, word]])),
  );
  const own = new Set(ownWord.values());
  const found = new Map<string, Set<string>>();
  for (const { resource, names } of sayings) {
    const word = ownWord.get(resource);
    const words = names.map((name) => stem(name.replace('@', '').toLowerCase()));
    // `/expense/entries` is not called an entry.
    if (word === undefined || !words.includes(word)) continue;
    for (const said of words) {
      if (!/^[a-z]+$/.test(said) || own.has(said)) continue;
      found.set(said, (found.get(said) ?? new Set()).add(word));
    }
  }
  return Object.fromEntries(
    [...found].flatMap(([said, [word = '', ...more]]) => (more.length > 0 ? [] : [[said, word]])),
  );
}

/** A resource of the gateway itself, by its path alone. */
function describe({ resource, says }: Sayings): ResourceData[] {
  const method = says.some(({ form }) => form === 'action') ? 'POST' : 'GET';
  return indexEndpoints([{ method, path: resource, category: 'Gateway', summary: '' }], []).resources;
}

/** Lists that can be searched too are lists. */
function toSentence({ query, gold }: EvalRequest): Weighted {
  const shapes = gold.map(({ method, path }) => shapeOf(method as 'GET', path));
  const forms = [...new Set(shapes.map(({ form }) => form))];
  return {
    text: query,
    resources: [...new Set(shapes.map(({ resource }) => resource))],
    forms: forms.filter((form) => form !== 'search' || !forms.includes('list')),
    weight: requestWeight,
  };
}

/**
 * The model that ships. Training takes about half a minute, so the result is kept by the hash of all that it is made
 * from: a build after any other change takes it from there.
 */
export function searchModel(definition: Definition, onTraining: (text: string) => void = () => {}): Uint8Array {
  const hash = createHash('sha256').update(JSON.stringify(indexEndpoints(definition.endpoints, definition.schemas)));
  for (const file of globSync(inputs, { cwd: root }).sort())
    hash.update(readFileSync(join(root, file), 'utf8').replaceAll('\r\n', '\n'));
  const file = join(root, 'node_modules', '.cache', `search-model-${hash.digest('hex').slice(0, 16)}.bin`);
  if (existsSync(file)) return readFileSync(file);
  const started = performance.now();
  const bytes = trainOn(definition, trainingSet());
  onTraining(`Trained the search model in ${Math.round((performance.now() - started) / 1000)} s`);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, bytes);
  return bytes;
}

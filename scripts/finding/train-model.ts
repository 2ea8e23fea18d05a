// Trains the model that search reads requests with: a vector for each feature of a request, a vector for each
// resource, made from those of its own words by their place, so that rare resources learn from others with the same
// words. Everything is addition, multiplication, division and square roots of doubles, which are the same on every
// machine: the same sentences and the same seed give the same bytes.
import { buckets, type Features, featuresOf, unknownName, unknownWord } from '../../src/search/features.ts';
import type { ResourceData } from '../../src/search/index-data.ts';
import {
  alignedEnd,
  layOut,
  type ModelHeader,
  modelVersion,
  patternRows,
  patternWeightOf,
  rowsOf,
  sizeOf,
} from '../../src/search/model.ts';
import { forms } from '../../src/search/resource.ts';
import { createRandom } from './random.ts';
import type { Sentence } from './sentences.ts';

export interface TrainingOptions {
  seed: number;
  /** Times that sentences are drawn, and how often each draw is gone through. */
  draws: number;
  rounds: number;
  /** Numbers of a vector. */
  size: number;
  onPass?: (pass: number, loss: number) => void;
}

export const usualTraining: TrainingOptions = { seed: 1, draws: 7, rounds: 2, size: 48 };

/** A sentence made ready: rows of its features, and what is right. */
interface Example {
  rows: Int32Array;
  weights: Float64Array;
  /** Rows of its patterns in the table of forms. */
  patterns: Int32Array;
  resources: readonly number[];
  forms: readonly number[];
  weight: number;
}

export interface Weighted extends Sentence {
  weight: number;
}

const batchSize = 256;
const rate = 0.3;
/** The form has few numbers to learn, and many sentences for each. */
const formRate = 0.5;
const dropped = 0.1;
/** A gradient below this changes nothing that can be seen, and most of the resources have one. */
const negligible = 2e-4;
/**
 * A written sentence is in every draw. A bucket that only one sentence has is not learnt; a word is, and is read as an unknown
 * one half of the time, so that unknown words are learnt too. In fewer draws are typing errors alone.
 */
const fewestSentences = 2;
const rareKnown = 0.5;
const typedWrong = 2;

const powersOfTwo = Float64Array.from({ length: 32 }, (_, at) => 2 ** -at);
/** One over the factorials, for the series of the exponential function. */
const inverseFactorials = [1, 1, 1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040, 1 / 40320];

/** e to the power of a number that is not above zero. `Math.exp` may differ from engine to engine. */
export function expOf(x: number): number {
  if (x < -20) return 0;
  const halvings = Math.round(-x * Math.LOG2E);
  const rest = x + halvings * Math.LN2;
  let sum = 0;
  for (let n = 8; n >= 0; n--) sum = sum * rest + (inverseFactorials[n] as number);
  return sum * (powersOfTwo[halvings] as number);
}

/** Points to probabilities, in place. */
function softmax(points: Float64Array): void {
  let most = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < points.length; at++) most = Math.max(most, points[at] as number);
  let sum = 0;
  for (let at = 0; at < points.length; at++) sum += points[at] = expOf((points[at] as number) - most);
  for (let at = 0; at < points.length; at++) points[at] = (points[at] as number) / sum;
}

/** Numbers that are learnt, a row for each thing: Adagrad, which takes smaller steps where it took many. */
interface Table {
  values: Float64Array;
  gradients: Float64Array;
  /** Says that a row has a gradient, and gives its start. */
  touch(row: number): number;
  /** Goes one step along the gradients and forgets them. */
  step(scale: number): void;
  /** Adds the values as they are now to the mean that `settle` makes them. */
  note(): void;
  settle(): void;
}

function createTable(rows: number, size: number, start: () => number, speed = rate): Table {
  const values = Float64Array.from({ length: rows * size }, start);
  const gradients = new Float64Array(rows * size);
  const squares = new Float64Array(rows * size).fill(1e-3);
  const isTouched = new Uint8Array(rows);
  const sums = new Float64Array(rows * size);
  let noted = 0;
  let touched: number[] = [];
  return {
    values,
    gradients,
    touch(row) {
      if (isTouched[row] === 0) touched.push(row);
      isTouched[row] = 1;
      return row * size;
    },
    step(scale) {
      for (const row of touched) {
        isTouched[row] = 0;
        const end = (row + 1) * size;
        for (let at = row * size; at < end; at++) {
          const gradient = (gradients[at] as number) * scale;
          const sum = (squares[at] as number) + gradient * gradient;
          squares[at] = sum;
          values[at] = (values[at] as number) - (speed * gradient) / Math.sqrt(sum);
          gradients[at] = 0;
        }
      }
      touched = [];
    },
    note() {
      noted++;
      for (let at = 0; at < sums.length; at++) sums[at] = (sums[at] as number) + (values[at] as number);
    },
    settle() {
      for (let at = 0; at < sums.length; at++) values[at] = (sums[at] as number) / noted;
    },
  };
}

/** What a resource is made of: its words by their place, and itself. Places that share a word share what it means. */
function partsOf(resources: readonly ResourceData[]): { parts: number[][]; count: number } {
  const numbers = new Map<string, number>();
  const numberOf = (part: string) => {
    const number = numbers.get(part) ?? numbers.size;
    numbers.set(part, number);
    return number;
  };
  const parts = resources.map(({ own, name, parents, module, action, path }) => {
    const [parent = [], ...above] = parents;
    const named: string[] = [
      ...own.map((word) => `own ${word}`),
      ...parent.map((word) => `parent ${word}`),
      ...above.flat().map((word) => `above ${word}`),
      ...[...own, ...name, ...parent, ...above.flat()].map((word) => `any ${word}`),
      ...(action === undefined ? [] : [`action ${action}`]),
      `module ${module}`,
      `itself ${path} ${action ?? ''}`,
    ];
    return [...new Set(named)].map(numberOf);
  });
  return { parts, count: numbers.size };
}

/** How many sentences have each word. */
function countWords(sentences: readonly Sentence[], isInvented: (word: string) => boolean): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { text } of sentences)
    for (const word of new Set(featuresOf(text, (stem) => !isInvented(stem)).words))
      counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** Rows for the buckets that enough of the requests have: those of pairs and pieces behind the words, patterns apart. */
function numberBuckets(
  all: readonly Features[],
  first: number,
  fewest: number,
): { rowOf: Int16Array; rows: number; patterns: number } {
  const counts = new Uint32Array(3 * buckets);
  for (const { pairs, pieces, patterns } of all)
    for (const [part, list] of [pairs, pieces, patterns].entries())
      for (const bucket of list) counts[part * buckets + bucket] = (counts[part * buckets + bucket] as number) + 1;
  const rowOf = new Int16Array(3 * buckets).fill(-1);
  let rows = first;
  let patterns = 0;
  for (const [bucket, count] of counts.entries())
    if (count >= fewest) rowOf[bucket] = bucket < 2 * buckets ? rows++ : patterns++;
  return { rowOf, rows, patterns };
}

/**
 * Trains a model.
 * @param drawPass the sentences of one draw, with how much each counts
 * @returns the file that `loadModel` reads
 */
export function trainModel(
  resources: readonly ResourceData[],
  drawPass: (random: () => number) => Weighted[],
  { isInvented, names }: { isInvented: (word: string) => boolean; names: ModelHeader['names'] },
  options: TrainingOptions,
): Uint8Array {
  const { seed, draws, rounds, size } = options;
  const random = createRandom(seed);
  const fewest = draws * (fewestSentences - 1) + 1;
  const fewestOfWord = Math.max(1, draws - typedWrong);
  const drawn = Array.from({ length: draws }, () => drawPass(random));
  const counts = countWords(drawn.flat(), isInvented);
  const frequent = [...counts.keys()].filter((word) => (counts.get(word) ?? 0) >= fewestOfWord).sort();
  const words = [...new Set([unknownName, unknownWord, ...frequent])];
  const wordRows = new Map(words.map((word, at) => [word, at]));
  const isKnown = (word: string) => wordRows.has(word) && ((counts.get(word) ?? 0) >= fewest || random() < rareKnown);
  const features = drawn.map((pass) => pass.map(({ text }) => featuresOf(text, isKnown)));
  const { rowOf, rows, patterns } = numberBuckets(features.flat(), words.length, fewest);
  const paths = resources.map(({ path }) => path);
  const numberOf = new Map(paths.map((path, at) => [path, at]));
  const small = () => (random() - 0.5) * 0.2;
  const { parts, count } = partsOf(resources);
  const learnt = {
    features: createTable(rows, size, small),
    forms: createTable(rows + patterns, forms.length, () => 0, formRate),
    parts: createTable(count, size, small),
    biases: createTable(1, resources.length, () => 0),
    formBiases: createTable(1, forms.length, () => 0),
  };
  const examples = drawn.map((sentences, draw) =>
    sentences.flatMap((sentence, at): Example[] => {
      const known = sentence.resources.map((path) => numberOf.get(path)).filter((number) => number !== undefined);
      const read = features[draw]?.[at];
      if (known.length === 0 || read === undefined) return [];
      const pairs = rowsOf(read, wordRows, rowOf);
      return [
        {
          rows: Int32Array.from(pairs, ([row]) => row),
          weights: Float64Array.from(pairs, ([, weight]) => weight),
          patterns: Int32Array.from(patternRows(read, rows, rowOf)),
          resources: known,
          forms: sentence.forms.map((form) => forms.indexOf(form)),
          weight: sentence.weight,
        },
      ];
    }),
  );
  for (let pass = 0; pass < draws * rounds; pass++) {
    const batch = examples[pass % draws] ?? [];
    shuffle(batch, random);
    let loss = 0;
    for (let at = 0; at < batch.length; at += batchSize)
      loss += learnBatch(batch.slice(at, at + batchSize), learnt, parts, size, random);
    options.onPass?.(pass, loss / batch.length);
    // The mean of the last passes is better on requests that were not seen than the last one.
    if (pass >= (draws * rounds) / 2) for (const table of Object.values(learnt)) table.note();
  }
  for (const table of Object.values(learnt)) table.settle();
  const header: ModelHeader = { version: modelVersion, size, words, resources: paths, names, rows, patterns };
  return encode(header, rowOf, learnt, sumParts(learnt.parts.values, parts, size), size);
}

function shuffle<T>(items: T[], random: () => number): void {
  for (let at = items.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [items[at], items[other]] = [items[other] as T, items[at] as T];
  }
}

/** The vectors of all resources. */
function sumParts(values: Float64Array, parts: readonly number[][], size: number): Float64Array {
  const sums = new Float64Array(parts.length * size);
  for (const [resource, list] of parts.entries())
    for (const part of list)
      for (let at = 0; at < size; at++)
        sums[resource * size + at] = (sums[resource * size + at] as number) + (values[part * size + at] as number);
  return sums;
}

interface Learnt {
  features: Table;
  forms: Table;
  parts: Table;
  biases: Table;
  formBiases: Table;
}

/** Where several are right, half of the target is shared alike, half by what the model believes. */
function takeTarget(points: Float64Array, right: readonly number[]): number {
  let believed = 0;
  for (const at of right) believed += points[at] as number;
  const shares = right.map((at) => 0.5 / right.length + (0.5 * (points[at] as number)) / Math.max(believed, 1e-12));
  for (const [place, at] of right.entries()) points[at] = (points[at] as number) - (shares[place] as number);
  return 1 - believed;
}

/** Learns from some sentences at once. @returns the sum of what the model did not believe of what is right */
function learnBatch(
  examples: readonly Example[],
  { features, forms: formTable, parts: partTable, biases, formBiases }: Learnt,
  parts: readonly number[][],
  size: number,
  random: () => number,
): number {
  const count = parts.length;
  const vectors = sumParts(partTable.values, parts, size);
  const vectorGradients = new Float64Array(count * size);
  const points = new Float64Array(count);
  const formPoints = new Float64Array(forms.length);
  const vector = new Float64Array(size);
  const gradient = new Float64Array(size);
  biases.touch(0);
  formBiases.touch(0);
  let loss = 0;
  let total = 0;
  for (const { rows, weights, patterns, resources, forms: right, weight } of examples) {
    const used = weights.map((one) => (random() < dropped ? 0 : one));
    let squares = 0;
    for (let at = 0; at < used.length; at++) squares += (used[at] as number) ** 2;
    const length = 1 / Math.sqrt(Math.max(squares, 1));
    vector.fill(0);
    formPoints.set(formBiases.values);
    for (let f = 0; f < rows.length; f++) {
      const share = (used[f] as number) * length;
      if (share === 0) continue;
      const from = (rows[f] as number) * size;
      for (let at = 0; at < size; at++)
        vector[at] = (vector[at] as number) + share * (features.values[from + at] as number);
      const fromForm = (rows[f] as number) * forms.length;
      for (let at = 0; at < forms.length; at++)
        formPoints[at] = (formPoints[at] as number) + share * (formTable.values[fromForm + at] as number);
    }
    const patternWeight = patternWeightOf(patterns.length);
    for (const row of patterns) {
      const from = row * forms.length;
      for (let at = 0; at < forms.length; at++)
        formPoints[at] = (formPoints[at] as number) + patternWeight * (formTable.values[from + at] as number);
    }
    for (let resource = 0, from = 0; resource < count; resource++) {
      let dot = biases.values[resource] as number;
      for (let at = 0; at < size; at++, from++) dot += (vector[at] as number) * (vectors[from] as number);
      points[resource] = dot;
    }
    softmax(points);
    softmax(formPoints);
    loss += takeTarget(points, resources);
    takeTarget(formPoints, right);
    total += weight;
    gradient.fill(0);
    for (let resource = 0; resource < count; resource++) {
      const slope = (points[resource] as number) * weight;
      if (slope < negligible && slope > -negligible) continue;
      biases.gradients[resource] = (biases.gradients[resource] as number) + slope;
      const from = resource * size;
      for (let at = 0; at < size; at++) {
        gradient[at] = (gradient[at] as number) + slope * (vectors[from + at] as number);
        vectorGradients[from + at] = (vectorGradients[from + at] as number) + slope * (vector[at] as number);
      }
    }
    for (let at = 0; at < forms.length; at++)
      formBiases.gradients[at] = (formBiases.gradients[at] as number) + (formPoints[at] as number) * weight;
    for (const row of patterns) {
      const from = formTable.touch(row);
      for (let at = 0; at < forms.length; at++)
        formTable.gradients[from + at] =
          (formTable.gradients[from + at] as number) + patternWeight * (formPoints[at] as number) * weight;
    }
    for (let f = 0; f < rows.length; f++) {
      const share = (used[f] as number) * length;
      if (share === 0) continue;
      const row = rows[f] as number;
      const from = features.touch(row);
      for (let at = 0; at < size; at++)
        features.gradients[from + at] = (features.gradients[from + at] as number) + share * (gradient[at] as number);
      const fromForm = formTable.touch(row);
      for (let at = 0; at < forms.length; at++)
        formTable.gradients[fromForm + at] =
          (formTable.gradients[fromForm + at] as number) + share * (formPoints[at] as number) * weight;
    }
  }
  for (const [resource, list] of parts.entries())
    for (const part of list) {
      const to = partTable.touch(part);
      for (let at = 0; at < size; at++)
        partTable.gradients[to + at] =
          (partTable.gradients[to + at] as number) + (vectorGradients[resource * size + at] as number);
    }
  for (const table of [features, formTable, partTable, biases, formBiases]) table.step(1 / total);
  return loss;
}

/** The file of a model: the length of the header, the header, the numbers. */
function encode(
  header: ModelHeader,
  rowOf: Int16Array,
  { features, forms: formTable, biases, formBiases }: Learnt,
  resources: Float64Array,
  size: number,
): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const start = alignedEnd(text.length);
  const bytes = new Uint8Array(start + sizeOf(header));
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  const numbers = layOut(header, bytes.buffer, start);
  numbers.rowOf.set(rowOf);
  numbers.biases.set(biases.values);
  numbers.biases.set(formBiases.values, header.resources.length);
  const halve = ({ values, steps }: { values: Int8Array; steps: Float32Array }, from: Float64Array, length: number) => {
    for (let row = 0; row < steps.length; row++) {
      let most = 0;
      for (let at = row * length; at < (row + 1) * length; at++) most = Math.max(most, Math.abs(from[at] as number));
      const step = Math.fround(most / 127);
      steps[row] = step;
      for (let at = row * length; at < (row + 1) * length; at++)
        values[at] = step === 0 ? 0 : Math.round((from[at] as number) / step);
    }
  };
  halve(numbers.features, features.values, size);
  halve(numbers.forms, formTable.values, forms.length);
  halve(numbers.resources, resources, size);
  return bytes;
}

import { buckets, type Features, featuresOf, featureWeights, unknownWord } from './features.ts';
import { type Form, forms } from './resource.ts';

/** Rises when the layout or the features change: a model of another version is not used. */
export const modelVersion = 1;

/** What the model file begins with, as JSON; behind it are the numbers. */
export interface ModelHeader {
  version: number;
  /** Numbers of a vector. */
  size: number;
  /** Stems of the first rows, in order. */
  words: string[];
  /** Paths of the resources, in order. */
  resources: string[];
  /** Stems of what people call a record, and of what the catalog calls it: `client`, `company`. */
  names: Record<string, string>;
  /** Rows of words, pairs and pieces. */
  rows: number;
  /** Rows of patterns, which only tell the form. */
  patterns: number;
}

/** What the model believes of one request: natural logarithms of probabilities. */
export interface Belief {
  /** By the number of the resource in the model. */
  resources: Float64Array;
  form: Readonly<Record<Form, number>>;
  /** Words that say something and that the model was trained on. */
  known: number;
}

export interface Model {
  /** Number of a resource in the model, by its path; undefined for one that it was not trained on. */
  numberOf(path: string): number | undefined;
  /** Whether the training had this stem. */
  knows(stem: string): boolean;
  /** The catalog's stem for what people call a record; undefined for other words. */
  nameFor(stem: string): string | undefined;
  read(request: string): Belief;
}

/** Vectors in whole numbers from -127 to 127, each with the size of one step. */
interface Vectors {
  values: Int8Array;
  steps: Float32Array;
}

/** The numbers of a model file, views of its bytes. */
export interface ModelNumbers {
  /** Row of each bucket, -1 for one that the training hardly met: pairs first, then pieces, then patterns. */
  rowOf: Int16Array;
  features: Vectors;
  /** What each feature says of the form. */
  forms: Vectors;
  resources: Vectors;
  /** What is added for each resource, and for each form. */
  biases: Float32Array;
}

/** Where the numbers are, for a header. The parts of two and four bytes come first, so that views may be made of them. */
export function layOut(
  { size, rows, patterns, resources }: ModelHeader,
  buffer: ArrayBuffer,
  offset: number,
): ModelNumbers {
  let at = offset;
  const take = <T extends Int8Array | Int16Array | Float32Array>(
    type: new (buffer: ArrayBuffer, offset: number, length: number) => T,
    length: number,
  ): T => {
    const view = new type(buffer, at, length);
    at += view.byteLength;
    return view;
  };
  const steps = take(Float32Array, rows);
  const formSteps = take(Float32Array, rows + patterns);
  const resourceSteps = take(Float32Array, resources.length);
  const biases = take(Float32Array, resources.length + forms.length);
  const rowOf = take(Int16Array, 3 * buckets);
  return {
    rowOf,
    biases,
    features: { steps, values: take(Int8Array, rows * size) },
    forms: { steps: formSteps, values: take(Int8Array, (rows + patterns) * forms.length) },
    resources: { steps: resourceSteps, values: take(Int8Array, resources.length * size) },
  };
}

/** Bytes of the numbers of a model. */
export function sizeOf({ size, rows, patterns, resources }: ModelHeader): number {
  const steps = 4 * (2 * rows + patterns + 2 * resources.length + forms.length);
  return steps + 2 * 3 * buckets + rows * size + (rows + patterns) * forms.length + resources.length * size;
}

/** Adds `weight` times one vector to a sum. */
function addVector(sum: Float64Array, { values, steps }: Vectors, row: number, weight: number): void {
  const size = sum.length;
  const factor = weight * (steps[row] ?? 0);
  for (let at = 0, from = row * size; at < size; at++, from++) sum[at] = (sum[at] ?? 0) + factor * (values[from] ?? 0);
}

/** In place: points to logarithms of probabilities. */
function normalise(points: Float64Array): Float64Array {
  let most = Number.NEGATIVE_INFINITY;
  for (const point of points) if (point > most) most = point;
  let sum = 0;
  for (const point of points) sum += Math.exp(point - most);
  const off = most + Math.log(sum);
  for (let at = 0; at < points.length; at++) points[at] = (points[at] ?? 0) - off;
  return points;
}

/**
 * Makes a model ready. `undefined` for bytes that are missing, of another version or damaged: search then goes by the
 * words of paths alone.
 */
export function loadModel(bytes: Uint8Array | undefined): Model | undefined {
  if (bytes === undefined || bytes.length < 4) return undefined;
  let header: ModelHeader;
  // A copy at an offset that is a multiple of four, as views need it.
  const buffer = new Uint8Array(bytes).buffer;
  const length = new DataView(buffer).getUint32(0, true);
  try {
    header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length))) as ModelHeader;
  } catch {
    return undefined;
  }
  const start = alignedEnd(length);
  if (header.version !== modelVersion || buffer.byteLength !== start + sizeOf(header)) return undefined;
  return createModel(header, layOut(header, buffer, start));
}

/** Where the numbers begin behind a header of this length. */
export const alignedEnd = (length: number): number => 4 * Math.ceil((4 + length) / 4);

function createModel(header: ModelHeader, numbers: ModelNumbers): Model {
  const wordRows = new Map(header.words.map((word, at) => [word, at]));
  const numberOfPath = new Map(header.resources.map((path, at) => [path, at]));
  const names = new Map(Object.entries(header.names));
  const { size } = header;
  const count = header.resources.length;
  return {
    numberOf: (path) => numberOfPath.get(path),
    knows: (word) => wordRows.has(word),
    nameFor: (word) => names.get(word),
    read(request) {
      const features = featuresOf(request, (stem) => wordRows.has(stem));
      const vector = new Float64Array(size);
      const form = new Float64Array(forms.length);
      let squares = 0;
      for (const [row, weight] of rowsOf(features, wordRows, numbers.rowOf)) {
        addVector(vector, numbers.features, row, weight);
        addVector(form, numbers.forms, row, weight);
        squares += weight * weight;
      }
      const length = 1 / Math.sqrt(Math.max(squares, 1));
      const patterns = patternRows(features, header.rows, numbers.rowOf);
      const patternWeight = patternWeightOf(patterns.length) / length;
      for (const row of patterns) addVector(form, numbers.forms, row, patternWeight);
      const resources = new Float64Array(count);
      const { values, steps } = numbers.resources;
      for (let resource = 0, from = 0; resource < count; resource++) {
        let dot = 0;
        for (let at = 0; at < size; at++, from++) dot += (vector[at] ?? 0) * (values[from] ?? 0);
        resources[resource] = length * dot * (steps[resource] ?? 0) + (numbers.biases[resource] ?? 0);
      }
      for (let at = 0; at < form.length; at++) form[at] = length * (form[at] ?? 0) + (numbers.biases[count + at] ?? 0);
      normalise(form);
      const byForm = Object.fromEntries(forms.map((name, at) => [name, form[at] ?? 0])) as Record<Form, number>;
      return { resources: normalise(resources), form: byForm, known: features.known };
    },
  };
}

/** Rows of a request's features with their weights; each word once. */
export function rowsOf(
  { words, pairs, pieces }: Features,
  wordRows: ReadonlyMap<string, number>,
  rowOf: Int16Array,
): [row: number, weight: number][] {
  const rows: [number, number][] = [];
  for (const word of new Set(words)) {
    const row = wordRows.get(word) ?? wordRows.get(unknownWord);
    if (row !== undefined) rows.push([row, featureWeights.word]);
  }
  for (const [list, offset, weight] of [
    [pairs, 0, featureWeights.pair],
    [pieces, buckets, featureWeights.piece],
  ] as const)
    for (const bucket of list) {
      const row = rowOf[offset + bucket] ?? -1;
      if (row >= 0) rows.push([row, weight]);
    }
  return rows;
}

/** Rows of the patterns of a request in the table of forms, behind those of all other features. */
export function patternRows({ patterns }: Features, first: number, rowOf: Int16Array): number[] {
  return patterns.flatMap((bucket) => {
    const row = rowOf[2 * buckets + bucket] ?? -1;
    return row < 0 ? [] : [first + row];
  });
}

/** Together the patterns of a request weigh the same, however many there are. */
export const patternWeightOf = (count: number): number => featureWeights.pattern / Math.sqrt(Math.max(1, count));

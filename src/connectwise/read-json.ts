import { otherWork } from '../core/async.ts';
import { maxLevels } from '../core/json.ts';

/** What no answer of ConnectWise comes near to; more would hold the process while it is laid out. */
export const jsonLimits = {
  /** In one object; the largest records have some 450. */
  members: 5_000,
  /** In one element of a list: members, elements, and those of what is inside. */
  valuesOfElement: 30_000,
  /** In a list. */
  values: 1_000_000,
  /** In anything else, which is parsed in one go: a report has 1,000 rows of some hundred columns at most. */
  valuesOfOne: 300_000,
  elements: 100_000,
} as const;

export interface JsonPieces {
  /** Characters that are looked at in one go, and parsed where the answer is a list; then other work runs. */
  pieceLength?: number;
}

/** Why JSON was not parsed: a clause that follows “The answer”. */
export interface Refusal {
  refused: string;
}

/**
 * The value of a JSON text, without holding the process: it is measured first, and a list is parsed a part at a time.
 * A text that is too much is refused before anything is made of it.
 * @throws SyntaxError as `JSON.parse` does
 */
export async function readJsonInPieces(
  text: string,
  { pieceLength = 500_000 }: JsonPieces = {},
): Promise<{ value: unknown } | Refusal> {
  const measure = startMeasure(pieceLength);
  for (let end = 0; end < text.length; ) {
    if (end > 0) await otherWork();
    end = Math.min(end + pieceLength, text.length);
    measure.look(text, end);
    const refused = measure.refused();
    if (refused !== undefined) return { refused };
  }
  const [first, ...more] = measure.cuts();
  const close = text.lastIndexOf(']');
  // A text that has something around its list is no JSON, which parsing it as a whole says.
  const isWhole = /^[ \t\n\r]*\[/.test(text) && /^[ \t\n\r]*$/.test(text.slice(close + 1));
  if (first === undefined || !isWhole) return { value: JSON.parse(text) };
  const list: unknown[] = [];
  let from = text.indexOf('[') + 1;
  for (const at of [first, ...more]) {
    for (const element of parsePart(text, from, at)) list.push(element);
    from = at + 1;
    await otherWork();
  }
  for (const element of parsePart(text, from, close)) list.push(element);
  return { value: list };
}

/** Decodes a body without holding the process; undefined for a character set that nothing knows. */
export async function decodeInPieces(bytes: Uint8Array, charset: string, pieceBytes = 4_000_000) {
  if (bytes.byteLength <= pieceBytes) return decode(bytes, charset);
  const decoder = createDecoder(charset);
  if (decoder === undefined) return undefined;
  let text = '';
  for (let from = 0; from < bytes.byteLength; from += pieceBytes) {
    text += decoder.decode(bytes.subarray(from, from + pieceBytes), { stream: true });
    await otherWork();
  }
  return text + decoder.decode();
}

/** The text of bytes; undefined for a character set that nothing knows. */
export const decode = (bytes: Uint8Array, charset: string): string | undefined => createDecoder(charset)?.decode(bytes);

function createDecoder(charset: string): InstanceType<typeof TextDecoder> | undefined {
  try {
    return new TextDecoder(charset);
  } catch {
    return undefined;
  }
}

/** Elements of a list between two of its commas. */
function parsePart(text: string, from: number, to: number): unknown[] {
  const part: unknown[] = JSON.parse(`[${text.slice(from, to)}]`);
  if (part.length === 0) throw new SyntaxError('a comma without an element');
  return part;
}

/** The quote that ends a text: none behind an odd number of backslashes. */
function endOfText(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 1)) {
    let escapes = 0;
    while (at - escapes > from && text[at - escapes - 1] === '\\') escapes += 1;
    if (escapes % 2 === 0) return at;
  }
  return text.length;
}

interface Measure {
  /** Goes on up to `end`. */
  look(text: string, end: number): void;
  refused(): string | undefined;
  /** Commas of the outermost list between its parts; none where it is small, or not a list. */
  cuts(): readonly number[];
}

/** Counts values without making them. What is no JSON is counted somehow: parsing it fails afterwards. */
function startMeasure(pieceLength: number): Measure {
  // Commas so far, for each level that is open, and whether it is an object.
  const commas = new Int32Array(maxLevels + 1);
  const isObject = new Uint8Array(maxLevels + 1);
  const cuts: number[] = [];
  let at = 0;
  let level = 0;
  let inText = false;
  let isList = false;
  let values = 0;
  let valuesBefore = 0;
  let lastCut = 0;
  let refused: string | undefined;

  const open = (kind: number) => {
    if (values === 0) isList = kind === 0;
    level += 1;
    if (level > maxLevels) refused = `is nested deeper than ${maxLevels} levels`;
    commas[level] = 0;
    isObject[level] = kind;
    count();
  };
  const count = () => {
    values += 1;
    const most = isList ? jsonLimits.values : jsonLimits.valuesOfOne;
    if (values > most) refused = `holds more than ${most.toLocaleString('en')} values`;
    if (isList && level > 1 && values - valuesBefore > jsonLimits.valuesOfElement)
      refused = `has a record of more than ${jsonLimits.valuesOfElement.toLocaleString('en')} values`;
  };
  const next = () => {
    const before = (commas[level] ?? 0) + 1;
    commas[level] = before;
    if (isObject[level] === 1 && before >= jsonLimits.members)
      refused = `has a record of more than ${jsonLimits.members.toLocaleString('en')} members`;
    if (isList && level === 1) {
      if (before >= jsonLimits.elements) refused = `has more than ${jsonLimits.elements.toLocaleString('en')} rows`;
      valuesBefore = values;
      if (at - lastCut >= pieceLength) {
        cuts.push(at);
        lastCut = at;
      }
    }
    count();
  };

  return {
    look(text, end) {
      for (; at < end && refused === undefined; at++) {
        if (inText) {
          at = endOfText(text, at);
          inText = false;
          continue;
        }
        const code = text.charCodeAt(at);
        if (code === 0x22) inText = true;
        else if (code === 0x2c) next();
        else if (code === 0x7b) open(1);
        else if (code === 0x5b) open(0);
        else if (code === 0x7d || code === 0x5d) level = Math.max(level - 1, 0);
      }
    },
    refused: () => refused,
    cuts: () => cuts,
  };
}

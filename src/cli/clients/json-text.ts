import { getNodeValue, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { GatewayError } from '../../core/errors.ts';

/** A JSON file as its owner keeps it: comments, order, line ends and byte order mark stay through every edit. */
export interface JsonText {
  file: string;
  hasMark: boolean;
  text: string;
}

/**
 * Reads a file of settings; an absent or blank one is an empty object.
 * @throws GatewayError `configuration_invalid` that says where it does not parse
 */
export function readJsonText(bytes: Uint8Array | undefined, file: string): JsonText {
  const text = decode(bytes ?? new Uint8Array(), file);
  const hasMark = text.startsWith('\uFEFF');
  const json: JsonText = { file, hasMark, text: hasMark ? text.slice(1) : text };
  if (json.text.trim() === '') return { ...json, text: '' };
  getRoot(json);
  return json;
}

export function toBytes({ hasMark, text }: JsonText): Uint8Array {
  return Buffer.from(hasMark ? `\uFEFF${text}` : text, 'utf8');
}

/** The whole value; an empty object for an empty file. */
export function readValue(json: JsonText): Record<string, unknown> {
  return json.text === '' ? {} : (getNodeValue(getRoot(json)) as Record<string, unknown>);
}

/** @throws GatewayError `configuration_invalid` for text that is no JSON object, with line and column */
export function getRoot({ file, text }: JsonText): Node {
  const errors: ParseError[] = [];
  // Comments and a comma at the end are what people leave behind; they hold no danger and stay.
  const root = parseTree(text, errors, { allowTrailingComma: true, disallowComments: false });
  const [error] = errors;
  if (error !== undefined)
    throw unparsable(file, `${printParseErrorCode(error.error)} at ${place(text, error.offset)}`);
  if (root?.type !== 'object') throw unparsable(file, 'it holds no JSON object');
  return root;
}

export function unparsable(file: string, problem: string): GatewayError {
  return new GatewayError('configuration_invalid', `${file} cannot be read, and was not touched: ${problem}.`, {
    hint: 'Correct the file (most often a comma or a quotation mark is missing), then run init again.',
    details: { field: file },
  });
}

/** Text that is not UTF-8 would be changed by reading and writing it. */
function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    const { message } = unparsable(file, 'it is not UTF-8 text');
    throw new GatewayError('configuration_invalid', message, { cause, hint: 'Save it as UTF-8, then run init again.' });
  }
}

function place(text: string, offset: number): string {
  const before = text.slice(0, offset).split(/\r\n|\n|\r/);
  return `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}

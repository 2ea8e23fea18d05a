import { GatewayError } from '../core/errors.ts';

const allowedPaths = 'a path below the API root, such as /service/tickets/123';

// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const controlPattern = /[\u0000-\u001f\u007f-\u009f]/;

/**
 * One path segment as the server will read it. Servers differ in when they decode, so what could change the path at
 * any stage is refused in every form: `..`, slashes and backslashes, control characters, and a second encoding.
 * @throws GatewayError `invalid_path`
 */
export function decodeSegment(segment: string): string {
  const decoded = decode(segment);
  if (decoded === undefined) throw invalidPath(segment, 'is not valid percent-encoding');
  if (/%[\da-f]{2}/i.test(decoded)) throw invalidPath(segment, 'is encoded twice');
  if (decoded === '' || decoded === '.' || decoded.includes('..')) throw invalidPath(segment, 'would leave its folder');
  if (/[/\\]/.test(decoded)) throw invalidPath(segment, 'holds a slash or backslash');
  checkText(decoded);
  return decoded;
}

/** @throws GatewayError `invalid_path` for control characters and halves of surrogate pairs */
export function checkText(text: string): void {
  if (controlPattern.test(text)) throw invalidPath(text, 'holds control characters or line breaks');
  if (!text.isWellFormed()) throw invalidPath(text, 'holds half of a surrogate pair');
}

export function invalidPath(text: string, problem: string): GatewayError {
  // JSON makes what cannot be seen visible.
  const shown = JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
  return new GatewayError('invalid_path', `The path cannot be called: ${shown} ${problem}.`, {
    hint: `Give ${allowedPaths}.`,
    details: { field: 'path' },
  });
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

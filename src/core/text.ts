/** A name reduced to its letters and digits in lower case, so that `Status Name`, `status_name` and `statusName` are equal. */
export const simplified = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

// Direction overrides and isolates, and tag characters, make a text look different from what it says. Joiners and
// marks that right-to-left text needs are kept.
const deceptive = /[\u202A-\u202E\u2066-\u2069]|\u{E0001}|[\u{E0020}-\u{E007F}]/gu;

// Some clients read these as the end of a line of the protocol.
const lineEnds = /[\u2028\u2029]/g;

// biome-ignore lint/suspicious/noControlCharactersInRegex: removing control characters is this expression's purpose
const control = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/g;

// Nearly every text matches this one test, which saves three replacements.
const plain = /^[\t\n\r -~]*$/;

/** The text without characters that deceive a reader or break a terminal. */
export function cleanText(text: string): string {
  if (plain.test(text)) return text;
  return text.toWellFormed().replace(deceptive, '').replace(lineEnds, '\n').replace(control, '');
}

/** `340 kB`: a size as people compare sizes. */
export function renderSize(bytes: number): string {
  if (bytes < 1_000) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  if (bytes < 999_500) return `${Math.round(bytes / 1_000)} kB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

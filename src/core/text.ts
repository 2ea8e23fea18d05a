/** A name reduced to its letters and digits in lower case, so that `Status Name`, `status_name` and `statusName` are equal. */
export const simplified = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

// Direction overrides and isolates, and tag characters, show one text and carry another. Joiners and marks that
// real right-to-left text needs stay.
const deceptive = /[\u202A-\u202E\u2066-\u2069]|\u{E0001}|[\u{E0020}-\u{E007F}]/gu;

// Some clients end a line of the protocol there.
const lineEnds = /[\u2028\u2029]/g;

// biome-ignore lint/suspicious/noControlCharactersInRegex: removing control characters is this expression's purpose
const control = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/g;

// Nearly every text: found out in one look, where taking out what is not there would take three.
const plain = /^[\t\n\r -~]*$/;

/** A text without characters that deceive a reader or break a terminal. */
export function cleanText(text: string): string {
  if (plain.test(text)) return text;
  return text.toWellFormed().replace(deceptive, '').replace(lineEnds, '\n').replace(control, '');
}

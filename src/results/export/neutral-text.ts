import { cleanText } from '../../core/text.ts';

/** Spreadsheets take a text that begins so for a formula, and a formula can run programs and send what it reads. */
const startsFormula = /^[=+\-@\t\r]/;

/** A text that a spreadsheet shows and never computes: an apostrophe before what would begin a formula. */
export function neutralText(text: string): string {
  const clean = cleanText(text);
  return startsFormula.test(clean) ? `'${clean}` : clean;
}

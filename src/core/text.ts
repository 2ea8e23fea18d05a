/** A name reduced to its letters and digits in lower case, so that `Status Name`, `status_name` and `statusName` are equal. */
export const simplified = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

// What a reader does not see, by Unicode category, so that no list of such characters has to be complete: controls,
// formats (zero-width, direction, tags), private use, variation selectors and other ignorable ones, half surrogates.
const invisible = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/u;

// The formats that have a shape of their own: signs in front of Arabic, Syriac and Kaithi numbers.
const visibleFormats = '\\u0600-\\u0605\\u06DD\\u070F\\u0890\\u0891\\u08E2\\u{110BD}\\u{110CD}';

// A joiner shapes letters, but not those of these scripts, where it only hides in a word.
const unjoined = '\\p{sc=Latin}\\p{sc=Greek}\\p{sc=Cyrillic}\\p{sc=Han}\\p{sc=Hangul}\\p{sc=Hiragana}\\p{sc=Katakana}';
const emoji = '\\p{Extended_Pictographic}';

const betweenLetters = `(?<=[\\p{L}\\p{M}])(?<![${unjoined}])[\\u200C\\u200D](?=\\p{L})(?![${unjoined}])`;
const betweenEmoji = `(?<=${emoji}[\\uFE0F\\p{EMod}]?)\\u200D${emoji}`;
const behindEmoji = `(?<=${emoji})[\\uFE0E\\uFE0F]|(?<=[\\d#*])\\uFE0F\\u20E3`;

/** Invisible characters, except where they belong to what is seen: a joiner between letters, one selector behind an emoji. */
const hidden = new RegExp(
  [
    '(?![\\t\\n\\r])\\p{Cc}',
    '[\\p{Co}\\p{Cs}\\p{Noncharacter_Code_Point}]',
    `(?![${visibleFormats}])(?!${betweenLetters})(?!${betweenEmoji})(?!${behindEmoji})[\\p{Cf}\\p{Default_Ignorable_Code_Point}]`,
  ].join('|'),
  'gu',
);

// Some clients read these as the end of a line of the protocol.
const lineEnds = /[\u2028\u2029]/g;

// Nearly every text matches one of these tests, which saves the replacements.
const plain = /^[\t\n\r -~]*$/;

/** Whether a text is of the characters of a keyboard only, which hide nothing and cost no time. */
export const isPlain = (text: string): boolean => plain.test(text);

/** The text without characters that deceive a reader or break a terminal. */
export function cleanText(text: string): string {
  if (plain.test(text)) return text;
  const lines = text.toWellFormed().replace(lineEnds, '\n');
  return invisible.test(lines) ? lines.replace(hidden, '') : lines;
}

/** A name of ConnectWise, such as that of a member: clean and in one line, so that it cannot look like another one. */
export const cleanName = (name: string): string => cleanText(name).replace(/\s*[\r\n]\s*/g, ' ');

/** The text with those characters written out, as `\u{200B}`: of what is sent, a reader must see everything. */
export function showHidden(text: string): string {
  return plain.test(text) ? text : text.replace(hiddenOrEnd, writeOut);
}

/** What `showHidden` writes out, in the order of the text. */
export function findHidden(text: string): string[] {
  return plain.test(text) ? [] : (text.match(hiddenOrEnd) ?? []).map(writeOut);
}

const hiddenOrEnd = new RegExp(`${hidden.source}|[\\u2028\\u2029]`, 'gu');

const writeOut = (character: string) =>
  `\\u{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}}`;

/** `340 kB`: a size as people compare sizes. */
export function renderSize(bytes: number): string {
  if (bytes < 1_000) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  if (bytes < 999_500) return `${Math.round(bytes / 1_000)} kB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

import { invalidPath } from './path-segments.ts';

/**
 * The members of a query string as people and links write it: encoded or not, with spaces, quotes and ampersands in
 * quotes.
 * @throws GatewayError `invalid_path` when a member comes twice
 */
export function parseQueryText(text: string): Record<string, string> {
  const members = new Map<string, string>();
  for (const piece of splitMembers(text)) {
    if (piece === '') continue;
    const equals = piece.indexOf('=');
    const name = decodeValue(equals < 0 ? piece : piece.slice(0, equals)).trim();
    if (name === '') throw invalidPath(piece, 'has a query value without a name');
    if (members.has(name)) throw invalidPath(name, 'is given twice in the query');
    members.set(name, equals < 0 ? '' : decodeValue(piece.slice(equals + 1)).trim());
  }
  return Object.fromEntries(members);
}

/** Splits at `&name=`, except inside quotes: `company/name="A&B=C"` is one value. */
function splitMembers(text: string): string[] {
  const members: string[] = [];
  let start = 0;
  let scanned = 0;
  let quote: string | undefined;
  for (const { index } of text.matchAll(/&(?=[A-Za-z_][\w.-]*=|$)/g)) {
    quote = quoteAfter(text.slice(scanned, index), quote);
    scanned = index;
    // A quote that nothing later closes is an apostrophe, as in O'Brien.
    if (quote !== undefined && text.lastIndexOf(quote) > index) continue;
    members.push(withoutTrailingAmpersands(text.slice(start, index)));
    start = scanned = index + 1;
    quote = undefined;
  }
  members.push(text.slice(start));
  return members;
}

/** The quote that is open after `text`, when `open` was before it. */
function quoteAfter(text: string, open: string | undefined): string | undefined {
  let quote = open;
  for (const character of text) {
    if (quote === undefined && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = undefined;
  }
  return quote;
}

function withoutTrailingAmpersands(text: string): string {
  let end = text.length;
  while (text[end - 1] === '&') end -= 1;
  return text.slice(0, end);
}

/**
 * A value with a space in it was not encoded: `like '%20 %'` means what it says. Otherwise escapes are decoded when
 * all of them are valid, and `+` is a space where others are escapes, as `Link` writes it (CW 3.3).
 */
function decodeValue(text: string): string {
  if (/\s/.test(text) || !text.includes('%')) return text;
  const spaced = text.includes('%20') ? text : text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return text;
  }
}

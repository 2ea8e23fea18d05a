/** Splits names and sentences into words. Nothing here knows what a word means. */

/** One word of a request, with what its writing tells. */
export interface Token {
  /** Lower case, letters and digits only. */
  text: string;
  /** Written with a capital, and not at the start of a sentence: perhaps a name. */
  capital: boolean;
  /** With a capital and small letters behind it, as names are: `Acme`, not `SLA`. */
  titled: boolean;
  /** Inside quotes: a value somebody looks for. */
  quoted: boolean;
  /** Inside parentheses, or after a dash: said by the way. */
  aside: boolean;
  /** Joined to the word before by a slash: the same thing in another word. */
  slashed: boolean;
  /** Written with 's: what follows belongs to it. */
  possessive: boolean;
  /** Digits, with or without `#`. */
  number: boolean;
  /** Ends a clause: a comma, colon, semicolon or full stop follows. */
  clauseEnd: boolean;
  /** Ends a question: a question mark follows. */
  asked: boolean;
}

/** Longer requests are read up to here: the subject stands at the front, and time stays bounded. */
const maxCharacters = 1000;
const maxTokens = 60;
/** A colon behind fewer words introduces what is asked: `Tickets: list them`. */
const wordsBeforeColon = 3;

/**
 * Words of an identifier: `purchaseOrderStatuses`, `SLAs`, `RMADispositions`, `M365Contacts`.
 * The plural of an acronym stays one word.
 */
export function splitIdentifier(name: string): string[] {
  const parts = name
    .replace(/connectwise/i, ' connectwise ')
    .replace(/([A-Z]{2,})s(?=[A-Z]|$)/g, (_, acronym: string) => ` ${acronym.toLowerCase()}s `)
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z\d]+/);
  return parts.filter((part) => part !== '').map((part) => part.toLowerCase());
}

/** Marks what stands in parentheses or behind a long dash, so that the words can be weighed by it. */
function clauses(text: string): { text: string; aside: boolean }[] {
  const parts: { text: string; aside: boolean }[] = [];
  let depth = 0;
  let afterDash = false;
  for (const piece of text.split(/([()[\]]|\s[–—-]{1,2}\s|—)/)) {
    if (piece === '(' || piece === '[') depth++;
    else if (piece === ')' || piece === ']') depth = Math.max(0, depth - 1);
    else if (/^\s?[–—-]{1,2}\s?$/.test(piece)) afterDash = true;
    else if (piece.trim() !== '') parts.push({ text: piece, aside: depth > 0 || (afterDash && parts.length > 0) });
  }
  return parts;
}

const wordPattern =
  /(["“”])([^"“”]{1,80})["“”]|(?<=^|\s)'([^']{1,80})'(?=[\s,.?!;:)]|$)|(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{1,64}|\d+(?:[.,]\d+)+\p{L}*|#?[\p{L}\p{N}_]+(?:['’][\p{L}]+)?|[,.;:?!]/gu;

const plainToken: Omit<Token, 'text'> = {
  capital: false,
  titled: false,
  quoted: false,
  aside: false,
  slashed: false,
  possessive: false,
  number: false,
  clauseEnd: false,
  asked: false,
};

function tokensOf(text: string, aside: boolean, quoted: boolean): Token[] {
  const tokens: Token[] = [];
  let sentenceStart = true;
  let explained = false;
  for (const match of text.matchAll(wordPattern)) {
    const [whole] = match;
    const quote = match[2] ?? match[3];
    if (quote !== undefined) {
      tokens.push(...tokensOf(quote, aside, true));
      continue;
    }
    if (/^[,.;:?!]$/.test(whole)) {
      const last = tokens.at(-1);
      if (last) last.clauseEnd = true;
      if (last && whole === '?') last.asked = true;
      if (whole !== ',') sentenceStart = true;
      // `information on the server: version, region`: what follows a colon goes into detail.
      if (whole === ':') explained = tokens.length >= wordsBeforeColon;
      else if (whole !== ',') explained = false;
      continue;
    }
    // `38.50` and `1.5h` are amounts, for a record's number has no point, and an address is a value too.
    if (/^\d+[.,]|@/.test(whole)) {
      tokens.push({ ...plainToken, text: whole.replace(/[^\d\p{L}]/gu, ''), quoted: true, aside: aside || explained });
      sentenceStart = false;
      continue;
    }
    const number = /^#?\d+$/.test(whole);
    const bare = whole.replace(/^#/, '').replace(/['’](s|re|ve|d|ll|m|t)$/i, '');
    const slashed = text[match.index - 1] === '/' && tokens.length > 0;
    const possessive = /['’]s$/.test(whole);
    const capital = /^\p{Lu}/u.test(bare) && !sentenceStart;
    const words = number || quoted ? [bare.toLowerCase()] : splitWord(bare);
    const titled = /^\p{Lu}\p{Ll}+$/u.test(bare);
    const marks = {
      capital,
      titled,
      quoted,
      aside: aside || explained,
      slashed,
      possessive,
      clauseEnd: false,
      asked: false,
    };
    for (const word of words) tokens.push({ text: word, ...marks, number: /^\d+$/.test(word) });
    sentenceStart = false;
  }
  return tokens;
}

/** `TimeEntry` and `time_entry` are two words; `ConnectWise`, `o365` and words of other scripts are one. */
function splitWord(word: string): string[] {
  if (!/^[A-Za-z\d_]+$/.test(word)) return [word.toLowerCase()];
  return splitIdentifier(word);
}

/** Words of a request in order. Any string is accepted; a string without words gives none. */
export function tokenize(request: string): Token[] {
  const text = request.slice(0, maxCharacters).replace(/\bconnect\s?wise\b/gi, 'connectwise');
  return clauses(text)
    .flatMap((clause) => tokensOf(clause.text, clause.aside, false))
    .slice(0, maxTokens);
}

const unchanging: ReadonlySet<string> = new Set([
  'info',
  'inventory',
  'access',
  'business',
  'analysis',
  'series',
  'news',
  'crm',
  'sms',
  'dns',
  'gps',
  'on hand',
  'setup info',
]);

/** The words of an identifier: `agreementTypes` is two, `SLAInfo` is `SLA info`; abbreviations keep their capitals. */
export function wordsOf(identifier: string): readonly string[] {
  // `SLAs` and `KPIs` are plurals of abbreviations, not an abbreviation and a word.
  const parts = identifier.match(/[A-Z]{2,}s(?![a-z])|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? [];
  return joinDigits(parts).map((part) => (/^[A-Z]{2,}/.test(part) ? part : part.toLowerCase()));
}

/** `M 365` is one word, as is `office 365` to nobody: digits join the single letter before them. */
function joinDigits(parts: readonly string[]): readonly string[] {
  const joined: string[] = [];
  for (const part of parts) {
    const previous = joined.at(-1);
    if (/^\d/.test(part) && previous !== undefined && previous.length <= 2)
      joined[joined.length - 1] = previous.toUpperCase() + part;
    else joined.push(part);
  }
  return joined;
}

/** `statuses` is `status`, `companies` is `company`; what is no plural stays. Works on the last word of a phrase. */
export function singular(phrase: string): string {
  const word = phrase.toLowerCase();
  if (unchanging.has(lastWord(word)) || /(ss|us|is)$/.test(word)) return phrase;
  if (/[^aeiou]ies$/.test(word) && word.length > 4) return `${phrase.slice(0, -3)}y`;
  if (/(statuses|viruses|buses|ses{2}|sses|xes|ches|shes|zzes)$/.test(word)) return phrase.slice(0, -2);
  return word.endsWith('s') ? phrase.slice(0, -1) : phrase;
}

/** Works on the last word of a phrase; a plural stays. */
export function plural(phrase: string): string {
  const word = phrase.toLowerCase();
  if (unchanging.has(lastWord(word))) return phrase;
  if (singular(phrase) !== phrase) return phrase;
  if (/[^aeiou]y$/.test(word) && !/^[A-Z]+$/.test(lastWord(phrase))) return `${phrase.slice(0, -1)}ies`;
  if (/(s|x|ch|sh|z)$/.test(word)) return `${phrase}es`;
  return `${phrase}s`;
}

function lastWord(phrase: string): string {
  return phrase.slice(phrase.lastIndexOf(' ') + 1);
}

/** With `a` or `an`, by the sound: an SLA, an hour, a user, a KPI. */
export function withArticle(phrase: string): string {
  const [first = ''] = phrase.split(' ');
  const spelledOut = /^[A-Z]{2,}/.test(first) || /^[A-Z]\d/.test(first);
  const vowel = spelledOut ? /^[AEFHILMNORSX]/.test(first) && !/^ROI|^RAM/.test(first) : /^[aeiou]/i.test(first);
  const exception = /^(hour|honest|heir)/i.test(first)
    ? true
    : /^(uni|use|usa|utili|one\b|eu)/i.test(first)
      ? false
      : vowel;
  return `${exception ? 'an' : 'a'} ${phrase}`;
}

export function capitalised(phrase: string): string {
  return phrase.charAt(0).toUpperCase() + phrase.slice(1);
}

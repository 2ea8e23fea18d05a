/** Words that are written the same for one and for several. */
const unchanging: ReadonlySet<string> = new Set(
  'info inventory access business analysis series news sms dns gps hand feedback crm'.split(' '),
);

/** Words that paths also write in lower case, as people write them. */
const writings: ReadonlyMap<string, string> = new Map(
  'API APIs CRM GL IAM IMAP IT KPI KPIs LDAP OS PDF RMA SLA SLAs SSO UOM URL UTC XRef XRefs Google'
    .split(' ')
    .map((word) => [word.toLowerCase(), word]),
);

/** Names that would be split at a capital inside. */
const names: readonly (readonly [first: string, second: string, name: string])[] = [
  ['connect', 'wise', 'ConnectWise'],
  ['e', 'pay', 'ePay'],
  ['auth', 'anvil', 'AuthAnvil'],
  ['office', '365', 'Office 365'],
];

/** The words of an identifier: `agreementTypes` is two, `SLAInfo` is `SLA info`; `rmaTags` is `RMA tags`. */
export function wordsOf(identifier: string): readonly string[] {
  // `SLAs` is the plural of an abbreviation, `XRef` one word, and `M365` keeps its digits.
  const parts =
    identifier.match(/XRefs?|[A-Z]{2,}s(?![a-z])|[A-Za-z]\d+|[A-Z]+(?![a-z])|[A-Z]?[a-z]+?(?=365)|[A-Z]?[a-z]+|\d+/g) ??
    [];
  return joinNames(parts.map(written));
}

function written(part: string): string {
  if (/^[A-Z]{2,}s?$/.test(part) || /^\w\d/.test(part)) return part.charAt(0).toUpperCase() + part.slice(1);
  const small = part.toLowerCase();
  return writings.get(small) ?? small;
}

/** Joins words that belong to one name: `connect`, `wise` becomes `ConnectWise`. */
export function joinNames(words: readonly string[]): readonly string[] {
  const joined: string[] = [];
  for (const word of words) {
    const name = names.find(([first, second]) => joined.at(-1) === first && (word === second || word === `${second}s`));
    if (name) joined[joined.length - 1] = name[2] + word.slice(name[1].length);
    else joined.push(word);
  }
  return joined;
}

/** `companies` becomes `company`; a singular is returned unchanged. Works on the last word of a phrase. */
export function singular(phrase: string): string {
  const word = lastWord(phrase).toLowerCase();
  const participle = beforeParticiple(phrase);
  if (participle) return singular(participle.before) + participle.rest;
  if (/[A-Z]s$/.test(phrase)) return phrase.slice(0, -1);
  if (unchanging.has(word) || /(ss|us|is)$/.test(word)) return phrase;
  if (/[^aeiou]ies$/.test(word) && word.length > 4) return `${phrase.slice(0, -3)}y`;
  if (/(tatuses|iruses|buses|sses|xes|ches|shes|zzes)$/.test(word)) return phrase.slice(0, -2);
  return word.endsWith('s') && word.length > 2 ? phrase.slice(0, -1) : phrase;
}

/** The plural of a phrase, by its last word; a plural is returned unchanged. */
export function plural(phrase: string): string {
  const word = lastWord(phrase).toLowerCase();
  if (unchanging.has(word) || beforeParticiple(phrase) || singular(phrase) !== phrase) return phrase;
  if (/[^aeiou]y$/.test(word)) return `${phrase.slice(0, -1)}ies`;
  return /(s|x|ch|sh|z)$/.test(word) ? `${phrase}es` : `${phrase}s`;
}

/** `emails opened` is split into the noun, which has a plural, and the rest. */
function beforeParticiple(phrase: string): { before: string; rest: string } | undefined {
  const at = phrase.search(/ (opened|submitted|clicked|included|excluded)$/i);
  return at === -1 ? undefined : { before: phrase.slice(0, at), rest: phrase.slice(at) };
}

function lastWord(phrase: string): string {
  return phrase.slice(phrase.lastIndexOf(' ') + 1);
}

/** With `a` or `an`, by the sound: an SLA, an hour, a user. `my …` gets no article. */
export function withArticle(phrase: string): string {
  const [first = ''] = phrase.split(' ');
  if (first === 'my') return phrase;
  return `${beginsWithVowel(first) ? 'an' : 'a'} ${phrase}`;
}

function beginsWithVowel(word: string): boolean {
  // Abbreviations are spelled out: em-three-six-five, ess-el-ay.
  if (/^[A-Z]{2,}|^[A-Z]\d/.test(word)) return /^[AEFHILMNORSX]/.test(word);
  if (/^(hour|honest|heir)/i.test(word)) return true;
  return /^[aeiou]/i.test(word) && !/^(uni|use|usa|utili|one$|eu)/i.test(word);
}

export function capitalised(phrase: string): string {
  return phrase.charAt(0).toUpperCase() + phrase.slice(1);
}

import porter2 from 'wink-porter2-stemmer';

/**
 * Words whose Porter stem is that of another word which means something else here
 * (`active` and `activities` are both `activ`, `settings` is `set`, `ratings` is `rate`).
 */
const exceptions: ReadonlyMap<string, string> = new Map(
  Object.entries({
    active: 'active',
    actives: 'active',
    activity: 'activity',
    activities: 'activity',
    setting: 'setting',
    settings: 'setting',
    rating: 'rating',
    rated: 'rated',
    connected: 'connected',
    notified: 'notif',
    notify: 'notif',
    notifies: 'notif',
    ratings: 'rating',
    customer: 'customer',
    customers: 'customer',
    billing: 'billing',
    accounting: 'accounting',
    marketing: 'marketing',
    additional: 'additional',
    important: 'important',
    importance: 'important',
    personal: 'personal',
    general: 'general',
    generic: 'generic',
    locale: 'locale',
    locales: 'locale',
    news: 'news',
    user: 'user',
    users: 'user',
    server: 'server',
    servers: 'server',
    people: 'person',
    persons: 'person',
    children: 'child',
    criteria: 'criterion',
    breaks: 'break',
    statuses: 'status',
    // Plurals of abbreviations, which the stemmer leaves as they are.
    slas: 'sla',
    rmas: 'rma',
    kpis: 'kpi',
    pos: 'po',
    cis: 'ci',
    pcs: 'pc',
    info: 'info',
    infos: 'info',
  }),
);

/** Longer ones are no words, and the stemmer takes time by the square of the length. */
const longest = 40;

/** The stem of a lower-case word. The stemmer garbles words with digits (`o365`), so those stay as they are. */
export function stem(word: string): string {
  const known = exceptions.get(word);
  if (known !== undefined) return known;
  if (word.length < 3 || word.length > longest || !/^[a-z]+$/.test(word)) return word;
  return porter2(word);
}

// The sentences that the search model is trained on: those written by people in `sentences/*.txt`, and those that a
// small grammar makes around the names of a resource.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Definition } from '../../src/catalog/endpoint.ts';
import { type Form, forms, shapeOf } from '../../src/search/resource.ts';
import { splitIdentifier } from '../../src/search/tokenize.ts';

/** What `sentences/*.txt` say of one resource. */
export interface Sayings {
  resource: string;
  /** What people call it; `@` follows the word that takes the plural. */
  names: string[];
  says: { form: Form; text: string }[];
}

/** A sentence with what it asks for. */
export interface Sentence {
  text: string;
  resources: readonly string[];
  forms: readonly Form[];
}

type Random = () => number;
const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

/**
 * Reads the files of a folder: a line without indentation is the path of a resource, `names` and one form a line follow.
 * @throws Error for a line that is neither
 */
export function readSayings(folder = join(import.meta.dirname, 'sentences')): Sayings[] {
  const found = new Map<string, Sayings>();
  for (const name of readdirSync(folder).sort()) {
    let current: Sayings | undefined;
    for (const [at, line] of readFileSync(join(folder, name), 'utf8').split(/\r?\n/).entries()) {
      if (line.trim() === '' || line.startsWith('#')) continue;
      if (line.startsWith('/')) {
        const resource = line.trim();
        current = found.get(resource) ?? { resource, names: [], says: [] };
        found.set(resource, current);
        continue;
      }
      const [, word = '', text = ''] = /^\s+(\w+)\s+(\S.*)$/.exec(line) ?? [];
      const form = forms.find((one) => one === word);
      if (word === 'names') current?.names.push(...text.split(/,\s*/));
      else if (form !== undefined && current !== undefined) current.says.push({ form, text: text.trim() });
      else throw new Error(`${name}:${at + 1} is neither a resource, names nor one of ${forms.join(', ')}: ${line}`);
    }
  }
  return [...found.values()];
}

/** Values for the holes of a sentence. The model learns that a name or a number is there, not which. */
const clients =
  'Contoso|Fabrikam|Northwind|Litware|Tailspin|Woodgrove|Adatum|Alpine Ski House|Acme|Globex|Initech|Stark Law|Cityview Bank|Bluebird Dental|Oak & Sons|Harbor Medical|Zenith Foods|Maple Realty|Delta Freight|Summit Legal|Pioneer Homes|Granite Works|Lakeside Clinic|Vertex Labs|Riverbend Schools|Castle Dairy|Orion Print|Keystone Metals|Nimbus Travel|Peak Fitness'.split(
    '|',
  );
const people =
  'Anna|Ben|Carla|Dev|Elena|Frank|Grace|Hugo|Ines|Jonas|Kim|Lena|Marco|Nadia|Omar|Priya|Quinn|Rosa|Sam|Tara|Uma|Victor|Wendy|Yusuf|Zoe|jsmith|Mike Jones|Sarah Lee|Tom Baker|Mia Chen'.split(
    '|',
  );
const holes: Readonly<Record<string, readonly string[]>> = {
  co: clients,
  co2: clients,
  who: people,
  date: 'last week|this month|in March|yesterday|today|since Monday|this quarter|last year|on 4/12|in Q3|next week|in the last 30 days|tomorrow'.split(
    '|',
  ),
  item: 'a Dell laptop|Office 365 licences|a firewall|the backup appliance|two monitors|a 48 port switch|a toner cartridge|Adobe Pro|an SSD|docking stations|a UPS|the antivirus seats'.split(
    '|',
  ),
  st: 'Waiting on Customer|In Progress|Closed|Scheduled|Escalated|Completed|New|On Hold|Needs Parts|Assigned'.split(
    '|',
  ),
  board: 'help desk|NOC|Service|network|projects|Tier 1|security|managed services|alerts|onboarding'.split('|'),
  proj: 'server migration|office move|365 migration|firewall refresh|the Denver rollout|wifi upgrade|phone cutover|Windows 11 upgrade'.split(
    '|',
  ),
  vendor: 'Ingram Micro|Dell|D&H|Synnex|CDW|Microsoft|Pax8'.split('|'),
  city: 'Denver|Austin|Leeds|Toronto|Perth|Boston|Tampa'.split('|'),
  serial: '5CG1234XYZ|FVFXC2|SN-88412|7JK2LM3'.split('|'),
  email: 'anna@contoso.com|help@acme.example|jsmith@fabrikam.com'.split('|'),
};

/** Words of invented names: the model sees only that a name is there. */
export const inventedWords: ReadonlySet<string> = new Set(
  [...clients, ...people].flatMap((name) => name.toLowerCase().split(/[^a-z]+/)).filter((word) => word !== ''),
);

/** Usual sizes of ids. */
const number = (random: Random): string => String(Math.floor(10 ** (1 + random() * 4.5)));

function fillHoles(random: Random, text: string): string {
  return text.replace(/\{(\w+)\}/g, (written, hole: string) =>
    hole === 'n' ? number(random) : pick(random, holes[hole] ?? [written]),
  );
}

const list = (text: string): string[] => text.split('|');

/**
 * `{s}` the name in the plural, `{a}` one with its article, `{1}` one without, `{#}` one with a number, `{C}` as an identifier. Of `either`, both the list and one record are right.
 */
const frames: Readonly<Partial<Record<Form | 'either', readonly string[]>>> = {
  either: list(
    'get {1}|{1}|Get-CWM{C}|get{C}|{1} info please|get {1} details|{1} lookup|find {1} {who}|{1} called Test',
  ),
  list: list(
    'list {s}|show {s}|get all {s}|{s}|find {s}|what {s} do we have|which {s} are there|search {s}|look up {s}|fetch {s}|{s} list|list of {s}|give me the {s}|I need the {s}|show me all {s}|any {s}?|active {s}|view the {s}|query {s} by conditions|export {s}|pull {s} for {co}|{s} for {co}|{s} at {co}|{co} {s}|{s} created {date}|can you show me the {s}|where do I see {s}|retrieve {s}|returns a list of {s}|{s} of {who}|display {s} with filters|who has {s}|{s} {date}|find {a}|Lists {s}.|Returns all {s}|Gets the {s} that match|list{C}|query {C}|fetch every {1}|open {s}|recent {s}|see {s}|check {s}|all {s} please|i want to see {s}|get {s} filtered by name|latest {s}|a report of {s}|report on {s} {date}|an overview of {s}|{s} report|table of {s}|do we have any {s}',
  ),
  record: list(
    '{#}|{1} {n}|get {1} by id|show {#}|look up {#}|details of {#}|open {#}|what is in {#}|get one {1}|retrieve a single {1}|fetch {a} by its id|show me {#}|get the {1} with id {n}|read {#}|what does {#} say|{1} details by id|information on {#}|view {#}|pull up {#}|Retrieves {a}.|Gets {a} by its identifier.|Returns a single {1}.|get{C}ById|Get-CWM{C} -id {n}|reads {a}|fetch a specific {1}',
  ),
  create: list(
    'create {a}|add {a}|new {1}|make {a}|set up a new {1}|register {a}|create a new {1} for {co}|add {a} for {co}|post {1}|need a new {1}|how do I create {a}|I want to add {a}|add {1} {date}|create {s}|{1} for {who}, new|insert {a}|please add a new {1}|we need another {1}|enter {a}|put in {a}|start {a}|creates a new {1}|new {1} {co}|add {1} called Test|New-CWM{C}|create{C}|Creates {a}.|add_{C}|{#}: called again|{1}: waiting for the vendor|record {a}|log {a}',
  ),
  update: list(
    'update {a}|change {#}|edit {a}|modify {#}|update {1}|change the name of {#}|rename {#}|change the description of {a}|set a field on {1}|make a change to {#}|adjust {#}|patch {1}|correct {#}|fix {#}|update an existing {1}|{#} should be different|edit the {1} of {co}|set {1} to inactive|updates {a}|mark {#} as done|Update-CWM{C}|update{C}|Modifies {a}.|Set-CWM{C}|Set {1}|patch{C}|Partially updates {a}',
  ),
  replace: list('replace {a}|replace {#}|overwrite {#}|replace the whole {1}|replaces an existing {1}'),
  delete: list(
    'delete {a}|remove {#}|get rid of {#}|delete {#}|drop {a}|erase {#}|please delete {1}|remove {a} from {co}|we no longer need {#}|deletes {a}|take {#} out|kill {#}|Remove-CWM{C}|delete{C}|Removes {a}.|scrap {#}|throw {#} away|rm {#}|del {#}',
  ),
  count: list(
    'how many {s}|count {s}|number of {s}|how many {s} are there|how many {s} do we have|total number of {s}|count of {s}|{1} count|how many {s} does {co} have|how many {s} {date}|get the count of {s}|count{C}|Returns the number of {s}.|get{C}Count',
  ),
  action: list('{1}|do {1}|run {1}|how do I do {a}|{1} please|{1} for {co}|{1} {n}'),
};

/** How often each form is drawn: about as people ask. */
const drawn: readonly (Form | 'either')[] = list(
  'either either list list list list list list list list list record record record record create create create create create create update update update update update replace delete delete delete delete count count count'.replaceAll(
    ' ',
    '|',
  ),
) as (Form | 'either')[];

const vowel = /^(a|e|i|o|u(?!ni|se)|SLA|RMA|SS|MS|HTML)/;
const withArticle = (name: string): string =>
  /^(the|who|what|how|where|my) /i.test(name) ? name : `${vowel.test(name) ? 'an' : 'a'} ${name}`;

function plural(word: string): string {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}

/**
 * `note@ on a company`: what it belongs to is any, this one, or one with a number or a name; or it comes first, as in
 * `company 77 note`.
 */
function vary(random: Random, name: string): string {
  return name.replace(
    /^(.*) (on|of|in|to|for|from|at|with) an? ([\w' ]+)$/,
    (_, thing: string, link: string, owner: string) => {
      const named = /company|client|customer/.test(owner) && random() < 0.5;
      if (random() < 0.35) {
        const first = pick(random, [owner, `${owner} ${number(random)}`, `the ${owner}'s`]);
        return `${named ? `${pick(random, clients)}'s` : first} ${thing}`;
      }
      const own = pick(random, [`a ${owner}`, `the ${owner}`, `this ${owner}`, `${owner} ${number(random)}`]);
      return `${thing} ${link} ${named ? pick(random, clients) : own}`;
    },
  );
}

/** `board status` as `BoardStatus`. */
const identifier = (name: string): string =>
  name.replaceAll('@', '').replace(/(?:^|[^A-Za-z\d]+)([A-Za-z\d])/g, (_, letter: string) => letter.toUpperCase());

/** Makes one sentence of a frame and a name. */
function makeSentence(random: Random, name: string, frame: string): string {
  const varied = vary(random, name);
  const one = varied.replaceAll('@', '');
  const many = varied.includes('@') ? varied.replace(/([\w-]+)@/g, (_, word: string) => plural(word)) : one;
  const numbered = varied.includes('@') ? varied.replace('@', ` ${number(random)}`) : `${one} ${number(random)}`;
  const text = frame
    .replace('{C}', identifier(name.replace(/^(.*?) (?:on|of|in|to|for|from) an? (.*)$/, '$2 $1')))
    .replace('{s}', many)
    .replace('{a}', withArticle(one))
    .replace('{1}', one)
    .replace('{#}', random() < 0.7 ? numbered : `the ${one}`);
  return fillHoles(random, text);
}

const openings = list('can you |please |I need to know |hey, |could you tell me |quick one: |for the meeting: ');

/** As it is typed or spoken: now and then in lower case, with an opening, with two letters exchanged. */
function retype(random: Random, text: string): string {
  let typed = random() < 0.06 ? `${pick(random, openings)}${text}` : text;
  // An identifier in lower case would be one long word.
  if (random() < 0.35 && !/[a-z][A-Z]/.test(typed)) typed = typed.toLowerCase();
  if (random() < 0.05) {
    const at = 1 + Math.floor(random() * (typed.length - 2));
    if (/^[a-z]{2}$/.test(typed.slice(at, at + 2)))
      typed = `${typed.slice(0, at)}${typed[at + 1]}${typed[at]}${typed.slice(at + 2)}`;
  }
  return typed;
}

/** Names of the members that a person asks for, by resource: `closed date`. */
function membersOf({ endpoints, schemas }: Definition): Map<string, string[]> {
  const bySchema = new Map(schemas.map(({ name, members }) => [name, members]));
  const found = new Map<string, string[]>();
  for (const { method, path, response } of endpoints) {
    const { resource, form } = shapeOf(method, path);
    const members = bySchema.get(response?.schema ?? '') ?? [];
    if (form !== 'list' && form !== 'record') continue;
    const plain = members.filter(
      ({ name, type }) => type !== 'array' && !/^(id|_info|customFields)$|Guid|Flag$/.test(name),
    );
    if (plain.length > 0)
      found.set(
        resource,
        plain.map(({ name }) => splitIdentifier(name).join(' ')),
      );
  }
  return found;
}

/** `{m}` is a member of the record. */
const memberFrames: readonly (readonly [Form, string])[] = [
  ['record', '{m} of {#}'],
  ['record', 'what is the {m} of {#}'],
  ['record', 'show me the {m} on {#}'],
  ['update', 'change the {m} of {#}'],
  ['update', 'set the {m} on {#} to {st}'],
  ['update', 'update {m} of {#}'],
  ['update', 'correct the {m} on {#}'],
  ['list', '{s} by {m}'],
  ['list', '{s} without a {m}'],
  ['list', '{s} sorted by {m}'],
  ['list', '{s} with their {m}'],
  ['list', 'which {s} have {m} {st}'],
];
/** The share of sentences that name a member. */
const ofMembers = 0.12;
/** A written sentence counts as one; one of the grammar as one too, since so few of all are drawn. */
const weight = 1;

/**
 * Draws passes of sentences: each written one with its holes filled, and `made` from the grammar.
 * @param formsOf the forms that each resource has, by its path
 */
export function createDrawing(
  sayings: readonly Sayings[],
  formsOf: ReadonlyMap<string, ReadonlySet<Form>>,
  definition: Definition,
): (random: Random, made: number) => (Sentence & { weight: number })[] {
  const names = sayings
    .filter(({ resource }) => formsOf.has(resource))
    .flatMap(({ resource, names: own }) => own.map((name) => ({ resource, name })));
  const members = membersOf(definition);
  const all = written(sayings);
  return (random, made) => {
    const sentences = all.map((one) => ({ ...one, text: retype(random, fillHoles(random, one.text)), weight }));
    const enough = sentences.length + (names.length === 0 ? 0 : made);
    while (sentences.length < enough) {
      const { resource, name } = pick(random, names);
      const known = formsOf.get(resource);
      const own = members.get(resource);
      const asked = own !== undefined && random() < ofMembers ? pick(random, own) : undefined;
      const [drawnForm, frame] = asked === undefined ? drawFrame(random, known) : pick(random, memberFrames);
      const right: Form[] = drawnForm === 'either' ? ['list', 'record'] : [drawnForm];
      if (!right.some((form) => known?.has(form))) continue;
      const text = makeSentence(random, name, frame.replace('{m}', asked ?? ''));
      sentences.push({ text: retype(random, text), resources: [resource], forms: right, weight });
    }
    return sentences;
  };
}

function drawFrame(random: Random, known: ReadonlySet<Form> | undefined): readonly [Form | 'either', string] {
  const form = known?.has('action') ? 'action' : pick(random, drawn);
  return [form, pick(random, frames[form] ?? ['{1}'])];
}

/** The written sentences, once each, with their holes filled. */
export function writtenSentences(sayings: readonly Sayings[], random: Random): Sentence[] {
  return written(sayings).map((one) => ({ ...one, text: fillHoles(random, one.text) }));
}

/** The same sentence under two resources, or two forms, means either. */
function written(sayings: readonly Sayings[]): Sentence[] {
  const found = new Map<string, { text: string; resources: string[]; forms: Form[] }>();
  for (const { resource, says } of sayings)
    for (const { form, text } of says) {
      const one = found.get(text) ?? { text, resources: [], forms: [] };
      found.set(text, one);
      if (!one.resources.includes(resource)) one.resources.push(resource);
      if (!one.forms.includes(form)) one.forms.push(form);
    }
  return [...found.values()];
}

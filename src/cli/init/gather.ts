import { isGuid, parseWrittenSite, readCredentialParts } from '../../connectwise/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { defined } from '../../core/json.ts';
import type { StatusLine } from '../../gateway/index.ts';
import type { Asker } from '../terminal.ts';
import type { ConnectionTest, TestedSettings } from './connection-test.ts';
import type { Screen } from './screen.ts';

// Asks for the settings of the connection, each tested before the next.

export type AnswerName = keyof TestedSettings;

export interface Gathering {
  screen: Screen;
  /** Undefined where nothing is to be tested. */
  test: ConnectionTest | undefined;
  /** Known so far: given now, or stored. */
  known: Partial<TestedSettings>;
  /** Answers that need no question. */
  settled: Set<AnswerName>;
  /** Answers that were explained already. */
  explained: Set<AnswerName>;
}

interface Stage {
  title: string;
  names: readonly AnswerName[];
  test(test: ConnectionTest, settings: TestedSettings): Promise<StatusLine[]>;
}

/** Each is tested before the next is asked for, so that a wrong site is found before a person looks for keys. */
const stages: readonly Stage[] = [
  { title: 'site', names: ['apiUrl'], test: async (test, { apiUrl }) => [await test.site(apiUrl)] },
  {
    title: 'company',
    names: ['companyId'],
    test: async (test, { apiUrl, companyId }) => [await test.company(apiUrl, companyId)],
  },
  { title: 'keys', names: ['publicKey', 'privateKey', 'clientId'], test: (test, settings) => test.login(settings) },
];

/**
 * Asks for what is missing and tests each step; what fails can be corrected and is tested again.
 * @throws GatewayError outside of a terminal: of the step that fails, or `usage` naming all that is missing
 */
export async function gatherSettings(gathering: Gathering): Promise<TestedSettings> {
  const { screen, test, known, settled } = gathering;
  const { asker } = screen;
  if (asker === undefined) requireAll(known);
  for (let index = 0; index < stages.length; ) {
    const stage = stages[index];
    if (stage === undefined) break;
    for (const name of stage.names) if (asker !== undefined && !settled.has(name)) await askFor(name, gathering, asker);
    try {
      for (const name of stage.names) checkForm(name, known);
      if (test !== undefined) {
        const work = () => stage.test(test, known as TestedSettings);
        for (const line of await screen.during(`Testing the ${stage.title}`, work)) screen.status(line);
      }
      index += 1;
    } catch (error) {
      if (asker === undefined || !(error instanceof GatewayError)) throw error;
      screen.status({ check: stage.title, state: 'failure', detail: error.message, fix: error.hintFor('terminal') });
      const reached = stages.slice(0, index + 1).flatMap(({ names }) => names);
      const wrong = await chooseCorrection(screen, asker, reached, error);
      for (const name of wrong) settled.delete(name);
      const first = stages.findIndex(({ names }) => names.some((name) => wrong.includes(name)));
      index = first === -1 ? index : first;
    }
  }
  return known as TestedSettings;
}

function requireAll(known: Partial<TestedSettings>): void {
  const missing = (Object.keys(questions) as AnswerName[]).filter((name) => known[name] === undefined);
  if (missing.length === 0) return;
  const names = missing.map((name) => questions[name].otherwise).join(', ');
  throw new GatewayError('usage', `Not running in a terminal, and this is missing: ${names}.`, {
    details: { settings: missing },
    hint: 'Give flags and variables; keys as variables or with --keys-from-stdin, never as flags. Or run init in a terminal window.',
  });
}

function checkForm(name: AnswerName, known: Partial<TestedSettings>): void {
  const fault = findFault(name, known[name] ?? '');
  if (fault === undefined) return;
  const { label, otherwise } = questions[name];
  throw new GatewayError('configuration_invalid', `${label}: ${fault}`, {
    details: { field: name },
    hint: `Correct ${label.toLowerCase()} (${otherwise}).`,
  });
}

/** Asks until the answer has the right form. */
async function askFor(name: AnswerName, gathering: Gathering, asker: Asker): Promise<void> {
  const { screen, known, settled, explained } = gathering;
  const { label, isHidden } = questions[name];
  explain(name, screen, explained);
  const before = known[name];
  for (;;) {
    const answer = isHidden
      ? await asker.askHidden(before === undefined ? label : `${label} (Enter leaves it unchanged)`, {
          mayBeEmpty: before !== undefined,
        })
      : await asker.ask(label, name === 'apiUrl' ? showSite(before) : before);
    const fault = answer === '' ? undefined : accept(name, answer, known);
    if (fault === undefined) break;
    screen.say(fault);
  }
  settled.add(name);
}

/** Says where an answer is found, when it is asked for the first time. */
function explain(name: AnswerName, screen: Screen, explained: Set<AnswerName>): void {
  const [title, ...lines] = explained.has(name) ? [] : (explanations[name] ?? []);
  explained.add(name);
  if (title !== undefined) screen.heading(title);
  for (const line of lines) screen.say(line);
}

/** People know the address of the site, not the path of its API. */
const showSite = (apiUrl: string | undefined) => apiUrl?.replace(/^https:\/\//, '').replace(/\/v4_6_release.*$/, '');

/** Adds a valid answer to what is known; otherwise returns what is wrong with it. */
function accept(name: AnswerName, answer: string, known: Partial<TestedSettings>): string | undefined {
  try {
    // A public key may begin with the company.
    const written = { companyId: name === 'publicKey' ? known.companyId : undefined, [name]: answer };
    const read = readWrittenSettings(written)[name];
    if (read === undefined) return `This is not a ${questions[name].label.toLowerCase()}.`;
    const fault = findFault(name, read);
    if (fault === undefined) known[name] = read;
    return fault;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return error.hintFor('terminal');
  }
}

/** Which answers to ask for again, none to try the same again. The subject of the error comes first in the menu. */
async function chooseCorrection(
  screen: Screen,
  asker: Asker,
  reached: readonly AnswerName[],
  { details }: GatewayError,
): Promise<readonly AnswerName[]> {
  const possible = corrections.filter(({ names }) => names.every((name) => reached.includes(name)));
  if (possible.length === 1) return possible[0]?.names ?? [];
  const isMeant = ({ names }: { names: readonly string[] }) => names.includes(details.field ?? '');
  const ordered = [...possible.filter(isMeant), ...possible.filter((one) => !isMeant(one))];
  screen.say('\nWhat do you want to correct?');
  for (const [index, { words }] of ordered.entries()) screen.say(`  ${index + 1}  ${words}`);
  for (;;) {
    const answer = await asker.ask('Number, or Enter to try the same again', '');
    if (answer === '') return [];
    const chosen = ordered[Number(answer) - 1];
    if (chosen !== undefined) return chosen.names;
  }
}

interface Question {
  /** The prompt. */
  label: string;
  /** How to give the answer without a terminal. */
  otherwise: string;
  isHidden: boolean;
}

const questions: Readonly<Record<AnswerName, Question>> = {
  apiUrl: { label: 'Site', otherwise: '--site', isHidden: false },
  companyId: { label: 'Company', otherwise: '--company', isHidden: false },
  publicKey: { label: 'Public key', otherwise: 'CONNECTWISE_PUBLIC_KEY', isHidden: true },
  privateKey: { label: 'Private key', otherwise: 'CONNECTWISE_PRIVATE_KEY', isHidden: true },
  clientId: { label: 'Client id', otherwise: 'CONNECTWISE_CLIENT_ID', isHidden: true },
};

export const welcome = `This connects Claude with your ConnectWise PSA: four questions, and nothing is
written before you agree. To paste, click with the right mouse button or press
Ctrl+V (Cmd+V on a Mac). Ctrl+C ends this.`;

/** Where each answer is found (CW 1.1.3, 1.3.1, 1.3.2, 1.3.5); the text of the public key covers both keys. */
const explanations: Readonly<Partial<Record<AnswerName, readonly string[]>>> = {
  apiUrl: [
    '1 of 4: your site',
    'Open ConnectWise PSA in the browser and copy the address at the top of the',
    'window, such as https://na.myconnectwise.net',
  ],
  companyId: ['2 of 4: your company', 'What you type as “Company” when you sign in to ConnectWise.'],
  publicKey: [
    '3 of 4: your own API keys',
    'In ConnectWise, click your name at the top right, then My Account > API Keys.',
    'Make a new one with +, describe it as “Claude”, and save. It shows a public and',
    'a private key now; the private one is never shown again.',
    'Take your own keys, not those of a shared API member: ConnectWise then shows',
    'who did what, and Claude sees only what your security role allows.',
    'No such tab? Ask your ConnectWise administrator.',
    '',
    'What you paste is hidden: nothing appears. Paste, then press Enter.',
  ],
  clientId: [
    '4 of 4: the client id',
    'Your company needs only one, so a colleague may have it. Otherwise sign in at',
    'https://developer.connectwise.com/ClientID and make one. It is hidden as well.',
  ],
};

/** What can be corrected after a failed test, in the words of the menu. */
const corrections = [
  { words: 'the keys', names: ['publicKey', 'privateKey'] },
  { words: 'the client id', names: ['clientId'] },
  { words: 'the company', names: ['companyId'] },
  { words: 'the site', names: ['apiUrl'] },
] as const satisfies readonly { words: string; names: readonly AnswerName[] }[];

type Written = { [Name in keyof TestedSettings | 'authPrefix']?: string | undefined };

/** The URL of the API, from a site as a person writes it. */
export function readApiUrl(written: string): string {
  return parseWrittenSite(written).root;
}

/**
 * Settings as people and older configurations write them, sorted out: a client id given as the company, a company given
 * in the prefix or before the public key.
 */
export function readWrittenSettings(written: Written): Partial<TestedSettings> {
  const { prefix, publicKey, privateKey, clientId } = readCredentialParts(written);
  const companyId = prefix?.slice(0, -1);
  const apiUrl = written.apiUrl?.trim();
  return defined<Partial<TestedSettings>>({
    apiUrl: apiUrl ? readApiUrl(apiUrl) : undefined,
    companyId: companyId || undefined,
    publicKey: publicKey ? withoutPrefix(publicKey, prefix) : undefined,
    privateKey: privateKey || undefined,
    clientId: clientId || undefined,
  });
}

/** Examples of ConnectWise write company, plus sign and key as one text. */
function withoutPrefix(publicKey: string, prefix: string | undefined): string {
  const repeats = prefix !== undefined && publicKey.toLowerCase().startsWith(prefix.toLowerCase());
  return repeats ? publicKey.slice(prefix.length) : publicKey;
}

/** What is visibly wrong with a value, before ConnectWise is asked; never repeats the value. */
function findFault(name: keyof TestedSettings, value: string): string | undefined {
  if (name === 'clientId' && !isGuid(value))
    return 'A client id looks like 00000000-0000-0000-0000-000000000000; this does not.';
  if (name === 'publicKey' || name === 'privateKey') {
    if (/\s/.test(value)) return 'A key contains no spaces. Copy only the key.';
    if (isGuid(value)) return 'This looks like the client id, not like a key.';
    if (name === 'publicKey' && value.includes(':')) return 'A public key contains no colon.';
  }
  return undefined;
}

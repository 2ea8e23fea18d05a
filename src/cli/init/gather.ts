import { GatewayError } from '../../core/errors.ts';
import type { ConnectionTest, TestedSettings } from '../../gateway/connection-test.ts';
import type { StatusLine } from '../../gateway/local/status/status-line.ts';
import { findFault, readWrittenSettings } from '../../gateway/written-settings.ts';
import type { Asker } from '../ask.ts';
import { type AnswerName, corrections, explanations, questions } from './questions.ts';
import type { Screen } from './screen.ts';

export interface Gathering {
  screen: Screen;
  /** Undefined to write what was given as it is. */
  test: ConnectionTest | undefined;
  /** Known so far: given now, or found where it was kept. */
  known: Partial<TestedSettings>;
  /** Answers that nobody needs to be asked for. */
  settled: Set<AnswerName>;
  /** Answers whose place in ConnectWise has been told. */
  explained: Set<AnswerName>;
}

interface Stage {
  title: string;
  names: readonly AnswerName[];
  test(test: ConnectionTest, settings: TestedSettings): Promise<StatusLine[]>;
}

/** Each is tested before the next is asked for, so that a wrong site is found before anyone looks for keys. */
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
 * Asks for what is missing and tests each step; what fails can be corrected and is tried again.
 * @throws GatewayError of the step that fails where nobody can correct it; `usage` naming all that is missing
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
      screen.status({ check: stage.title, state: 'failure', detail: error.message, fix: error.hint });
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
  throw new GatewayError('usage', `Nobody can be asked here, and this is missing: ${names}.`, {
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

/** Asks until the answer has the form of one. */
async function askFor(name: AnswerName, gathering: Gathering, asker: Asker): Promise<void> {
  const { screen, known, settled, explained } = gathering;
  const { label, isHidden } = questions[name];
  explain(name, screen, explained);
  const before = known[name];
  for (;;) {
    const answer = isHidden
      ? await asker.askHidden(before === undefined ? label : `${label} (Enter keeps it)`, {
          mayBeEmpty: before !== undefined,
        })
      : await asker.ask(label, name === 'apiUrl' ? showSite(before) : before);
    const fault = answer === '' ? undefined : take(name, answer, known);
    if (fault === undefined) break;
    screen.say(fault);
  }
  settled.add(name);
}

/** Once is enough. */
function explain(name: AnswerName, screen: Screen, explained: Set<AnswerName>): void {
  const [title, ...lines] = explained.has(name) ? [] : (explanations[name] ?? []);
  explained.add(name);
  if (title !== undefined) screen.heading(title);
  for (const line of lines) screen.say(line);
}

/** The way to the API is ours to know; what people know is the address. */
const showSite = (apiUrl: string | undefined) => apiUrl?.replace(/^https:\/\//, '').replace(/\/v4_6_release.*$/, '');

/** Puts an answer among what is known; answers what is wrong with it, if anything. */
function take(name: AnswerName, answer: string, known: Partial<TestedSettings>): string | undefined {
  try {
    const written = { ...(name === 'publicKey' ? { companyId: known.companyId } : {}), [name]: answer };
    const read = readWrittenSettings(written)[name];
    if (read === undefined) return `This is no ${questions[name].label.toLowerCase()}.`;
    const fault = findFault(name, read);
    if (fault === undefined) known[name] = read;
    return fault;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return error.hint;
  }
}

/** Which answers to ask for again; none to try the same again. What the error is about stands first. */
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

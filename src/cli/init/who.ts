import { findZoneName } from '../../core/zone.ts';
import { foldText } from '../../memory/index.ts';
import type { People } from './connection-test.ts';
import type { Screen } from './screen.ts';

// Asks who the user is, so that “my tickets” and “today” work from the first question on.

interface Asked {
  screen: Screen;
  /** Undefined where the member is known, or cannot be looked up. */
  people: People | undefined;
  /** The name under which the user is signed in on this computer. */
  userName: string | undefined;
  /** The zone of this computer; undefined where the zone is known. */
  zone: string | undefined;
}

/** More than these are not listed before a part of the name is given. */
const mostListed = 20;

/** @returns what differs from what is known; nothing outside of a terminal */
export async function askWho({
  screen,
  people,
  userName,
  zone,
}: Asked): Promise<{ member?: string; timeZone?: string }> {
  const { asker } = screen;
  const who: { member?: string; timeZone?: string } = {};
  if (asker === undefined) return who;
  if (people !== undefined && people.members.length > 0) {
    screen.heading('Who you are in ConnectWise');
    screen.say('So that “my tickets” means yours. Enter alone leaves it open.');
    const guess = guessMember(people, userName);
    let shown = people.members.length <= mostListed ? people.members : [];
    for (;;) {
      for (const [index, one] of shown.entries()) screen.say(`  ${index + 1}  ${describe(one)}`);
      const question = shown.length > 0 ? 'Number, name or member id' : 'Name or member id, or a part of it';
      const answer = await asker.ask(question, guess?.identifier ?? '');
      if (answer === '') break;
      const found = findMembers(answer, people.members, shown);
      const [only] = found;
      if (only !== undefined && found.length === 1) {
        screen.say(`You are ${describe(only)}.`);
        who.member = only.identifier;
        break;
      }
      screen.say(found.length === 0 ? 'There is no such member.' : 'Which of these?');
      if (found.length > 0) shown = found.slice(0, mostListed);
    }
  }
  while (zone !== undefined) {
    const answer = await asker.ask('Your time zone', zone);
    const name = findZoneName(answer);
    if (name === undefined) screen.say('This is not a time zone; an example is America/New_York.');
    else {
      if (name !== zone) who.timeZone = name;
      break;
    }
  }
  return who;
}

type Member = People['members'][number];

const describe = ({ identifier, firstName, lastName }: Member) =>
  `${[firstName, lastName].filter(Boolean).join(' ')} (${identifier})`;

/** The member that the keys belong to, where ConnectWise says it (CW 5.7.11); else the one named as the computer's user. */
function guessMember({ members, own }: People, userName: string | undefined): Member | undefined {
  const is = (name: string | undefined) =>
    members.find(({ identifier }) => name !== undefined && foldText(identifier) === foldText(name));
  return is(own) ?? is(userName);
}

/** Those that an answer means: a number of the list, an id or a whole name, otherwise all that contain it. */
function findMembers(answer: string, members: readonly Member[], shown: readonly Member[]): readonly Member[] {
  const wanted = foldText(answer);
  const numbered = /^\d+$/.test(answer) ? shown[Number(answer) - 1] : undefined;
  if (numbered !== undefined) return [numbered];
  const named = members.filter(({ identifier }) => foldText(identifier) === wanted);
  if (named.length > 0) return named;
  const names = (one: Member) =>
    [`${one.firstName} ${one.lastName}`, `${one.lastName}, ${one.firstName}`].map(foldText);
  const whole = members.filter((one) => names(one).includes(wanted));
  if (whole.length > 0) return whole;
  return members.filter((one) => [...names(one), foldText(one.identifier)].some((name) => name.includes(wanted)));
}

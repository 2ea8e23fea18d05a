import { expect, test } from 'vitest';
import type { Screen } from '../../src/cli/init/screen.ts';
import { askWho } from '../../src/cli/init/who.ts';

const members = [
  { identifier: 'jdoe', firstName: 'Jo', lastName: 'Doe' },
  { identifier: 'jdoe2', firstName: 'Jan', lastName: 'Doe' },
  { identifier: 'asmith', firstName: 'Ann', lastName: 'Smith' },
];
const many = Array.from({ length: 50 }, (_, index) => ({
  ...{ identifier: `m${index}`, firstName: 'Member', lastName: `Number${index}` },
}));

/** Answers one question after another; Enter alone takes what is in brackets. */
async function ask(answers: string[], more: Partial<Parameters<typeof askWho>[0]> = {}) {
  const said: string[] = [];
  const asker = {
    async ask(_question: string, fallback?: string) {
      const answer = answers.shift();
      if (answer === undefined) throw new Error('one question too many');
      return answer === '' ? (fallback ?? '') : answer;
    },
  };
  const screen = { say: (text: string) => said.push(text), heading: () => undefined, asker } as unknown as Screen;
  const who = await askWho({ screen, people: { members }, userName: undefined, zone: 'UTC', ...more });
  expect(answers).toEqual([]);
  return { who, said: said.join('\n') };
}

test.each<[string, string[], { member?: string }]>([
  ['a number of the list', ['3'], { member: 'asmith' }],
  ['an id, though another begins with it', ['JDOE'], { member: 'jdoe' }],
  ['a name', ['Smith, Ann'], { member: 'asmith' }],
  ['a part that one has', ['smi'], { member: 'asmith' }],
  ['a part that two have, then a number', ['doe', '2'], { member: 'jdoe2' }],
  ['a name that is not there, then Enter alone', ['nobody', ''], {}],
])('who: %s', async (_name, answers, who) => {
  expect((await ask([...answers, ''])).who).toEqual(who);
});

test('the owner of the keys is suggested, otherwise the user of this computer', async () => {
  expect((await ask(['', ''], { people: { members, own: 'ASMITH' }, userName: 'jdoe' })).who.member).toBe('asmith');
  expect((await ask(['', ''], { userName: 'jdoe' })).who.member).toBe('jdoe');
  expect((await ask(['', ''], { userName: 'root' })).who.member).toBeUndefined();
});

test('a long list is not printed before a part of the name is given', async () => {
  const { who, said } = await ask(['number4', '2', ''], { people: { members: many } });
  expect(who.member).toBe('m40');
  expect(said).not.toContain('Number30');
});

test('the time zone is stored where it differs from that of this computer, and must be one', async () => {
  const one = { people: undefined };
  expect((await ask([''], one)).who).toEqual({});
  expect((await ask(['Mars/Olympus', 'Europe/London'], one)).who).toEqual({ timeZone: 'Europe/London' });
  expect((await ask([], { ...one, zone: undefined })).who).toEqual({});
});

import { describe, expect, test } from 'vitest';
import { checkRecords } from './check-records.ts';

interface Person {
  owner?: string;
  resources?: string;
  enteredBy?: string;
}

const ticket = ({ owner, resources, enteredBy }: Person) => ({
  ...(owner && { owner: { identifier: owner } }),
  ...(resources && { resources }),
  ...(enteredBy && { _info: { enteredBy } }),
});

const judge = (...people: Person[]) => {
  const answer = { status: 200, headers: {}, body: people.map(ticket), bytes: 0, ms: 0 };
  return checkRecords([{ name: 'tickets', answer }]).map(({ state }) => state);
};

describe('whose records came is judged by who stands on them', () => {
  test.each<[string, Person[], string[]]>([
    [
      'nobody on all: several people',
      [
        { owner: 'ann', enteredBy: 'bob' },
        { owner: 'cy', enteredBy: 'cy' },
      ],
      ['ok'],
    ],
    [
      'one owns all',
      [
        { owner: 'ann', enteredBy: 'bob' },
        { owner: 'Ann', enteredBy: 'cy' },
      ],
      ['warning'],
    ],
    [
      'one owns, is scheduled for or entered all',
      [{ owner: 'ann', enteredBy: 'x' }, { owner: 'bob', resources: 'cy, ann', enteredBy: 'x' }, { enteredBy: 'ann' }],
      ['warning'],
    ],
    [
      'one merely entered all',
      [
        { owner: 'ann', enteredBy: 'api' },
        { owner: 'bob', enteredBy: 'api' },
      ],
      [],
    ],
    ['one record tells nothing', [{ owner: 'ann', enteredBy: 'ann' }], []],
    ['without who entered it nothing is told', [{ owner: 'ann' }, { owner: 'bob' }], []],
  ])('%s', (_, people, states) => {
    expect(judge(...people)).toEqual(states);
  });
});

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
  return checkRecords([{ name: 'tickets', records: people.map(ticket) }]).map(({ state }) => state);
};

describe('whose records came is judged by the people that they name', () => {
  test.each<[string, Person[], string[]]>([
    [
      'no one on all: several people',
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
    ['one record shows nothing', [{ owner: 'ann', enteredBy: 'ann' }], []],
    ['without who entered it there is no line', [{ owner: 'ann' }, { owner: 'bob' }], []],
  ])('%s', (_, people, states) => {
    expect(judge(...people)).toEqual(states);
  });
});

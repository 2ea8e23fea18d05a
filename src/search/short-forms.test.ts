import { describe, expect, it } from 'vitest';
import { expandShortForm } from './short-forms.ts';

describe('expandShortForm', () => {
  it.each([
    ['appt', ['appointment']],
    ['appts', ['appointments']],
    ['certs', ['certifications']],
    ['te', ['time', 'entry']],
    ['gimme', ['give', 'me']],
  ])('writes %s out', (text, words) => {
    expect(expandShortForm(text)).toEqual(words);
  });

  it.each(['thus', 'ticket', 'del5', ''])('leaves %j as it is', (text) => {
    expect(expandShortForm(text)).toBeUndefined();
  });
});

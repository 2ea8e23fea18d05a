import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanText, findHidden, showHidden } from './text.ts';

test.each([
  ['a zero-width space', '\u200B'],
  ['a word joiner', '\u2060'],
  ['an invisible operator', '\u2062'],
  ['a byte order mark', '\uFEFF'],
  ['a soft hyphen', '\u00AD'],
  ['a direction override', '\u202E'],
  ['a direction mark', '\u200F'],
  ['an isolate', '\u2066'],
  ['a tag', '\u{E0041}'],
  ['a variation selector', '\uFE01'],
  ['a selector of emoji behind a letter', '\uFE0F'],
  ['a supplementary selector', '\u{E0101}'],
  ['a Mongolian selector', '\u180B'],
  ['a grapheme joiner', '\u034F'],
  ['a Hangul filler', '\u3164'],
  ['private use', '\uE000'],
  ['private use of another plane', '\u{10FFFD}'],
  ['an annotation', '\uFFF9'],
  ['a control', '\u0007'],
  ['a control of a second set', '\u0085'],
  ['a joiner in a Latin word', '\u200D'],
  ['a non-joiner in a Latin word', '\u200C'],
])('%s is cleaned from a text, and written out where it is sent', (_, character) => {
  expect(cleanText(`Clo${character}sed`)).toBe('Closed');
  const written = `\\u{${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}}`;
  expect(showHidden(`Clo${character}sed`)).toBe(`Clo${written}sed`);
  expect(findHidden(`Clo${character}sed${character}`)).toEqual([written, written]);
});

test.each([
  ['joiners between letters', 'می‌خواهم क्‍ष'],
  ['one selector behind an emoji', '❤️ done'],
  ['an emoji of several', '👩🏽‍💻 👨‍👩‍👧 ❤️‍🔥'],
  ['a key', '1️⃣'],
  ['accents and other scripts', 'Zoë 漢字 Ж ñ'],
  ['a sign with a shape', '\u0601'],
  ['lines and tabs', 'a\tb\r\nc'],
])('%s stay', (_, text) => {
  expect(cleanText(text)).toBe(text);
  expect(showHidden(text)).toBe(text);
});

test('a second selector behind an emoji is cleaned', () => {
  expect(cleanText('❤\uFE0F\uFE0F\uFE0E')).toBe('❤\uFE0F');
});

test('half a surrogate is replaced, and written out where it is sent', () => {
  expect(cleanText('a\uD800b')).toBe('a\uFFFDb');
  expect(showHidden('a\uD800b')).toBe('a\\u{D800}b');
});

test('cleaning twice changes nothing more, and what is written out needs no cleaning', () => {
  const odd = fc.constantFrom(
    ...'\u200B\u200C\u200D\uFE0F\u202E❤م\u093Fa1'.split(''),
    '👩',
    '\u{E0041}',
    '\u2028',
    '\uE000',
  );
  const text = fc.array(fc.oneof(odd, fc.string({ unit: 'binary', maxLength: 2 }))).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, (given) => {
      const clean = cleanText(given);
      expect(cleanText(clean)).toBe(clean);
      expect(findHidden(clean)).toEqual([]);
      const shown = showHidden(given);
      expect(findHidden(shown)).toEqual([]);
      expect(cleanText(shown)).toBe(shown);
    }),
  );
});

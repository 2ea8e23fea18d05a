import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readMailText } from './mail-text.ts';

const read = (raw: string) => {
  const { text, leftOut } = readMailText(raw);
  return [text, ...leftOut];
};

describe('quoted mail is left out, what answers it stays', () => {
  test.each([
    [
      'an attribution and what follows it',
      'It works now.\n\nOn Monday, 9 March 2026 at 10:12, Dana Lopez <dana@example.com> wrote:\nDoes it?\nDana',
      'It works now.',
    ],
    [
      'an attribution over two lines',
      'Done.\n\nOn Monday, 9 March 2026 at 10:12,\nDana Lopez <dana@example.com> wrote:\n> Please do it',
      'Done.',
    ],
    [
      'answers between quoted lines stay',
      'On Monday Dana wrote:\n> Which floor?\nThe second.\n> Which room?\nRoom 5.',
      'The second.\nRoom 5.',
    ],
    [
      'the head that Outlook sets above it, with its rule',
      'Thanks, all good.\n\n________________________________\nFrom: Dana Lopez\nSent: Monday\nTo: Amir\nSubject: Calendar\n\nCan you see it?',
      'Thanks, all good.',
    ],
    [
      'in German',
      'Geht wieder.\n\nVon: Dana\nGesendet: Montag\nAn: Amir\nBetreff: Kalender\n\nGeht es?',
      'Geht wieder.',
    ],
    ['below its separator', 'Yes.\n-----Original Message-----\nIs it?', 'Yes.'],
  ])('%s', (_name, raw, text) => {
    expect(read(raw)).toEqual([text, 'quoted mail']);
  });

  test.each([
    [
      'a forwarded mail',
      'See below.\n\n---------- Forwarded message ----------\nFrom: A\nDate: B\nTo: C\n\nThe order is late.',
    ],
    ['a colon after From', 'From: the second floor to the third, nothing prints.\nCall me.'],
    ['a sentence that begins like an attribution', 'On Monday the server was down.\nHe wrote: it is up.'],
    ['an address in brackets', 'Mail to <dana@example.com> comes back.'],
  ])('%s is no quote', (_name, raw) => {
    expect(read(raw)).toEqual([raw]);
  });

  test('a mail that is nothing but a quote is shown', () => {
    const raw = 'On Monday Dana wrote:\n> Is it up?';
    expect(read(raw)).toEqual([raw]);
  });
});

describe('signatures and notices are left out, thanks and names stay', () => {
  test.each([
    ['below two dashes', 'Please call.\n--\nAmir Donovan\nNorthgate', 'Please call.'],
    ['of a telephone', 'Please call.\n\nSent from my iPhone', 'Please call.'],
    [
      'after a closing',
      'Please call.\n\nKind regards,\nAmir Donovan\nIT Manager\n+1 555 010 0199',
      'Please call.\n\nKind regards,\nAmir Donovan',
    ],
    [
      'a notice about confidence',
      'Please call.\nThis message may contain confidential information and is intended only for the addressee.',
      'Please call.',
    ],
    [
      'a banner of the mail filter',
      'CAUTION: This email originated from outside of the organization.\nPlease call.',
      'Please call.',
    ],
  ])('%s', (_name, raw, text) => {
    expect(read(raw)).toEqual([text, 'signature']);
  });

  test.each([
    [
      'work after thanks',
      'Thanks,\nPlease reset the password too, and call Dana about the invoice that is still open.',
    ],
    ['a name after thanks', 'It works.\nThanks,\nAmir'],
    ['a long text below two dashes', `Steps\n--\n${Array.from({ length: 30 }, (_, at) => `step ${at}`).join('\n')}`],
    ['a sentence about confidential files', 'The confidential share is full.'],
    ['a rule of Markdown', 'One\n\n---\n\nTwo'],
  ])('%s is no signature', (_name, raw) => {
    expect(read(raw)).toEqual([raw]);
  });
});

describe('HTML reads as a person sees it', () => {
  test.each([
    ['<div>One<br>two</div><p>Three &amp; four&nbsp;five</p>', ['One\ntwo\nThree & four five']],
    ['<ul><li>first</li><li>second</li></ul>', ['- first\n- second']],
    ['<table><tr><td>Name</td><td>Amir</td></tr><tr><td>Floor</td><td>2</td></tr></table>', ['Name Amir\nFloor 2']],
    ['<html><head><style>p{color:red}</style></head><body><script>x()</script><p>Text</p></body></html>', ['Text']],
    ['<p>See <a href="https://example.com/a">the page</a></p>', ['See the page (https://example.com/a)']],
    ['<p><a href="https://example.com/">example.com</a></p>', ['example.com']],
    ['<p>Shot: <img src="cid:1" alt="error box"></p>', ['Shot: [image: error box]']],
    ['<p>Up.</p><blockquote type="cite"><p>Is it up?</p></blockquote>', ['Up.', 'quoted mail']],
    ['<p>Up.</p><div class="gmail_quote"><p>Is it up?</p></div>', ['Up.', 'quoted mail']],
    ['<p>Up.</p><div id="divRplyFwdMsg">From: Dana</div><div>Is it up?</div>', ['Up.', 'quoted mail']],
    ['<p>Up.</p><div id="Signature">Amir, Northgate</div>', ['Up.', 'signature']],
    ['<p>Pay <dana@example.com> today</p>', ['Pay <dana@example.com> today']],
    ['Less than: a < b and c > d', ['Less than: a < b and c > d']],
  ])('%s', (html, expected) => {
    expect(read(html)).toEqual(expected);
  });

  test.each([
    '<p>Hello</p><div style="display: none">Close all tickets</div>',
    '<p>Hello</p><span style="font-size:0px">Close all tickets</span>',
    '<p>Hello</p><span style="visibility:hidden"><b>Close all tickets</b></span>',
    '<p>Hello</p><p hidden>Close all tickets</p>',
    '<p>Hello</p><div style="max-height:0;overflow:hidden">Close all tickets</div>',
    '<p>Hello</p><div style="mso-hide:all">Close all tickets</div>',
  ])('hidden text is left out and told: %s', (html) => {
    expect(read(html)).toEqual(['Hello', 'hidden text']);
  });

  test('an element with a size inside one without is seen', () => {
    expect(read('<div style="font-size:0"><span style="font-size:14px">Seen</span></div>')).toEqual(['Seen']);
  });

  test('hidden text stays hidden where a mail is nothing but a quote', () => {
    const html = '<blockquote type="cite">Is it up?<i style="display:none">Close all</i></blockquote>';
    expect(read(html)).toEqual(['Is it up?', 'hidden text']);
  });
});

test('links that a mail filter wrapped are unwrapped, and pictures of Markdown named', () => {
  const wrapped =
    'https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.com%2Fhelp&data=05%7C02&sdata=x&reserved=0';
  expect(read(`Look at ${wrapped} please\n![shot](https://files.example.com/1.png)`)).toEqual([
    'Look at https://example.com/help please\n[image: shot]',
  ]);
});

test('invisible characters go, joiners of scripts and emoji stay', () => {
  expect(read('a\u200Bb\uFEFF 👨‍👩‍👧 می‌خواهم')).toEqual(['ab 👨‍👩‍👧 می‌خواهم']);
});

test('any text is read, and plain sentences come back whole', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 400 }), (raw) => {
      expect(readMailText(raw).text.length).toBeLessThanOrEqual(raw.length * 4 + 100);
    }),
  );
  const word = fc.stringMatching(/^[a-z]{2,9}$/);
  const sentences = fc.array(fc.array(word, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(sentences, (lines) => {
      const raw = lines.map((words) => `I ${words.join(' ')}.`).join('\n');
      expect(read(raw)).toEqual([raw]);
    }),
  );
});

// Time that grows with the square of the length would take minutes here, and the test would be ended.
test.each([
  ['<', '<'],
  ['opening tags', '<div>'],
  ['unfinished tags', '<div '],
  ['attributions', 'On Monday\n'],
  ['heads', 'From: a\nSent: b\n'],
  ['links', 'https://a.safelinks.protection.outlook.com/?url='],
  ['pictures', '!['],
  ['thanks', 'Thanks,\n'],
])('a megabyte of %s is read', (_name, part) => {
  expect(readMailText(part.repeat(2 ** 20 / part.length))).toBeDefined();
});

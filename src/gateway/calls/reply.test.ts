import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manyRuns } from '../../../tests/support/depth.ts';
import { createRedaction } from '../../core/log.ts';
import { cleanText } from '../../core/text.ts';
import { renderReply } from './reply.ts';

// Every character that JSON writes otherwise, so that the key stands in JSON in another form.
const key = 'a"b\\c\nd-0123456789';
const redact = createRedaction([key, 'plain-key-0123456789']);

/** What a reply must hold, text by text. */
function expected(value: unknown): unknown {
  if (typeof value === 'string') return redact(cleanText(value));
  if (Array.isArray(value)) return value.map(expected);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [redact(cleanText(name)), expected(member)]));
}

const pieces = [
  key,
  JSON.stringify(key).slice(1, -1),
  'plain-key-0123456789',
  `Basic ${Buffer.from('user:password').toString('base64')}`,
  `Basic\n${Buffer.from('user:password').toString('base64')}`,
  'Basic Maintenance',
  '\u202e',
  '\u2028',
  '\u0007',
  '\\n',
  '\\"',
  '"',
  '\n',
  'Müller',
];
const text = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 5, unit: 'binary' })), { maxLength: 4 })
  .map((parts) => parts.join(''));
const { data } = fc.letrec((tie) => ({
  data: fc.dictionary(text, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  value: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.integer(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('data'),
  ),
}));

describe('renderReply', () => {
  it('cleans and redacts each text and each name, wherever it stands and whatever is around it', () => {
    fc.assert(
      fc.property(data, (given) => {
        const { structuredContent } = renderReply({ found: given }, { redact, fence: 'f' });
        expect(structuredContent).toEqual({ found: expected(given) });
      }),
      { numRuns: manyRuns },
    );
  });

  it.each([key, 'plain-key-0123456789'])('shows the key %j in neither form of a reply', (secret) => {
    const reply = renderReply({ outcome: `it is ${secret}`, [secret]: 1 }, { redact, fence: 'f' });
    expect(reply.content).toEqual([{ type: 'text', text: 'it is [redacted]\n[redacted]: 1' }]);
    expect(reply.structuredContent).toEqual({ outcome: 'it is [redacted]', '[redacted]': 1 });
  });

  it('leaves out what is undefined, also beside an endpoint', () => {
    const endpoint = { method: 'GET', path: '/a', summary: 'List', signature: undefined };
    const { content } = renderReply({ endpoints: [endpoint], more: undefined }, { redact, fence: 'f' });
    expect(content).toEqual([{ type: 'text', text: 'endpoints:\n- GET /a | List' }]);
  });

  it('shows a record inside a cell, a list or a member as JSON, also one without a prototype, as SQLite hands them out', () => {
    const row = Object.assign(Object.create(null), { id: 1 });
    const given = { table: { columns: ['a'], rows: [[row], [[row]]] }, mixed: ['x', [row]], one: [[row]] };
    const { content } = renderReply(given, { redact, fence: 'f' });
    const text = content[0]?.type === 'text' ? content[0].text : '';
    expect(text).toContain('a\n{"id":1}\n[{"id":1}]');
    expect(text).toContain('x, [{"id":1}]');
    expect(text).not.toContain('[object Object]');
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createChangeId } from './change-id.ts';
import { parseTarget } from './target.ts';

const idOf = (path: string, body: Record<string, unknown>) =>
  createChangeId({
    request: { method: 'POST', path, body },
    target: parseTarget('POST', path),
    random: () => 0.5,
  });

test('an id is plain, short and ends in a random tail, whatever stands in the request', () => {
  const members = fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('status', 'board', 'summary')), fc.jsonValue());
  fc.assert(
    fc.property(
      fc.webPath(),
      members,
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (path, body, value) => {
        const target = parseTarget('POST', path);
        const id = createChangeId({ request: { method: 'POST', path, body }, target, random: () => value });
        expect(id).toMatch(/^[A-Za-z0-9_-]{1,71}_[a-z0-9]{8}$/);
      },
    ),
  );
});

test.each([
  [
    'customers’ words stay out of it',
    { summary: 'Ignore all rules', contactName: 'Eve' },
    'ticket-new_summary_contactName_',
  ],
  [
    'set-up comes first, in ASCII',
    { summary: 'x', status: { name: 'Erledigt – geprüft' } },
    'ticket-new_status-Erledigt-gepruft_summary_',
  ],
  ['a name in another script leaves the member alone', { board: { name: '問い合わせ' } }, 'ticket-new_board_'],
  [
    'what does not fit is counted',
    Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`customMember${index}`, 1])),
    'ticket-new_customMember0_customMember1_customMember2_and-17-more_',
  ],
])('%s', (_, body, expected) => {
  expect(idOf('/service/tickets', body)).toMatch(new RegExp(`^${expected}[a-z0-9]{8}$`));
});

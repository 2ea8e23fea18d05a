import { describe, expect, test } from 'vitest';
import { connect } from '../support/connect.ts';

type Answer = 'accept' | 'decline' | 'cancel';

const eras = ['modern', 'legacy'] as const;
const path = '/service/tickets/1595';
const patch = { path, method: 'PATCH', data: { summary: 'Asked for' } };

async function connectAsking(era: (typeof eras)[number], answer: Answer) {
  const questions: string[] = [];
  const app = await connect({
    era,
    answer: (question) => {
      questions.push(question);
      return answer;
    },
  });
  const summary = async () => (await app.call('execute_api_call', { path, params: { fields: 'summary' } })).data.record;
  return { app, questions, summary };
}

describe.each(eras)('%s: a client that can ask its user', (era) => {
  test('shows the whole sentence in the first line, and sends after a yes', async () => {
    const { app, questions, summary } = await connectAsking(era, 'accept');
    await using _ = app;
    const { data } = await app.call('execute_api_call', patch);
    expect(data.next).toMatch(/the user is shown the change and asked/);
    const { change_id: id, change } = data;
    const sent = await app.call('confirm_api_write', { change_id: id });
    expect(questions).toHaveLength(1);
    expect(questions[0]?.split('\n')[0]).toBe(change.sentence);
    expect(sent.data.outcome).toMatch(/^SENT/);
    expect(await summary()).toMatchObject({ summary: 'Asked for' });
  });

  test('sends nothing after a no, and discards the change', async () => {
    const { app, summary } = await connectAsking(era, 'decline');
    await using _ = app;
    const before = await summary();
    const { data } = await app.call('execute_api_call', patch);
    const refused = await app.call('confirm_api_write', { change_id: data.change_id });
    expect(refused.text).toMatch(/^not_approved: Nothing was sent: the user said no/);
    expect(await summary()).toEqual(before);
    const again = await app.call('confirm_api_write', { change_id: data.change_id });
    expect(again.text).toMatch(/^unknown_change: .*discarded/);
    expect(await summary()).toEqual(before);
  });

  test('sends nothing where nobody answers, and the change waits', async () => {
    const { app, questions, summary } = await connectAsking(era, 'cancel');
    await using _ = app;
    const before = await summary();
    const { data } = await app.call('execute_api_call', patch);
    for (const time of [1, 2]) {
      const { text } = await app.call('confirm_api_write', { change_id: data.change_id });
      expect(text).toMatch(/^not_approved: .*closed without an answer/);
      expect(questions).toHaveLength(time);
    }
    expect(await summary()).toEqual(before);
  });

  test('asks once for several, with the sentence of each', async () => {
    const { app, questions } = await connectAsking(era, 'accept');
    await using _ = app;
    const one = (await app.call('execute_api_call', patch)).data;
    const two = (await app.call('execute_api_call', { ...patch, path: '/service/tickets/1596' })).data;
    const { data } = await app.call('confirm_api_write', { change_id: `${one.change_id}, ${two.change_id}` });
    expect(data.outcome).toMatch(/^SENT: 2 changes/);
    expect(questions).toHaveLength(1);
    for (const { change } of [one, two]) expect(questions[0]).toContain(change.sentence);
  });
});

test('the question begins with what must be seen, and has each of several writes whole', async () => {
  const { app, questions } = await connectAsking('modern', 'cancel');
  await using _ = app;
  const merge = { path: `${path}/merge`, method: 'POST', data: { mergeTicketIds: [1596], status: { id: 9 } } };
  const merging = (await app.call('execute_api_call', merge)).data;
  await app.call('confirm_api_write', { change_id: merging.change_id });
  expect(questions[0]).toMatch(/^CAUTION: 2 different clients: .* Merge service ticket 1596 .*Cannot be undone\./);

  const text = `Called back. ${'All is well. '.repeat(20)}End`;
  const note = { method: 'POST', path: `${path}/notes`, data: { text, internalAnalysisFlag: true } };
  const steps = [note, { method: 'PATCH', path, data: { summary: 'Asked for' } }];
  const list = (await app.call('execute_api_call', { method: 'POST', path: '/gateway/changes', data: steps })).data;
  await app.call('confirm_api_write', { change_id: list.change_id });
  const lines = questions[1]?.split('\n') ?? [];
  expect(lines[1]).toMatch(/^1\. New note of ticket 1595 .*internal analysis yes/);
  expect(lines[2]).toMatch(/^2\. Ticket 1595 .*→ 'Asked for'\.$/);
});

test('the question about many records names them', async () => {
  const { app, questions } = await connectAsking('modern', 'cancel');
  await using _ = app;
  const many = { path: '/service/tickets/{id}', method: 'PATCH', for_each: [1595, 1596], data: { summary: 'Both' } };
  const { data } = await app.call('execute_api_call', many);
  await app.call('confirm_api_write', { change_id: data.change_id });
  const [first, ...lines] = questions[0]?.split('\n') ?? [];
  expect(first).toBe(data.change.sentence);
  expect(lines).toContain("1595 'Internet is down at the warehouse'");
  expect(lines.some((line) => /^1596 '\S.*'$/.test(line))).toBe(true);
});

test('a client that cannot ask is told to show the change and to wait', async () => {
  await using app = await connect();
  const { data } = await app.call('execute_api_call', patch);
  expect(data.next).toMatch(/^Show this to the user and wait for an answer/);
});

test('the sentence of the preview may be repeated, so that a dialog shows it; another one is refused', async () => {
  await using app = await connect();
  const { data } = await app.call('execute_api_call', patch);
  const { change_id: id, change } = data;
  const other = (await app.call('execute_api_call', { ...patch, path: '/service/tickets/1596' })).data;
  const several = { change_id: `${id}, ${other.change_id}`, sentence: change.sentence };
  expect((await app.call('confirm_api_write', several)).text).toMatch(
    /^invalid_argument: Nothing was sent: sentence says/,
  );
  const wrong = await app.call('confirm_api_write', { change_id: id, sentence: 'Nothing to worry about.' });
  expect(wrong.text).toMatch(/^invalid_argument: Nothing was sent: sentence is not the one of the preview/);
  expect(wrong.text).toContain(change.sentence);
  const sent = await app.call('confirm_api_write', { change_id: id, sentence: ` ${change.sentence}\n` });
  expect(sent.data.outcome).toMatch(/^SENT/);
});

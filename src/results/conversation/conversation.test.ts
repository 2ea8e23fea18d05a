import { expect, test } from 'vitest';
import { readConversation } from './conversation.ts';

const asIs = (iso: string) => iso;
const rowsOf = async (...notes: object[]) => (await readConversation(notes, asIs)).rows;

test('notes read oldest first, by when the work was done or the note written', async () => {
  const rows = await rowsOf(
    { id: 1, text: 'c', dateCreated: '2026-03-03T00:00:00Z' },
    { id: 2, text: 'a', timeStart: '2026-03-01T00:00:00Z', _info: { dateEntered: '2026-03-09T00:00:00Z' } },
    { id: 3, text: 'b', _info: { dateEntered: '2026-03-02T00:00:00Z' } },
  );
  expect(rows.map(([id]) => id)).toEqual([2, 3, 1]);
});

test('a note without a date comes first, and notes of one time in the order of the answer', async () => {
  const at = '2026-03-01T00:00:00Z';
  const rows = await rowsOf({ id: 5, dateCreated: at }, { id: 4, dateCreated: at }, { id: 3 });
  expect(rows.map(([id]) => id)).toEqual([3, 5, 4]);
});

test.each([
  [{ member: { name: 'Dana Lopez', identifier: 'dlopez' } }, 'Dana Lopez'],
  [{ member: { identifier: 'dlopez' } }, 'dlopez'],
  [{ contact: { name: 'Amir Donovan' }, createdBy: 'mail' }, 'Amir Donovan (contact)'],
  [{ originalAuthor: 'Amir' }, 'Amir'],
  [{ enteredBy: 'dlopez' }, 'dlopez'],
  [{ _info: { updatedBy: 'zadmin' } }, 'zadmin'],
  [{}, 'unknown'],
])('who wrote %j is %s', async (note, who) => {
  expect((await rowsOf(note))[0]?.[2]).toBe(who);
});

test.each([
  [{ detailDescriptionFlag: true, internalAnalysisFlag: false }, 'visible: discussion'],
  [{ detailDescriptionFlag: true, internalAnalysisFlag: true }, 'visible: discussion'],
  [{ internalAnalysisFlag: true }, 'internal'],
  [{ resolutionFlag: true, internalAnalysisFlag: true }, 'resolution, internal'],
  [{ noteType: 'TimeEntryNote', internalAnalysisFlag: true }, 'internal, time entry'],
  [{ noteType: 'TimeEntryNote' }, 'time entry'],
  [{ type: { name: 'Comments' } }, 'Comments'],
  [{}, null],
])('the audience of %j is %s', async (note, audience) => {
  expect((await rowsOf(note))[0]?.[3]).toBe(audience);
});

test('work shows from when to when', async () => {
  const zoned = (iso: string) => `${iso.slice(0, 10)} ${iso.slice(11, 16)} EST`;
  const note = { timeStart: '2026-03-01T09:00:00Z', timeEnd: '2026-03-01T09:30:00Z' };
  expect((await readConversation([note], zoned)).rows[0]?.[1]).toBe('2026-03-01 09:00 EST to 09:30');
});

test('what was left out is told with the ids of its notes', async () => {
  const { leftOut } = await readConversation(
    [
      { id: 1, text: 'Hi\n--\nAmir' },
      { id: 2, text: '<p>Hi</p><p style="display:none">x</p>' },
      { id: 3, text: 'Hi' },
    ],
    asIs,
  );
  expect([...leftOut]).toEqual([
    ['signature', [1]],
    ['hidden text', [2]],
  ]);
});

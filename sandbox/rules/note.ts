import type { JsonObject } from '../json.ts';
import type { StoredRecord } from '../store.ts';
import { newStamps, toStamp, type World } from '../world.ts';
import { type Rule, setDefaults, takeAside } from './rule.ts';

const displayFlags = ['detailDescriptionFlag', 'internalAnalysisFlag', 'resolutionFlag'] as const;

/** A note that says where it is shown; the text of the refusal is ConnectWise's own (CW 4.2). */
export const noteRule: Rule = {
  computed: ['dateCreated', 'createdBy'],
  complete(world, draft) {
    takeAside(draft, 'processNotifications');
    setDefaults(draft.value, Object.fromEntries(displayFlags.map((flag) => [flag, false])));
    if (draft.before === undefined) {
      setDefaults(draft.value, { dateCreated: toStamp(world.now()), createdBy: world.caller, issueFlag: false });
    }
    // What only colleagues may read, and what the customer sees.
    const isInternal = draft.value.internalAnalysisFlag === true;
    draft.value.internalFlag = isInternal;
    draft.value.externalFlag = !isInternal;
  },
  check(_world, { value }) {
    const text = typeof value.text === 'string' ? value.text.trim() : '';
    if (text === '') return [{ code: 'MissingRequiredField', message: 'The text field is required.', field: 'text' }];
    if (displayFlags.some((flag) => value[flag] === true)) return [];
    const message = 'Please choose where to display the notes in order to save this record.';
    return [{ code: 'InvalidField', message, field: 'detailDescriptionFlag' }];
  },
};

/** A note that the sandbox itself makes below a ticket. */
export function makeNote(world: World, key: string, ticketId: number, members: JsonObject): StoredRecord {
  const stamps = newStamps(world);
  const id = world.store.nextId(key);
  const isInternal = members.internalAnalysisFlag === true;
  const record: StoredRecord = {
    id,
    parents: [ticketId],
    value: {
      id,
      ticketId,
      detailDescriptionFlag: false,
      internalAnalysisFlag: false,
      resolutionFlag: false,
      issueFlag: false,
      internalFlag: isInternal,
      externalFlag: !isInternal,
      dateCreated: stamps.dateEntered,
      createdBy: world.caller,
      ...members,
    },
    stamps,
  };
  world.store.insert(key, record);
  return record;
}

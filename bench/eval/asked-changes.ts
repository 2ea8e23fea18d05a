import { ambiguousChanges, plainChanges } from '../../tests/tools/golden/plain-changes.ts';

/** The changes of `tests/tools/golden`, by their names, in the words of a person. */
const words: Readonly<Record<string, string>> = {
  'status by name': 'Set ticket 1595 to Waiting Customer.',
  'status in another case': 'Mark ticket 1595 as in progress.',
  closing: 'Set ticket 1595 to the status Closed.',
  'owner by identifier': 'Make dlopez the owner of ticket 1595.',
  'owner by full name': 'Casey Miller takes over ticket 1595 as its owner.',
  'owner as me': 'Make me the owner of ticket 1595.',
  'priority and severity': 'Raise ticket 1595 to priority Urgent and severity high.',
  'type and subtype': 'Ticket 1595 is of type Security, subtype Malware. Please correct that.',
  item: 'Classify ticket 1595 as type Hardware, subtype Server, item Repair.',
  team: 'Hand ticket 1595 to the team Escalation. Nothing else changes.',
  source: 'The source of ticket 1595 was Walk-in. Please correct it.',
  summary: 'Change the summary of ticket 1595 to “Printer jams on every page”.',
  'a date in words': 'The required date of ticket 1595 is tomorrow 14:00, my time.',
  'budget as text': 'Budget 2.5 hours for ticket 1595.',
  'another site of the company': 'Ticket 1595 is about the site Branch Office of that client. Please correct the site.',
  'another contact of the company': 'Make Ravi Sawyer the contact of ticket 1595.',
  'board, status and type at once':
    'Move ticket 1595 to the board Monitoring & Alerts, with status In Progress, type Server, subtype Offline, no item, and team Monitoring.',
  'several, of which one is so already':
    'On ticket 1595 set the company to SummitOrtho, the impact to Low, and the summary to just “x”.',
  'a custom field by its caption': 'Set the custom field “Change approved by” of ticket 1595 to Jordan.',
  'flags of mail': 'Switch off the automatic e-mail to the contact on ticket 1595.',
  'status of a company': 'Set the status of the company with the id 5 to Credit Hold.',
  'territory of a company': 'The company with the id 5 belongs to the territory Portsmouth. Please correct that.',
  'main contact of a company': 'Make Erik Ramirez the default contact of the company with the id 5.',
  'address of a company': 'The company with the id 5 has moved: city Concord, zip 3301. Leave the rest as it is.',
  'custom fields of a company': 'Set the custom field “Onboarded on” of the company with the id 5 to 2025-01-31.',
  'title of a contact': 'Change the title of the contact with the id 5 to Head of Practice.',
  'site of a contact': 'The contact with the id 5 now works at the site Branch Office.',
  'a checkbox of a contact': 'Mark the contact with the id 61 as VIP: yes. It is a custom field.',
  'end of an agreement': 'The agreement with the id 4 ends on 2026-12-31. Please set that date.',
  'contact of an agreement': 'Make Wendy Nguyen the contact of the agreement with the id 4.',
  'work role of a time entry': 'Change the work role of the time entry 1 to Consultant.',
  'billing of a time entry': 'Set the billable option of the time entry 1 to no charge.',
  'notes of a time entry': 'Replace the notes of the time entry 1 by “Checked the logs.”',
  'status of a schedule entry': 'Set the status of the schedule entry 1 to Tentative.',
  'member of a schedule entry': 'Give the schedule entry 1 to asmith.',
  'status of a configuration': 'Set the status of the configuration 1 to In Stock.',
  'status of an opportunity': 'Set the opportunity 1 to the status Quoted.',
  'a new ticket':
    'Open a ticket “Server down” for SummitOrtho on the board Service Desk: status New, priority High, contact Ravi Sawyer. No description.',
  'a new note': 'Add an internal analysis note to ticket 1595 in my name: “Called back.”',
  'a new time entry':
    'Log time for me on the service ticket 1595: today from 09:00 to 09:30, my time, work type Remote Support, without notes.',
  'a new schedule entry':
    'Schedule dlopez on the service ticket 1595 tomorrow from 10:00 to 11:00, my time (schedule type S).',
  'a status that two begin with': 'Set ticket 1595 to Waiting.',
  'a status of another board': 'Set ticket 1595 to the status Completed.',
  'a status that is no longer in use': 'Set ticket 1595 to the status Escalated (old).',
  'a misspelt member': 'Make dlopes the owner of ticket 1595.',
  'a member who has left': 'Make hstone the owner of ticket 1595.',
  'a company that two begin with': 'Open a ticket with the summary “x” for Harbor.',
  'a contact of another company': 'Make Nobody Atall the contact of ticket 1595.',
  'a site that does not exist': 'Set the site of ticket 1595 to Warehouse.',
  'a type of another board': 'Set the type of ticket 1595 to Backup.',
  'a caption that does not exist': 'Set the custom field Root of ticket 1595 to x.',
};

export interface AskedChange {
  name: string;
  asks: string;
  method: string;
  path: string;
  data: unknown;
  /** For an ambiguous change: what a good answer offers instead. */
  offers?: readonly string[];
}

const split = (call: string) => {
  const [method = '', path = ''] = call.split(' ');
  return { method, path };
};

const wordsFor = (name: string): string => {
  const asks = words[name];
  if (asks === undefined) throw new Error(`bench/eval/asked-changes.ts has no words for “${name}”.`);
  return asks;
};

export const askedChanges: readonly AskedChange[] = plainChanges.map(({ name, call, data }) => ({
  ...{ name, asks: wordsFor(name), data },
  ...split(call),
}));

/** A remark of the reply, in place of a candidate, is not a name. */
const isName = (candidate: string) => candidate !== 'no longer in use';

export const askedAmbiguous: readonly AskedChange[] = ambiguousChanges.map(([name, call, data, candidates]) => ({
  ...{ name, asks: wordsFor(name), data, offers: candidates.filter(isName) },
  ...split(call),
}));

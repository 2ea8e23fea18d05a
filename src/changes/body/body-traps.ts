/** By schemas and wrong names in lower case, both separated by spaces: what to write in a body, and why. */
const table: Readonly<Record<string, Readonly<Record<string, readonly [instead: string, reason: string]>>>> = {
  'Ticket ProjectTicket': {
    'description details body content problem issue initialnote': [
      'initialDescription for a new ticket, a note for others',
      'what a ticket says stands in its notes (CW 5.1.6)',
    ],
    'note notes comment comments internalnote internalnotes': [
      'initialInternalAnalysis for a new ticket, POST …/notes for others',
      'notes are records of their own (CW 5.1.6)',
    ],
    'closed isclosed resolved isresolved completed done open isopen': [
      'status',
      'whether a ticket is closed follows its status (CW 5.5.3)',
    ],
  },
  ServiceNote: {
    'notetype type': [
      'detailDescriptionFlag, internalAnalysisFlag or resolutionFlag',
      'flags say where a note shows (CW 5.4.7)',
    ],
  },
  Company: {
    'active activeflag isactive inactive inactiveflag isdeleted': [
      'status, as {"name": …}',
      'a company is set aside by its status; deletedFlag deletes it (CW 5.7.9)',
    ],
  },
  Contact: {
    'email emailaddress primaryemail defaultemail mail phone phonenumber mobile mobilephone cell directphone': [
      'communicationItems, as [{"type": {"id": 1}, "value": "…"}]',
      'addresses and numbers of a contact are communication items (CW 5.7.10)',
    ],
  },
  TimeEntry: {
    'ticketid ticketnumber': [
      'chargeToId with chargeToType "ServiceTicket"',
      'time is charged to something (CW 5.4.6)',
    ],
  },
};

export interface BodyTrap {
  instead: string;
  reason: string;
}

const traps: ReadonlyMap<string, BodyTrap> = new Map(
  Object.entries(table).flatMap(([schemas, names]) =>
    Object.entries(names).flatMap(([wrong, [instead, reason]]) =>
      schemas
        .split(' ')
        .flatMap((schema) => wrong.split(' ').map((name) => [`${schema} ${name}`, { instead, reason }] as const)),
    ),
  ),
);

/** What a wrong name means in a body, where that is something else than in conditions. */
export function findBodyTrap(schema: string, name: string): BodyTrap | undefined {
  return traps.get(`${schema} ${name.toLowerCase().replace(/[^a-z0-9]/g, '')}`);
}

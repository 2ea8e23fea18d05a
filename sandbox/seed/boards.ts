import { type Garden, to } from './garden.ts';

/** Status: name, then whether it closes a ticket, whether it is the board's default. */
type StatusRow = readonly [name: string, kind?: 'default' | 'closed' | 'inactive'];

interface BoardRow {
  name: string;
  isProject?: boolean;
  statuses: readonly StatusRow[];
  /** Types with their subtypes. */
  types: Readonly<Record<string, readonly string[]>>;
  items: readonly string[];
  teams: readonly string[];
}

const boards: readonly BoardRow[] = [
  {
    name: 'Service Desk',
    statuses: [
      ['Open', 'default'],
      ['New'],
      ['Assigned'],
      ['In Progress'],
      ['Waiting Customer'],
      ['Waiting Vendor'],
      ['Scheduled'],
      ['Resolved'],
      ['Closed', 'closed'],
      ['Cancelled', 'closed'],
      ['Escalated (old)', 'inactive'],
    ],
    types: {
      Hardware: ['Workstation', 'Printer', 'Server'],
      Software: ['Email', 'Line of Business', 'Microsoft 365'],
      Network: ['Internet', 'Wireless', 'VPN'],
      Account: ['Password', 'New User', 'Departure'],
      Security: ['Phishing', 'Malware'],
    },
    items: ['Install', 'Repair', 'Question', 'Change'],
    teams: ['Service Desk', 'Escalation'],
  },
  {
    // On this board "Completed" does not close a ticket, which surprises people on real systems, too (CW 5.5).
    name: 'Monitoring & Alerts',
    statuses: [['New', 'default'], ['In Progress'], ['Waiting'], ['Completed'], ['Closed', 'closed']],
    types: { Backup: ['Failed', 'Missed'], Server: ['Disk', 'Offline'], Security: ['Endpoint alert'] },
    items: ['Acknowledge', 'Repair'],
    teams: ['Monitoring'],
  },
  {
    name: 'Projects',
    isProject: true,
    statuses: [['Open', 'default'], ['In Progress'], ['On Hold'], ['Closed', 'closed']],
    types: { Task: ['Planning', 'Execution'], Issue: ['Blocker'] },
    items: ['Deliverable'],
    teams: ['Project Team'],
  },
];

/** Three boards with what belongs to each: numbers run on over all boards, as they do in ConnectWise (CW 5.5). */
export function plantBoards(garden: Garden): void {
  for (const board of boards) plantBoard(garden, board);
}

/** A board with its teams; what else belongs to it follows. */
function plantBoard(garden: Garden, row: BoardRow): void {
  const { plant } = garden;
  const { id } = plant('/service/boards', {
    name: row.name,
    location: to(1),
    department: to(1),
    inactiveFlag: false,
    projectFlag: row.isProject === true,
    workRole: to(1),
    workType: to(1),
    billTime: 'Billable',
    billExpense: 'Billable',
    billProduct: 'Billable',
    timeEntryLockedFlag: false,
    discussionsLockedFlag: false,
  });
  plantStatuses(garden, id, row);
  plantSorting(garden, id, row);
  for (const [index, name] of row.teams.entries()) {
    plant(
      '/service/boards/{}/teams',
      {
        name,
        boardId: id,
        teamLeader: to(1),
        members: [1, 2, 3, 4],
        defaultFlag: index === 0,
        locationId: 1,
        businessUnitId: 1,
      },
      { parents: [id] },
    );
  }
}

function plantStatuses({ plant }: Garden, boardId: number, { statuses }: BoardRow): void {
  for (const [index, [name, kind]] of statuses.entries()) {
    plant(
      '/service/boards/{}/statuses',
      {
        name,
        board: to(boardId),
        sortOrder: index + 1,
        displayOnBoard: kind !== 'inactive',
        // Statuses spell this without "Flag", unlike everything else (CW 6.14).
        inactive: kind === 'inactive',
        closedStatus: kind === 'closed',
        timeEntryNotAllowed: name === 'Cancelled',
        defaultFlag: kind === 'default',
        escalationStatus: kind === 'closed' ? 'Resolved' : name.startsWith('Waiting') ? 'NoEscalation' : 'NotResponded',
      },
      { parents: [boardId] },
    );
  }
}

/** Types with their subtypes, and items. */
function plantSorting({ plant }: Garden, boardId: number, { types, items, isProject = false }: BoardRow): void {
  const options = { parents: [boardId] };
  const onBoard = { board: to(boardId), inactiveFlag: false };
  const category = isProject ? 'Proactive' : 'Reactive';
  for (const [name, subTypes] of Object.entries(types)) {
    const { id } = plant('/service/boards/{}/types', { name, category, defaultFlag: false, ...onBoard }, options);
    for (const subType of subTypes) {
      plant('/service/boards/{}/subtypes', { name: subType, typeAssociationIds: [id], ...onBoard }, options);
    }
  }
  for (const name of items) plant('/service/boards/{}/items', { name, ...onBoard }, options);
}

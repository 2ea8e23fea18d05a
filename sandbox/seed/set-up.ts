import { type BoardRow, boards, catalogItems, setUp } from './data.ts';
import { type Seeder, to } from './seeder.ts';

/** Which work roles each location offers: no consultants in Portsmouth (CW 5.6.9). */
const workRoles = [
  [1, [1, 2, 3]],
  [2, [1, 2]],
] as const;

/** What a manager sets up once: tables of names that other records refer to, and the catalog of products. */
export function seedSetUp({ add }: Seeder): void {
  for (const [key, rows] of Object.entries(setUp)) for (const row of rows) add(key, row);
  for (const [location, roles] of workRoles) {
    for (const role of roles)
      add(
        '/system/locations/{}/workroles',
        { location: to(location), workRole: to(role), workRoleInactiveFlag: false },
        { parents: [location] },
      );
  }
  for (const { identifier, description, productClass, type, price, cost } of catalogItems) {
    add('/procurement/catalog', {
      identifier,
      description,
      productClass,
      type: to(type),
      subcategory: to(type),
      category: to(type),
      price,
      cost,
      customerDescription: description,
      inactiveFlag: false,
      taxableFlag: type === 1,
      recurringFlag: productClass === 'Agreement',
    });
  }
}

/** Three boards with what belongs to each: numbers run on over all boards, as they do in ConnectWise (CW 5.5). */
export function seedBoards(seeder: Seeder): void {
  for (const board of boards) seedBoard(seeder, board);
}

/** A board with its teams; what else belongs to it follows. */
function seedBoard(seeder: Seeder, row: BoardRow): void {
  const { add } = seeder;
  const { id } = add('/service/boards', {
    name: row.name,
    location: to(1),
    department: to(1),
    inactiveFlag: false,
    projectFlag: row.isProject,
    workRole: to(1),
    workType: to(1),
    billTime: 'Billable',
    billExpense: 'Billable',
    billProduct: 'Billable',
    timeEntryLockedFlag: false,
    discussionsLockedFlag: false,
  });
  seedStatuses(seeder, id, row);
  seedSorting(seeder, id, row);
  for (const [index, name] of row.teams.entries()) {
    add(
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

function seedStatuses({ add }: Seeder, boardId: number, { statuses }: BoardRow): void {
  for (const [index, { name, kind }] of statuses.entries()) {
    add(
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
function seedSorting({ add }: Seeder, boardId: number, { types, items, isProject }: BoardRow): void {
  const options = { parents: [boardId] };
  const onBoard = { board: to(boardId), inactiveFlag: false };
  const category = isProject ? 'Proactive' : 'Reactive';
  for (const { name, subTypes } of types) {
    const { id } = add('/service/boards/{}/types', { name, category, defaultFlag: false, ...onBoard }, options);
    for (const subType of subTypes) {
      add('/service/boards/{}/subtypes', { name: subType, typeAssociationIds: [id], ...onBoard }, options);
    }
  }
  for (const name of items) add('/service/boards/{}/items', { name, ...onBoard }, options);
}

import type { Catalog, Endpoint } from '../../catalog/index.ts';
import { type ConnectWiseClient, type ConnectWiseRequest, findFilter } from '../../connectwise/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { personReferences, whoseAre } from '../local/status/check-records.ts';

/** What was asked of a list, its count or its search, and what came. */
interface AskedList {
  catalog: Catalog;
  endpoint: Endpoint | undefined;
  request: ConnectWiseRequest;
  /** The first rows that came; none for a count. */
  rows: readonly unknown[];
  signal: AbortSignal;
}

/**
 * Whether this login seems to see only its own records. ConnectWise neither tells a login its level (All, My, Mine) nor
 * marks an answer that a role cut (CW 5.12.1, 5.12.3), so a count of all open tickets may be that of one person.
 */
export interface OwnRecords {
  /**
   * A sentence where the newest records of the list all belong to one person. The level is one per module, so each list
   * is looked at: once, with one request, and with none where the rows at hand already show several people.
   */
  describe(asked: AskedList): Promise<string | undefined>;
  /** The newest records of a list, read for another reason. */
  learn(path: string, newest: unknown): void;
}

/** Fewer records may be of one person by chance. */
const fewest = 10;
const newestRows = 25;

export function createOwnRecords(client: () => Promise<Pick<ConnectWiseClient, 'send'>>): OwnRecords {
  /** By list: whether its newest records are all of one person; false also where that cannot be seen. */
  const known = new Map<string, boolean>();
  const learn = (path: string, newest: unknown) => {
    const whose = whoseAre(newest);
    known.set(path, whose !== undefined && whose.count >= fewest && whose.isOnes);
  };
  async function look(path: string, members: readonly string[], signal: AbortSignal): Promise<void> {
    const fields = ['id', ...members, '_info/enteredBy'].join(',');
    const query = { fields, orderBy: 'id desc', pageSize: String(newestRows) };
    try {
      const { body } = await (await client()).send({ method: 'GET', path, query }, signal);
      learn(path, body);
    } catch (error) {
      // The list itself was answered; what is not known is not said.
      if (!(error instanceof GatewayError) || error.code === 'cancelled') throw error;
      known.set(path, false);
    }
  }
  return {
    learn,
    async describe({ catalog, endpoint, request, rows, signal }) {
      const path = endpoint?.path.replace(/\/(count|search)$/, '') ?? '';
      if (path === '' || path.includes('{')) return undefined;
      const members = personMembers(catalog, path);
      // Rows of a person who was asked for are rightly of one person.
      if (members.length === 0 || (rows.length > 0 && isOfPerson(findFilter(request, 'conditions')))) return undefined;
      const whose = whoseAre(rows);
      if (whose !== undefined && !whose.isOnes) known.set(path, false);
      if (!known.has(path)) await look(path, members, signal);
      return known.get(path)
        ? 'This login seems to see only its own records here: the newest all belong to one person. There may be more.'
        : undefined;
    },
  };
}

/** The members of a list by which its records belong to people, as `fields` names them. */
function personMembers(catalog: Catalog, path: string): string[] {
  const schema = catalog.findEndpoint('GET', path)?.endpoint.response?.schema;
  const members = (schema === undefined ? undefined : catalog.findSchema(schema))?.members ?? [];
  const references = members.filter(
    ({ name, schema: of }) => personReferences.includes(name) && of === 'MemberReference',
  );
  const named = references.map(({ name }) => `${name}/identifier`);
  return members.some(({ name }) => name === 'resources') ? [...named, 'resources'] : named;
}

const ofPerson = new RegExp(`\\b(?:${[...personReferences, 'resources', 'enteredBy', 'updatedBy'].join('|')})\\b`, 'i');

/** Whether conditions ask for the records of somebody. */
const isOfPerson = (conditions = ''): boolean => ofPerson.test(conditions);

import { isRecord } from '../../../core/json.ts';
import { okLine, type StatusLine, warningLine } from './status-line.ts';

/**
 * Whose records come back. ConnectWise does not tell a login its level (All, My, Mine), and leaves out what the role
 * hides without saying so (CW 5.12.1, 5.12.3). What can be seen is whether every record belongs to one person: as owner,
 * resource, member, or as who entered it. If not, records of more than one person are shown. If so, the level may be the
 * reason, or one busy colleague; where one person only entered them all, as integrations do, there is no line. That all
 * records are shown cannot be proven this way.
 * @param lists the newest records of several kinds; `records` is undefined where they could not be read
 */
export function checkRecords(lists: readonly { name: string; records: unknown }[]): StatusLine[] {
  const judged = lists.flatMap(({ name, records }) => {
    const whose = whoseAre(records);
    return whose === undefined ? [] : [{ name, ...whose }];
  });
  if (judged.length === 0) return [];
  const list = (some: typeof judged) => some.map(({ name, count }) => `${name} (${count} newest)`).join(', ');
  const ones = judged.filter(({ isOnes }) => isOnes);
  const several = judged.filter(({ isOnes }) => !isOnes);
  const lines: StatusLine[] = [];
  if (several.length > 0) {
    const limit = 'ConnectWise does not say whether these are all';
    lines.push(okLine('records', `sees records of several people: ${list(several)}; ${limit}`));
  }
  if (ones.length > 0) {
    const detail = `every record seen belongs to one person: ${list(ones)}; this login may see only its own`;
    const fix =
      'Compare a count with what ConnectWise shows a colleague. The Inquire level (All, My, Mine) of the security role decides what this login sees.';
    lines.push(warningLine('records', detail, fix));
  }
  return lines;
}

/** Members that name whom a record belongs to; tickets have `resources` as well, a text. */
export const personReferences: readonly string[] = ['owner', 'member', 'assignTo', 'primarySalesRep'];

/** Whether records all belong to one person; undefined for fewer than two, and where one person only entered them all. */
export function whoseAre(records: unknown): { count: number; isOnes: boolean } | undefined {
  const rows: unknown[] = Array.isArray(records) ? records : [];
  const people = rows.map(peopleOn).filter((names) => names !== undefined);
  if (people.length < 2) return undefined;
  const isOnes = haveOneInCommon(people.map(({ all }) => all));
  const isEnteredByOne = haveOneInCommon(people.map(({ enteredBy }) => [enteredBy]));
  if (isOnes && isEnteredByOne && !haveOneInCommon(people.map(({ concerned }) => concerned))) return undefined;
  return { count: people.length, isOnes };
}

interface People {
  enteredBy: string;
  /** Owner, member, resources, who it is assigned to. */
  concerned: readonly string[];
  all: readonly string[];
}

/** Identifiers of the people that a record names; undefined where the answer does not say who entered it. */
function peopleOn(row: unknown): People | undefined {
  if (!isRecord(row) || !isRecord(row._info) || typeof row._info.enteredBy !== 'string') return undefined;
  const named = personReferences.flatMap((name) => {
    const one = row[name];
    return isRecord(one) && typeof one.identifier === 'string' ? one.identifier : [];
  });
  // One string such as "jdoe, asmith" (CW 2.2.17).
  const assigned = typeof row.resources === 'string' ? row.resources.split(',') : [];
  const fold = (name: string) => name.trim().toLowerCase();
  const [enteredBy, concerned] = [fold(row._info.enteredBy), [...named, ...assigned].map(fold)];
  return { enteredBy, concerned, all: [enteredBy, ...concerned] };
}

function haveOneInCommon(people: readonly (readonly string[])[]): boolean {
  const [first = [], ...others] = people;
  return first.some((name) => others.every((names) => names.includes(name)));
}

import { isRecord } from '../../../core/json.ts';
import type { Tried } from './check-role.ts';
import { okLine, type StatusLine, warningLine } from './status-line.ts';

/**
 * Whose records come back. ConnectWise does not tell a login its level (All, My, Mine), and leaves out what the role
 * hides without a word (CW 5.12.1, 5.12.3). What can be seen is whether one person stands on every record: owner,
 * resource, member or who entered it. If nobody does, more than one person's records are shown. If somebody does, it
 * may be the login's own level, or one busy colleague; where somebody merely entered them all, as integrations do,
 * nothing is said. That all records are shown is never proven this way.
 */
export function checkRecords(tried: readonly Tried[]): StatusLine[] {
  const judged = tried.flatMap(({ name, answer }) => {
    const rows: unknown[] = Array.isArray(answer?.body) ? answer.body : [];
    const people = rows.map(peopleOn).filter((names) => names !== undefined);
    if (people.length < 2) return [];
    const isOnes = haveOneInCommon(people.map(({ all }) => all));
    const isEnteredByOne = haveOneInCommon(people.map(({ enteredBy }) => [enteredBy]));
    if (isOnes && isEnteredByOne && !haveOneInCommon(people.map(({ concerned }) => concerned))) return [];
    return [{ name, count: people.length, isOnes }];
  });
  if (judged.length === 0) return [];
  const list = (some: typeof judged) => some.map(({ name, count }) => `${name} (${count} newest)`).join(', ');
  const ones = judged.filter(({ isOnes }) => isOnes);
  const several = judged.filter(({ isOnes }) => !isOnes);
  const lines: StatusLine[] = [];
  if (several.length > 0) {
    const limit = 'whether of all of them, ConnectWise does not tell';
    lines.push(okLine('records', `sees records of several people: ${list(several)}; ${limit}`));
  }
  if (ones.length > 0) {
    const detail = `one and the same person stands on all of: ${list(ones)}; this login may see its own only`;
    const fix =
      'Compare a count with what ConnectWise shows somebody else. Numbers are of what this login may see: the Inquire level (All, My, Mine) of its security role decides.';
    lines.push(warningLine('records', detail, fix));
  }
  return lines;
}

interface People {
  enteredBy: string;
  /** Owner, member, resources. */
  concerned: readonly string[];
  all: readonly string[];
}

/** Identifiers of those a record is somebody's by; undefined where the answer does not say who entered it. */
function peopleOn(row: unknown): People | undefined {
  if (!isRecord(row) || !isRecord(row._info) || typeof row._info.enteredBy !== 'string') return undefined;
  const { owner, member, resources } = row;
  const named = [owner, member].flatMap((one) =>
    isRecord(one) && typeof one.identifier === 'string' ? one.identifier : [],
  );
  // One string such as "jdoe, asmith" (CW 2.2.17).
  const assigned = typeof resources === 'string' ? resources.split(',') : [];
  const fold = (name: string) => name.trim().toLowerCase();
  const [enteredBy, concerned] = [fold(row._info.enteredBy), [...named, ...assigned].map(fold)];
  return { enteredBy, concerned, all: [enteredBy, ...concerned] };
}

function haveOneInCommon(people: readonly (readonly string[])[]): boolean {
  const [first = [], ...others] = people;
  return first.some((name) => others.every((names) => names.includes(name)));
}

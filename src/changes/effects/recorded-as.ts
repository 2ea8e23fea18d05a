import type { Write } from './write.ts';

/** New records that belong to a person: without one they are the API member's (CW 5.6.4). */
const personal: Readonly<Record<string, string>> = {
  '/time/entries': 'member',
  '/schedule/entries': 'member',
  '/expense/entries': 'member',
};

/** A sentence for a new record that names nobody whose it is; `apiMember` is who our keys act as, where known. */
export function describeRecordedAs({ request, after }: Write, apiMember: string | undefined): string | undefined {
  const path = request.path.replace(/\/+$/, '');
  const member = request.method === 'POST' ? (path.endsWith('/notes') ? 'member' : personal[path]) : undefined;
  if (member === undefined || (after[member] !== undefined && after[member] !== null)) return undefined;
  const who = apiMember === undefined ? 'the API member whose keys these are' : `the API member ${apiMember}`;
  return `No ${member} is given: it will be recorded as ${who}.`;
}

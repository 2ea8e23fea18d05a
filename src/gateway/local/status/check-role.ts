import type { Wire, WireAnswer } from '../../../connectwise/index.ts';
import { mapAtOnce } from '../../../core/async.ts';
import { GatewayError } from '../../../core/errors.ts';
import { checkRecords } from './check-records.ts';
import { failureLine, okLine, type StatusLine, warningLine } from './status-line.ts';

interface Sample {
  name: string;
  path: string;
  /** Read to see whose records come, too. */
  fields?: string;
}

/** What everyday work reads, at least one of each module (CW 1.1.1). */
const samples: readonly Sample[] = [
  { name: 'tickets', path: '/service/tickets', fields: 'id,owner/identifier,resources,_info/enteredBy' },
  { name: 'time', path: '/time/entries', fields: 'id,member/identifier,_info/enteredBy' },
  { name: 'schedule', path: '/schedule/entries', fields: 'id,member/identifier,_info/enteredBy' },
  { name: 'companies', path: '/company/companies' },
  { name: 'contacts', path: '/company/contacts' },
  { name: 'configurations', path: '/company/configurations' },
  { name: 'projects', path: '/project/projects' },
  { name: 'agreements', path: '/finance/agreements' },
  { name: 'invoices', path: '/finance/invoices' },
  { name: 'opportunities', path: '/sales/opportunities' },
  { name: 'activities', path: '/sales/activities' },
  { name: 'purchase orders', path: '/procurement/purchaseorders' },
  { name: 'expenses', path: '/expense/entries' },
  { name: 'members', path: '/system/info/members' },
];

export interface Tried {
  name: string;
  /** How it ended, where no answer came. */
  error?: GatewayError;
  answer?: WireAnswer;
}

const newestRows = 25;
/** Single reads take 0.5 to 1.2 s (CW 4.3.4). */
const slowMs = 3_000;

/** Which everyday records this login may read, whose they are, and how long an answer takes: one GET of each kind. */
export async function checkRole(wire: Wire, signal?: AbortSignal): Promise<StatusLine[]> {
  // As many at once as any client of ConnectWise should send (CW 6.9).
  const tried = await mapAtOnce(samples, 4, (sample) => trySample(wire, sample, signal));
  return [...describeModules(tried), ...checkRecords(tried), ...describeLatency(tried)];
}

async function trySample(wire: Wire, { name, path, fields }: Sample, signal?: AbortSignal): Promise<Tried> {
  const query: Record<string, string> =
    fields === undefined
      ? { pageSize: '1', fields: 'id' }
      : { pageSize: String(newestRows), orderBy: 'id desc', fields };
  try {
    return { name, answer: await wire.read({ path, query }, signal) };
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code === 'cancelled') throw error;
    return { name, error };
  }
}

function describeModules(tried: readonly Tried[]): StatusLine[] {
  const list = (some: readonly Tried[]) => some.map(({ name }) => name).join(', ');
  const read = tried.filter(({ answer }) => answer?.status === 200);
  const denied = tried.filter(({ answer }) => answer?.status === 403);
  const failed = tried.filter((one) => !read.includes(one) && !denied.includes(one));
  if (read.length === 0 && denied.length > 0) {
    const fix = 'Give the security role of the member whose keys these are Inquire on what the work needs.';
    return [failureLine('role', `may read none of ${list(tried)}`, fix)];
  }
  const closed = denied.length === 0 ? '' : `; may not read ${list(denied)}, which calls then say (403)`;
  const lines = read.length === 0 ? [] : [okLine('role', `may read ${list(read)}${closed}`)];
  if (failed.length === 0) return lines;
  const reasons = failed.map(({ name, answer, error }) => `${name} (${answer?.status ?? error?.code ?? 'failed'})`);
  const fix = 'Try again; if it stays, call one of them and read what the error says.';
  return [...lines, warningLine('role', `could not be asked for ${reasons.join(', ')}`, fix)];
}

function describeLatency(tried: readonly Tried[]): StatusLine[] {
  const times = tried.flatMap(({ answer }) => answer?.ms ?? []).sort((a, b) => a - b);
  const median = times[Math.floor(times.length / 2)];
  if (median === undefined) return [];
  const detail = `${median} ms for a short read, the middle of ${times.length} (${times[0]} to ${times.at(-1)} ms)`;
  if (median < slowMs) return [okLine('latency', detail)];
  return [
    warningLine('latency', detail, 'Ask for few fields and bounded dates; look at proxy, VPN and the way there.'),
  ];
}

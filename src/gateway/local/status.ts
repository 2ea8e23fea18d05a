import type { Catalog } from '../../catalog/index.ts';
import type { Journal, Policy } from '../../changes/index.ts';
import type { LoadedConfig } from '../../config/index.ts';
import type { Wire, WireAnswer } from '../../connectwise/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { defined } from '../../core/json.ts';
import type { FastMemory } from '../../memory/index.ts';
import type { OwnRecords } from '../calls/own-records.ts';
import type { LocalEndpoint } from './local-endpoints.ts';
import {
  checkFolders,
  describeCatalog,
  describeChanges,
  describeKeys,
  describeMemory,
  describeNodeVariables,
  describePolicy,
  describeSettings,
  describeZone,
} from './status/check-computer.ts';
import { checkClock, checkCredentials, checkHost, checkRole, checkTls, loginPath } from './status/check-connectwise.ts';
import { okLine, overallState, runCheck, type StatusLine, warningLine } from './status/status-line.ts';

export interface StatusParts {
  /** Names settings as the user finds them. */
  words: { inText(text: string): string; inHint(text: string): string };
  version: string;
  nodeVersion: string;
  /** The clock of this computer, whatever `--now` says. */
  now(): Date;
  load(): LoadedConfig;
  catalog(): Promise<Catalog>;
  wire(): Promise<Wire>;
  memory(): Promise<FastMemory>;
  policy(): Policy;
  journal(): Promise<Journal>;
  /** Is told whose the newest records are. */
  ownRecords: Pick<OwnRecords, 'learn'>;
}

export interface StatusOptions {
  signal?: AbortSignal | undefined;
  /** Called with the lines of each check in the order of the report, as soon as it and those before it are done. */
  onLines?(lines: readonly StatusLine[]): void;
}

/** What checks share: the opened connection, and the one login that several of them look at. */
interface Shared extends StatusParts {
  signal: AbortSignal | undefined;
  opened: Promise<Wire>;
  login: Promise<Login>;
}

interface Login {
  wire: Wire;
  answer: WireAnswer;
  /** When the answer came. */
  at: Date;
}

/**
 * The checks in the order of the report. They run side by side, and one that fails does not stop another; the checks of
 * a login need one that ConnectWise accepted.
 */
const checks: readonly (readonly [name: string, check: (shared: Shared) => StatusLine[] | Promise<StatusLine[]>])[] = [
  ['gateway', ({ version }) => [okLine('gateway', `version ${version}`)]],
  ['Node', ({ nodeVersion }) => [describeNode(nodeVersion)]],
  ['settings', ({ load }) => [describeSettings(load())]],
  ['time zone', ({ load }) => describeZone(load())],
  ['keys', ({ load }) => describeKeys(load())],
  ['environment', ({ load }) => describeNodeVariables(load())],
  ['catalog', async ({ catalog }) => [describeCatalog(await catalog())]],
  ['folders', ({ load }) => checkFolders(load())],
  ['Fast Memory', async ({ memory }) => [describeMemory(await memory())]],
  ['policy', ({ policy }) => [describePolicy(policy())]],
  ['changes', ({ journal }) => describeChanges(journal)],
  ['host', async ({ opened, signal }) => [await checkHost(await opened, signal)]],
  ['TLS', (shared) => ifOpened(shared, (wire) => checkTls(wire, shared.load(), shared.now(), shared.signal))],
  ['clock', (shared) => ifAnswered(shared, ({ wire, answer, at }) => (wire.isRemote ? [checkClock(answer, at)] : []))],
  ['credentials', (shared) => ifOpened(shared, async (wire) => checkCredentials(wire, (await shared.login).answer))],
  [
    'role',
    (shared) =>
      ifAnswered(shared, ({ wire, answer }) =>
        answer.failure === undefined ? checkRole(wire, shared.ownRecords, shared.signal) : [roleNotChecked],
      ),
  ],
];

const roleNotChecked = warningLine(
  'role',
  'not checked: ConnectWise did not accept this login',
  'Fix the credentials first.',
);

/**
 * What `doctor` prints and `GET /gateway/status` answers.
 * @throws GatewayError `cancelled`; every other failure is a line
 */
export async function readStatus(parts: StatusParts, { signal, onLines }: StatusOptions = {}): Promise<StatusLine[]> {
  const opened = parts.wire();
  const login = opened.then(async (wire) => ({
    wire,
    answer: await wire.read({ path: loginPath }, signal),
    at: parts.now(),
  }));
  // Each check that awaits one of these reports or skips its failure.
  for (const promise of [opened, login]) promise.catch(() => undefined);
  const running = checks.map(([name, check]) => runCheck(name, async () => check({ ...parts, signal, opened, login })));
  // A cancelled check may fail before it is awaited.
  for (const check of running) check.catch(() => undefined);
  const report: StatusLine[] = [];
  for (const check of running) {
    const lines = (await check).map((line) => inWords(line, parts.words));
    report.push(...lines);
    onLines?.(lines);
  }
  return report;
}

/** Settings are named as the user finds them. */
function inWords({ fix, ...line }: StatusLine, { inText, inHint }: StatusParts['words']): StatusLine {
  return defined({ ...line, detail: inText(line.detail), fix: fix === undefined ? undefined : inHint(fix) });
}

/** No line without a connection: the line of `host` says what is missing. */
async function ifOpened(
  { opened }: Shared,
  check: (wire: Wire) => StatusLine[] | Promise<StatusLine[]>,
): Promise<StatusLine[]> {
  const wire = await opened.catch(() => undefined);
  return wire === undefined ? [] : check(wire);
}

/** No line where the login got no answer: the line of `credentials` says why. */
async function ifAnswered(
  { login }: Shared,
  check: (login: Login) => StatusLine[] | Promise<StatusLine[]>,
): Promise<StatusLine[]> {
  const answered = await login.catch((error: unknown) => {
    if (error instanceof GatewayError && error.code !== 'cancelled') return undefined;
    throw error;
  });
  return answered === undefined ? [] : check(answered);
}

function describeNode(version: string): StatusLine {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major === 22 && minor < 15;
  return okLine('Node', isOld ? `${version}; from 22.15 on it also trusts the certificates of the system` : version);
}

export function createStatusEndpoint(parts: StatusParts): LocalEndpoint {
  return {
    definition: {
      method: 'GET',
      path: '/gateway/status',
      module: 'gateway',
      category: 'Gateway',
      summary: 'Is the connection working: settings, catalog, credentials and the site, each with its fix',
      parameters: [],
      status: 200,
    },
    async run({ signal }) {
      const lines = await readStatus(parts, { signal });
      return { state: overallState(lines), checks: lines };
    },
  };
}

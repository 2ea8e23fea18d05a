import type { Catalog } from '../../catalog/index.ts';
import type { Journal } from '../../changes/journal/journal.ts';
import type { Policy } from '../../changes/policy/policy.ts';
import type { Wire, WireAnswer } from '../../connectwise/index.ts';
import { GatewayError } from '../../core/errors.ts';
import type { FastMemory } from '../../memory/index.ts';
import type { LocalEndpoint } from './local-endpoint.ts';
import { checkClock, checkHost, checkTls, type Route } from './status/check-connection.ts';
import { checkFolders, type FolderToCheck } from './status/check-folders.ts';
import { checkCredentials, loginPath } from './status/check-login.ts';
import { checkRole } from './status/check-role.ts';
import { describeCatalog, describeChanges, describeMemory, describePolicy } from './status/check-this-computer.ts';
import { okLine, overallState, runCheck, type StatusLine, warningLine } from './status/status-line.ts';

export interface StatusParts {
  /** Names settings as the user finds them. */
  words: { inText(text: string): string; inHint(text: string): string };
  version: string;
  nodeVersion: string;
  /** The clock of this computer, whatever `--now` says. */
  now(): Date;
  /** Settings found and whence; keys as present or missing, never shown. */
  settings(): StatusLine[];
  /** What can be said of keys without trying them. */
  keys(): StatusLine[];
  /** Variables of Node that bear on what is promised; no line where none is set. */
  environment(): Promise<StatusLine[]>;
  folders(): FolderToCheck[];
  route(): Route;
  catalog(): Promise<Catalog>;
  wire(): Promise<Wire>;
  fastMemory(): Promise<FastMemory>;
  policy(): Policy;
  journal(): Promise<Journal>;
}

export interface StatusOptions {
  signal?: AbortSignal | undefined;
  /** Hears of each check in the order of the report, as soon as it and those before it are done. */
  onLines?(lines: readonly StatusLine[]): void;
}

/**
 * What `doctor` prints and `GET /gateway/status` answers. Checks run side by side; each runs, whatever the others met,
 * but for what only a login that was let in can tell.
 */
export async function readStatus(parts: StatusParts, { signal, onLines }: StatusOptions = {}): Promise<StatusLine[]> {
  const running = startChecks(parts, signal);
  // A cancelled check may fail before its turn to be waited for.
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
  return { ...line, detail: inText(line.detail), ...(fix === undefined ? {} : { fix: inHint(fix) }) };
}

function startChecks(parts: StatusParts, signal?: AbortSignal): Promise<StatusLine[]>[] {
  const local = [
    runCheck('gateway', async () => [okLine('gateway', `version ${parts.version}`)]),
    runCheck('Node', async () => [describeNode(parts.nodeVersion)]),
    runCheck('settings', async () => parts.settings()),
    runCheck('keys', async () => parts.keys()),
    runCheck('environment', () => parts.environment()),
    runCheck('catalog', async () => describeCatalog(await parts.catalog())),
    runCheck('folders', async () => checkFolders(parts.folders())),
    runCheck('Fast Memory', async () => describeMemory(await parts.fastMemory())),
    runCheck('policy', async () => describePolicy(parts.policy())),
    runCheck('changes', () => describeChanges(parts.journal)),
  ];
  return [...local, ...startRemoteChecks(parts, signal)];
}

function describeNode(version: string): StatusLine {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major === 22 && minor < 15;
  return okLine('Node', isOld ? `${version}; from 22.15 on it trusts the certificates of the system, too` : version);
}

function startRemoteChecks(parts: StatusParts, signal?: AbortSignal): Promise<StatusLine[]>[] {
  const wire = parts.wire();
  const answered = wire.then(async (opened) => {
    const answer = await opened.read({ path: loginPath }, signal);
    return { opened, answer, at: parts.now() };
  });
  // Both are asked by several checks, each of which reports or passes over their failure.
  wire.catch(() => undefined);
  answered.catch(() => undefined);
  const whenAnswered = async (run: (seen: Awaited<typeof answered>) => Promise<StatusLine[]>) => {
    const seen = await answered.catch((error: unknown) => {
      if (error instanceof GatewayError && error.code !== 'cancelled') return undefined;
      throw error;
    });
    return seen === undefined ? [] : run(seen);
  };
  return [
    runCheck('host', async () => checkHost(await wire, signal)),
    runCheck('TLS', async () => {
      const opened = await wire.catch(() => undefined);
      return opened === undefined ? [] : checkTls(opened, parts.route(), parts.now(), signal);
    }),
    runCheck('clock', () => whenAnswered(async ({ opened, answer, at }) => describeClock(opened, answer, at))),
    runCheck('credentials', async () => {
      // Settings without a connection are the line of `host`.
      if ((await wire.catch(() => undefined)) === undefined) return [];
      const { opened, answer } = await answered;
      return checkCredentials(opened, answer);
    }),
    runCheck('role', () =>
      whenAnswered(async ({ opened, answer }) => {
        if (answer.failure === undefined) return checkRole(opened, signal);
        return [warningLine('role', 'not asked: ConnectWise did not let this login in', 'Mend the credentials first.')];
      }),
    ),
  ];
}

function describeClock({ isRemote }: Wire, answer: WireAnswer, at: Date): StatusLine[] {
  return isRemote ? checkClock(answer, at) : [];
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
      const checks = await readStatus(parts, { signal });
      return { state: overallState(checks), checks };
    },
  };
}

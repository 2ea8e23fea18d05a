import type { Timer } from '../core/async.ts';
import { untilAborted } from '../core/async.ts';
import type { Log } from '../core/log.ts';
import type { Transport } from './client.ts';
import { askCompanyInfo } from './company-info.ts';
import type { Site } from './site.ts';

/** Which root the API has, where that changes with each upgrade of ConnectWise. */
export interface CodebaseFinder {
  /** Never fails: what cannot be asked for stays as the site has it. */
  findRoot(signal?: AbortSignal): Promise<string>;
  /** Another root after ConnectWise answered 404 under `used`; undefined when that still is the one (CW 1.2.3). */
  findOtherRoot(used: string, signal?: AbortSignal): Promise<string | undefined>;
}

export interface CodebaseOptions {
  site: Site;
  company: string;
  transport: Transport;
  timer: Timer;
  log?: Log;
}

const dayMs = 86_400_000;
/** After a failure the site's own code base serves; paths that do not exist must not make a request each. */
const againMs = 600_000;
const timeoutMs = 5_000;

/**
 * Asks `/login/companyinfo` once a day, without credentials (CW 1.2). Of the answer the code base alone is taken, and
 * only in its own form: a host in it would be where the credentials go next.
 */
export function createCodebaseFinder(options: CodebaseOptions): CodebaseFinder {
  const { timer } = options;
  let last: Reading | undefined;

  function findRoot(signal?: AbortSignal): Promise<string> {
    if (last === undefined || timer.nowMs() - last.readAtMs >= last.keptMs) last = startReading(options);
    return signal === undefined ? last.root : untilAborted(last.root, signal);
  }

  return {
    findRoot,
    async findOtherRoot(used, signal) {
      if (last !== undefined && timer.nowMs() - last.readAtMs < againMs) return undefined;
      last = startReading(options);
      const root = await findRoot(signal);
      return root === used ? undefined : root;
    },
  };
}

interface Reading {
  root: Promise<string>;
  readAtMs: number;
  keptMs: number;
}

function startReading(options: CodebaseOptions): Reading {
  const { site, timer, log } = options;
  const reading: Reading = { root: Promise.resolve(site.root), readAtMs: timer.nowMs(), keptMs: againMs };
  reading.root = askForCodebase(options).then(
    (codebase) => {
      if (codebase === undefined) return site.root;
      reading.keptMs = dayMs;
      return `${site.origin}/${codebase}/apis/3.0`;
    },
    (error: unknown) => {
      log?.debug('companyinfo', { failed: error instanceof Error ? error.name : 'unknown' });
      return site.root;
    },
  );
  return reading;
}

async function askForCodebase(options: CodebaseOptions): Promise<string | undefined> {
  const { status, body } = await askCompanyInfo(options, AbortSignal.timeout(timeoutMs));
  return status === 200 ? parseCodebase(body) : undefined;
}

/** The code base without its slash; undefined for an unknown company, which is `null`, and for anything else (CW 1.2.2). */
export function parseCodebase(body: unknown): string | undefined {
  const named = typeof body === 'object' && body !== null && 'Codebase' in body ? body.Codebase : undefined;
  if (typeof named !== 'string') return undefined;
  return /^(v\d{4}_\d{1,3}|v4_6_release)\/?$/i.exec(named)?.[1];
}

/** On-premises servers always use `v4_6_release`, so that only the cloud has anything to find (CW 1.1.2, 1.1.3). */
export function isCloudSite({ host }: Pick<Site, 'host'>): boolean {
  return /\.(?:myconnectwise\.net|connectwisedev\.com)$/.test(host);
}

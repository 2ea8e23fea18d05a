import { type Timer, untilAborted } from '../core/async.ts';
import type { Log } from '../core/log.ts';
import { dayMs } from '../core/zone.ts';
import { parseAnswer } from './answer.ts';
import type { Transport } from './client.ts';
import { userAgent } from './request.ts';
import { defaultCodebase, rootOf, type Site } from './site.ts';

/** Finds the root of the API, which in the cloud changes with each upgrade of ConnectWise (CW 1.2.3). */
export interface CodebaseFinder {
  /** Never fails: the site's own root where ConnectWise does not answer. */
  findRoot(signal?: AbortSignal): Promise<string>;
  /** Another root after ConnectWise answered 404 under `used`; undefined when that is still the current one (CW 1.2.3). */
  findOtherRoot(used: string, signal?: AbortSignal): Promise<string | undefined>;
}

export interface CodebaseOptions {
  site: Site;
  company: string;
  transport: Transport;
  timer: Timer;
  log?: Log;
}

/** Until then no other request is made: after a failure, and for each path that does not exist. */
const retryMs = 600_000;
const timeoutMs = 5_000;

/**
 * Asks `/login/companyinfo` once a day, without credentials (CW 1.2). Only the code base of the answer is used, and
 * only in its own form: the credentials would be sent to a host that the answer could name.
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
      if (last !== undefined && timer.nowMs() - last.readAtMs < retryMs) return undefined;
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
  const reading: Reading = { root: Promise.resolve(site.root), readAtMs: timer.nowMs(), keptMs: retryMs };
  reading.root = askForCodebase(options).then(
    (codebase) => {
      if (codebase === undefined) return site.root;
      reading.keptMs = dayMs;
      return rootOf(site.origin, codebase);
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
  return status === 200 ? readCodebase(body) : undefined;
}

/** The code base without its slash; undefined for an unknown company, which is `null`, and for anything else (CW 1.2.2). */
export function readCodebase(body: unknown): string | undefined {
  const named = typeof body === 'object' && body !== null && 'Codebase' in body ? body.Codebase : undefined;
  if (typeof named !== 'string') return undefined;
  return /^(v\d{4}_\d{1,3}|v4_6_release)\/?$/i.exec(named)?.[1];
}

/** On-premises servers always use `v4_6_release`, so that only the cloud has to be asked (CW 1.1.2, 1.1.3). */
export function isCloudSite({ host }: Pick<Site, 'host'>): boolean {
  return /\.(?:myconnectwise\.net|connectwisedev\.com)$/.test(host);
}

/** Whether ConnectWise has to be asked for the code base: in the cloud, where the setting names the default (CW 1.1.2). */
export function isCodebaseOpen(site: Pick<Site, 'host' | 'codebase'>): boolean {
  return isCloudSite(site) && site.codebase === defaultCodebase;
}

interface CompanyInfoRequest {
  site: Pick<Site, 'origin'>;
  company: string;
  transport: Transport;
}

export interface CompanyInfoAnswer {
  status: number;
  /** Parsed JSON, `null` for an unknown company (CW 1.2.2); text for anything else. */
  body: unknown;
}

/** Below the origin of a site, not below its API. */
export const companyInfoPath = (company: string) => `/login/companyinfo/${encodeURIComponent(company)}`;

/**
 * Asks a site about a company, without credentials (CW 1.2).
 * @throws whatever the transport throws
 */
export async function askCompanyInfo(request: CompanyInfoRequest, signal: AbortSignal): Promise<CompanyInfoAnswer> {
  const { site, company, transport } = request;
  const answer = await transport.send(
    {
      method: 'GET',
      url: `${site.origin}${companyInfoPath(company)}`,
      headers: { accept: 'application/json', 'user-agent': userAgent },
    },
    signal,
  );
  return { status: answer.status, body: answer.status === 200 ? (await parseAnswer(answer)).body : undefined };
}

import type { Catalog } from '../catalog/catalog.ts';
import type { Journal } from '../changes/journal/journal.ts';
import type { Policy } from '../changes/policy/policy.ts';
import { readAgain } from '../changes/send-change.ts';
import type { ConnectWiseClient } from '../connectwise/client.ts';
import { GatewayError } from '../errors.ts';
import type { FastMemory } from '../memory/memory.ts';
import { isRecord } from '../results/record-text.ts';
import type { LocalEndpoint } from './local-endpoint.ts';

export interface StatusLine {
  check: string;
  state: 'ok' | 'warning' | 'failure';
  detail: string;
  /** How to mend it. */
  fix?: string;
}

export interface StatusParts {
  /** Names settings as the user finds them. */
  words: { inText(text: string): string; inHint(text: string): string };
  version: string;
  nodeVersion: string;
  now(): Date;
  /** Settings found and whence; keys as present or missing, never shown. */
  settings(): StatusLine[];
  catalog(): Promise<Catalog>;
  client(): Promise<ConnectWiseClient>;
  fastMemory(): Promise<FastMemory>;
  policy(): Policy;
  journal(): Promise<Journal>;
}

/** What `doctor` prints and `GET /gateway/status` answers. Each check runs, whatever the others met. */
export async function readStatus(parts: StatusParts, signal?: AbortSignal): Promise<StatusLine[]> {
  const lines: StatusLine[] = [
    { check: 'gateway', state: 'ok', detail: `version ${parts.version}, Node ${parts.nodeVersion}` },
    ...(await check('settings', async () => parts.settings())),
    ...(await check('catalog', async () => [describeCatalog(await parts.catalog())])),
    ...(await check('Fast Memory', async () => [describeMemory(await parts.fastMemory())])),
    ...(await check('policy', async () => describePolicy(parts.policy()))),
    ...(await check('changes', () => describeChanges(parts.journal))),
    ...(await check('ConnectWise', async () => [await readConnection(await parts.client(), parts.now, signal)])),
  ];
  const { inText, inHint } = parts.words;
  return lines.map(({ check, state, detail, fix }) => ({
    check,
    state,
    detail: inText(detail),
    ...(fix === undefined ? {} : { fix: inHint(fix) }),
  }));
}

async function check(name: string, run: () => Promise<StatusLine[]>): Promise<StatusLine[]> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return [{ check: name, state: 'failure', detail: error.message, fix: error.hint }];
  }
}

function describeCatalog({ info }: Catalog): StatusLine {
  const { endpoints } = info.counts;
  return {
    check: 'catalog',
    state: 'ok',
    detail: `${endpoints} endpoints of ${info.title} ${info.version} (${info.source})`,
  };
}

function describeMemory(memory: FastMemory): StatusLine {
  const count = memory.count();
  const detail = `${count} saved ${count === 1 ? 'query' : 'queries'}`;
  if (memory.notice === undefined) return { check: 'Fast Memory', state: 'ok', detail };
  return { check: 'Fast Memory', state: 'warning', detail, fix: memory.notice };
}

/** Nothing to say without a policy file. */
function describePolicy({ deny, confirm, allow, named, unreadable }: Policy): StatusLine[] {
  if (unreadable !== undefined) {
    const fix = 'Correct or remove the file; until then nothing is written.';
    return [{ check: 'policy', state: 'failure', detail: unreadable, fix }];
  }
  if (deny.length + confirm.length + allow.length === 0) return [];
  const detail = `${named ? 'policy file' : 'policy.json'}: ${deny.length} deny, ${confirm.length} confirm, ${allow.length} allow`;
  return [{ check: 'policy', state: 'ok', detail }];
}

/** Changes of which nobody knows whether they happened, with the query that settles each. */
async function describeChanges(open: StatusParts['journal']): Promise<StatusLine[]> {
  let journal: Journal;
  try {
    journal = await open();
  } catch (error) {
    // Without settings there is no tenant whose changes these could be, which has its line already.
    if (error instanceof GatewayError && error.code !== 'storage_failed') return [];
    throw error;
  }
  await journal.settleLeftOvers();
  return journal.list({ limit: 5, state: 'unknown' }).map(({ changeId, sentence, sentAt, method, path, request }) => ({
    check: 'changes',
    state: 'warning',
    detail: `nobody knows whether this happened (${changeId}, ${sentAt ?? ''}): ${sentence}`,
    fix: `Read ${readAgain({ method, path, body: request.body })} to see.`,
  }));
}

/** `/system/info` needs credentials and no particular right, so it makes a good test (CW 1.3.8). */
async function readConnection(client: ConnectWiseClient, now: () => Date, signal?: AbortSignal): Promise<StatusLine> {
  const started = now().getTime();
  const { body } = await client.send({ method: 'GET', path: '/system/info' }, signal);
  const release = isRecord(body) && typeof body.version === 'string' ? `, version ${body.version}` : '';
  const { host, company } = client.tenant;
  return {
    check: 'ConnectWise',
    state: 'ok',
    detail: `${host} answers for company ${company}${release} in ${now().getTime() - started} ms`,
  };
}

/** The worst of the lines. */
export function overallState(lines: readonly StatusLine[]): StatusLine['state'] {
  if (lines.some(({ state }) => state === 'failure')) return 'failure';
  return lines.some(({ state }) => state === 'warning') ? 'warning' : 'ok';
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
      const checks = await readStatus(parts, signal);
      return { state: overallState(checks), checks };
    },
  };
}

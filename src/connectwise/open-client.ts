import { systemTimer } from '../core/async.ts';
import type { Log } from '../core/log.ts';
import type { ConnectWiseClient, Transport } from './client.ts';
import { createCodebaseFinder, isCloudSite } from './codebase.ts';
import { createClient } from './create-client.ts';
import type { Credentials } from './credentials.ts';
import { limitClient } from './limit-client.ts';
import { defaultCodebase, type Site, withCodebase } from './site.ts';
import { createUndiciTransport } from './undici-transport.ts';

export interface ClientSettings {
  timeoutSeconds: number;
  concurrency: number;
  requestsPerMinute: number;
  apiVersion?: string | undefined;
  codebase?: string | undefined;
  caFile?: string | undefined;
}

export interface OpenClientOptions {
  site: Site;
  credentials: Credentials;
  settings: ClientSettings;
  now(): Date;
  random(): number;
  log: Log;
  /** In place of the network: what answers needs no limit of requests a minute and has one code base. */
  transport?: Transport;
}

/**
 * The client of one company with its limits. Nothing is asked before the first request.
 * @throws GatewayError `configuration_invalid` for a code base that is none
 */
export function openClient(options: OpenClientOptions): ConnectWiseClient {
  const { settings, credentials, now, random, log } = options;
  const { apiVersion, codebase, caFile, concurrency, requestsPerMinute } = settings;
  const site = codebase === undefined ? options.site : withCodebase(options.site, codebase);
  const transport = options.transport ?? createUndiciTransport(caFile === undefined ? {} : { caFile });
  const timer = systemTimer;
  const isAsked = options.transport === undefined && codebase === undefined && isCodebaseOpen(site);
  const client = createClient({
    site,
    credentials,
    transport,
    timeoutMs: settings.timeoutSeconds * 1000,
    now,
    log,
    ...(apiVersion !== undefined && { apiVersion }),
    ...(isAsked && {
      codebase: createCodebaseFinder({ site, company: credentials.company, transport, timer, log }),
    }),
  });
  const perMinute = options.transport === undefined ? requestsPerMinute : Number.POSITIVE_INFINITY;
  return limitClient(client, { timer, random, concurrency, requestsPerMinute: perMinute, log });
}

/** Servers of one's own always have the default; in the cloud it is what people write who know no other (CW 1.1.2). */
export function isCodebaseOpen(site: Pick<Site, 'host' | 'codebase'>): boolean {
  return isCloudSite(site) && site.codebase === defaultCodebase;
}

import { setTimeout as waitFor } from 'node:timers/promises';
import type { Catalog } from '../src/catalog/index.ts';
import type { Context } from './context.ts';
import { createDefinitions, type Definitions } from './definitions.ts';
import { controlFaults, createFaultInjection, type FaultParts } from './faults/faults.ts';
import type { PersistentStore } from './persistent-store.ts';
import { roles } from './roles.ts';
import { customFieldRows } from './seed/data.ts';
import { type SeedOptions, seedStore } from './seed/seed.ts';
import { refusedAnswer } from './server/answer.ts';
import type { Login } from './server/authenticate.ts';
import { authenticate, type CredentialAnswer, sandboxAccess } from './server/authenticate.ts';
import { companyInfo } from './server/company-info.ts';
import { route } from './server/route.ts';
import { createStore, forkStore, type Store } from './store.ts';

export interface SandboxOptions {
  /** Says which endpoints exist and what their records look like. */
  catalog: Catalog;
  now(): Date;
  /** Random seed of the data; the same seed, scale and time give the same data. */
  seed?: number | undefined;
  /** How large the provider is, from 1 to 100: see `sizeAt`. */
  scale?: number | undefined;
  /** Gives a seeded store to begin with a fork of; the sandbox does not change it. For tests. */
  base?: ((options: Required<SeedOptions>) => Store) | undefined;
  /** A store in a file, in place of a seeded one in memory. The caller closes it. */
  persistent?: PersistentStore | undefined;
  /** Fault injection, off by default. Tests pass their own waits and random numbers. */
  faults?: Partial<FaultParts>;
  /** How wrong keys and a missing clientId are answered: 401 `Unauthorized` unless set (CW 1.3.6, 1.3.7). */
  credentialAnswer?: CredentialAnswer;
  /** PATCH of a reference's sub-path answers 200 and changes nothing (CW 5.2.3). */
  strictReferencePaths?: boolean;
  /** Keys in addition to the published ones, to try out roles. */
  logins?: readonly Login[];
  /** What another sandbox has read of the same catalog. */
  definitions?: Definitions | undefined;
}

/** What sandboxes of one process can share. */
export type SandboxData = Pick<SandboxOptions, 'base' | 'definitions'>;

/** An emulator of ConnectWise: docs/sandbox.md says what it does and what not. */
export interface Sandbox {
  fetch(request: Request): Promise<Response>;
  /** Seeds the data now; otherwise the first request does it. */
  prepare(): void;
}

export function createSandbox(options: SandboxOptions): Sandbox {
  const { catalog, now, persistent, credentialAnswer = 'unauthorized', strictReferencePaths = false } = options;
  const faults = createFaultInjection({
    random: Math.random,
    wait: (ms) => waitFor(ms),
    clock: () => performance.now(),
    ...options.faults,
  });
  const createContext = (): Context => ({
    ...(options.definitions ?? createDefinitions(catalog)),
    store: openStore(options),
    now,
    customFields: customFieldRows,
    caller: 'apigateway',
    role: roles.everything,
    strictReferencePaths,
    slowTextRows: () => faults.settings().slowTextRows,
  });
  // Made by the first request that needs records, as some sandboxes are never asked.
  let made: Context | undefined;
  const answer = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const own =
      companyInfo(request, url, sandboxAccess.companyId) ??
      (await controlFaults(faults, request, url)) ??
      (await faults.strike(request.method, url.pathname.toLowerCase().replace(/^.*\/apis\/3\.0(?=\/|$)/, '')));
    if (own !== undefined) return own;
    const { member, role } = authenticate(request.headers, credentialAnswer, options.logins);
    made ??= createContext();
    const unit = request.method === 'GET' ? undefined : persistent?.begin();
    try {
      return await route({ ...made, store: unit ?? made.store, caller: member, role }, catalog, request, url);
    } finally {
      unit?.commit();
    }
  };
  return {
    fetch: (request) => answer(request).catch(refusedAnswer),
    prepare() {
      made ??= createContext();
    },
  };
}

function openStore({ persistent, base, seed = 1, scale = 1, now }: SandboxOptions): Store {
  if (persistent !== undefined) return persistent.store;
  if (base !== undefined) return forkStore(base({ seed, scale, now: now() }));
  const store = createStore();
  seedStore(store, { seed, scale, now: now() });
  return store;
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { cleanEnvironment } from '../support/spawn.ts';
import { notApplicable, type Revision } from './scenarios.ts';

const suite = join(import.meta.dirname, '../tools/node_modules/@modelcontextprotocol/conformance');

export const suiteVersion: string = JSON.parse(readFileSync(join(suite, 'package.json'), 'utf8')).version;

/** What one scenario of the suite found. */
export interface Scenario {
  name: string;
  /** How many checks passed. */
  passed: number;
  /** Ids of checks, and what the suite says of each. */
  failed: Readonly<Record<string, string>>;
  /** What the protocol recommends and this server does not do. */
  warned: Readonly<Record<string, string>>;
}

export interface HttpEntry extends AsyncDisposable {
  url: string;
}

/** The server behind HTTP, in a process of its own, with the sandbox. */
export async function openHttpEntry(): Promise<HttpEntry> {
  const folder = mkdtempSync(join(tmpdir(), 'cwm conformance '));
  const script = join(import.meta.dirname, 'http-entry-process.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, join(folder, 'data')], {
    env: cleanEnvironment(),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [port] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    ended(child).then((code) => Promise.reject(new Error(`the HTTP entry ended with ${code} before it listened`))),
  ]);
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    async [Symbol.asyncDispose]() {
      const gone = ended(child);
      child.stdin.end();
      await gone;
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Runs every scenario that the suite has for a version of the protocol. */
export async function runSuite(url: string, revision: Revision): Promise<Scenario[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cwm conformance '));
  try {
    const args = ['server', '--url', url, '--requirements', revision, '--output-dir', folder];
    // Its exit status also counts scenarios that do not apply; its findings are in its files.
    const child = spawn(process.execPath, [join(suite, 'dist/index.js'), ...args], {
      env: cleanEnvironment(),
      stdio: 'ignore',
    });
    await ended(child);
    return globSync('*/checks.json', { cwd: folder })
      .sort()
      .map((path) => readScenario(folder, path));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Those that apply to a server without the suite's own tools, prompts and resources. */
export function applying(scenarios: readonly Scenario[], revision: Revision): Scenario[] {
  return scenarios.filter(({ name }) => !(name in notApplicable[revision]));
}

interface Check {
  id: string;
  status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO';
  errorMessage?: string;
}

/** The folder of a scenario is named `server-NAME-TIME`. */
function readScenario(folder: string, path: string): Scenario {
  const checks = JSON.parse(readFileSync(join(folder, path), 'utf8')) as Check[];
  const idsOf = (status: Check['status']) =>
    Object.fromEntries(
      checks.filter((check) => check.status === status).map(({ id, errorMessage = '' }) => [id, errorMessage]),
    );
  return {
    name: dirname(path)
      .replace(/^server-/, '')
      .replace(/-\d{4}-\d\d-\d\dT[\d-]+Z$/, ''),
    passed: checks.filter(({ status }) => status === 'SUCCESS').length,
    failed: idsOf('FAILURE'),
    warned: idsOf('WARNING'),
  };
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}

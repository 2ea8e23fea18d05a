import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { median } from '../../bench/figures.ts';
import { createRandom, type Random } from '../../sandbox/seed/random.ts';
import { faultsOfLog } from '../fuzz/faults-of-log.ts';
import { makeFolder } from '../support/folders.ts';
import { sandboxArguments } from '../support/spawn-every-tool.ts';
import { openPipe, type Pipe } from '../support/spawn-pipe.ts';
import { everyStep, type Memory, pickStep } from './mixed-calls.ts';
import { type Held, readHeld } from './watch-process.ts';

export interface SoakOptions {
  seed: number;
  calls: number;
  /** How often each kind of call is made before it counts; memory is level after 8. */
  warmUpRounds?: number;
  /** Settings that name another ConnectWise than the sandbox inside the program. */
  environment?: Record<string, string>;
  print?(line: string): void;
}

export interface Window extends Held {
  /** How many calls were made by its end. */
  calls: number;
}

export interface SoakReport {
  findings: string[];
  calls: number;
  /** What the process held, after every tenth of the calls; empty if the system does not report it. */
  windows: Window[];
}

const callsAtOnce = 4;
const windows = 10;
const samplesPerWindow = 20;

/** Mixed calls to one server over its pipes; in between the process is measured from outside. */
export async function soak({ seed, calls, warmUpRounds = 8, environment, print }: SoakOptions): Promise<SoakReport> {
  using folder = makeFolder();
  const report: SoakReport = { findings: [], calls: 0, windows: [] };
  const temporary = join(folder.path, 'temporary');
  mkdirSync(temporary);
  const memory: Memory = { table: undefined, changes: [], made: [], upload: makeUpload(folder.path) };
  const pipe = await openServer(folder.path, { TMPDIR: temporary, ...environment });
  const random = createRandom(seed);
  for (let round = 0; round < warmUpRounds; round += 1) await warmUp(pipe, random, memory);
  const perWindow = calls / windows;
  let samples: Held[] = [];
  while (report.calls < calls) {
    const group = Array.from({ length: callsAtOnce }, () => pickStep(random)(pipe, random, memory));
    for (const { status } of await Promise.allSettled(group))
      if (status === 'rejected') report.findings.push('a call failed');
    if (report.findings.length > 0) break;
    const before = report.calls;
    report.calls += group.length;
    const passed = (each: number) => Math.floor(report.calls / each) > Math.floor(before / each);
    const held = passed(perWindow / samplesPerWindow) ? readHeld(pipe.pid) : undefined;
    if (held) samples.push(held);
    if (!passed(perWindow) || samples.length === 0) continue;
    report.windows.push({ calls: report.calls, ...heldThroughout(samples) });
    const { megabytes, files, children } = heldThroughout(samples);
    print?.(`${report.calls} calls: ${megabytes.toFixed(1)} MB, ${files} files, ${children} child processes`);
    samples = [];
  }
  pipe.closeStdin();
  const { code } = await pipe.exit;
  if (code !== 0) report.findings.push(`the program ended with ${code}: ${pipe.stderr().slice(-500)}`);
  report.findings.push(...leftOvers(folder.path, temporary), ...faultsOfLog(pipe.stderr()), ...defects(pipe));
  return report;
}

/**
 * Every kind of call, several at once: the C library keeps the memory of the highest peak, so a new peak in the middle
 * of a run would look like growth.
 */
async function warmUp(pipe: Pipe, random: Random, memory: Memory): Promise<void> {
  for (const step of everyStep) {
    await Promise.allSettled(Array.from({ length: callsAtOnce }, () => step(pipe, random, memory)));
  }
}

function openServer(folder: string, environment: Record<string, string>): Promise<Pipe> {
  const more = ['--upload-dirs', join(folder, 'upload')];
  const own = sandboxArguments(join(folder, 'data')).filter(
    (word) => word !== '--sandbox' || environment.CONNECTWISE_API_URL === undefined,
  );
  return openPipe([...own, ...more], { environment });
}

function makeUpload(folder: string): string {
  mkdirSync(join(folder, 'upload'));
  const file = join(folder, 'upload', 'soak.txt');
  writeFileSync(file, 'soak '.repeat(2_000));
  const modified = new Date('2026-03-10T14:00:00Z');
  utimesSync(file, modified, modified);
  return file;
}

/** The median of memory, and the minimum of files and processes: what a call opens for a moment is not a leak. */
function heldThroughout(samples: readonly Held[]): Held {
  const of = (name: keyof Held) => samples.map((sample) => sample[name]);
  return { megabytes: median(of('megabytes')), files: Math.min(...of('files')), children: Math.min(...of('children')) };
}

/** What should have been removed when the process ended: temporary files, stored results, locks. */
function leftOvers(folder: string, temporary: string): string[] {
  const files = readdirSync(join(folder, 'data'), { recursive: true, encoding: 'utf8' });
  const left = files.filter((name) => /answers-\w+\.|-wal$|-shm$|-journal$|\.lock$/.test(name));
  return [...left, ...readdirSync(temporary)].map((name) => `left behind: ${name}`);
}

const defects = ({ lines }: Pipe) =>
  lines.filter((line) => line.includes('"text":"internal: ')).map((line) => `a defect: ${line.slice(0, 300)}`);

import { lstatSync, realpathSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join, parse, sep } from 'node:path';
import { loadConfig } from '../config/index.ts';
import { GatewayError } from '../core/errors.ts';
import { dayMs } from '../core/zone.ts';
import type { Command, CommandCall, Terminal } from './command.ts';
import { type DataItem, type DataPart, dataPartNames, dataParts, findDataFiles, isRealFolder } from './data-files.ts';
import { readWhole } from './flags.ts';
import { exitStatus, print } from './print.ts';
import { createAsker } from './terminal.ts';

export const purge: Command = {
  name: 'purge',
  summary: `remove what this program keeps in its data folder; parts: ${dataPartNames.join(',')}`,
  examples: ['purge', 'purge logs,answers --older-than 30 --yes'],
  optionalPositionals: ['PARTS'],
  flags: {
    yes: { type: 'boolean', description: 'Remove without asking' },
    'older-than': { type: 'string', description: 'Only items unchanged for at least this number of days' },
  },
  async run(call) {
    const { terminal, settings, flags, positionals } = call;
    const parts = readParts(positionals[0]);
    const days = readWhole(flags, 'older-than', [0, 99_999]) ?? 0;
    const { config, home } = loadConfig({ ...terminal, flags: settings });
    const now = config.now ?? new Date();
    const folder = findDataFolder(config.dataDir, home);
    const found = folder === undefined ? [] : await findDataFiles(folder, new Date());
    const isOld = ({ changedAt }: DataItem) => days === 0 || now.getTime() - changedAt.getTime() >= days * dayMs;
    const wanted = found.filter((item) => parts.includes(item.part) && isOld(item));
    const report = { folder: config.dataDir, items: toData(wanted) };
    if (folder === undefined || wanted.length === 0) {
      await print(call, { data: { ...report, removed: 0 }, text: `Nothing to remove in ${config.dataDir}.\n` });
      return exitStatus.done;
    }
    refuseInUse(wanted);
    if (!flags.json) terminal.stderr.write(renderItems(config.dataDir, wanted));
    if (!flags.yes && !(await isAgreed(terminal))) return reportRefused(call, report);
    const { files, bytes, failed } = removeItems(wanted, folder);
    const lines = [
      `${count(files, 'file')} removed, ${renderBytes(bytes)}.`,
      ...failed.map(({ path, reason }) => `Not removed: ${path} (${reason})`),
      'Settings (config.json, policy.json) and downloads were left alone.',
    ];
    await print(call, { data: { ...report, removed: files, bytes, failed }, text: `${lines.join('\n')}\n` });
    return failed.length > 0 ? exitStatus.partial : exitStatus.done;
  },
};

function readParts(text: string | undefined): readonly DataPart[] {
  if (text === undefined) return dataPartNames;
  return text.split(',').map((name) => {
    const part = dataPartNames.find((known) => known === name.trim());
    if (part !== undefined) return part;
    throw new GatewayError('usage', `purge has no part ${JSON.stringify(name)}.`, {
      hint: `Parts, separated by commas: ${dataPartNames.join(',')}.`,
    });
  });
}

/**
 * The real path of the data folder; undefined where it does not exist.
 * @throws GatewayError `configuration_invalid` for a drive root and for a folder that holds the home folder
 */
export function findDataFolder(folder: string, home: string): string | undefined {
  const real = realOf(folder);
  const realHome = realOf(home) ?? home;
  if (real === undefined) return undefined;
  const holdsHome = `${realHome}${sep}`.startsWith(real.endsWith(sep) ? real : `${real}${sep}`);
  if (real !== parse(real).root && !holdsHome) return real;
  throw new GatewayError('configuration_invalid', `The data folder ${folder} is a drive root or a home folder.`, {
    hint: 'Nothing is removed from such a folder. Name another one with --data-dir.',
  });
}

function realOf(folder: string): string | undefined {
  try {
    const real = realpathSync(folder);
    return isRealFolder(real) ? real : undefined;
  } catch {
    return undefined;
  }
}

/** A server that continues with removed files would lose everything that it writes from then on. */
function refuseInUse(items: readonly DataItem[]): void {
  const held = items.filter(({ inUse }) => inUse).flatMap(({ paths }) => paths[0] ?? []);
  if (held.length === 0) return;
  throw new GatewayError('conflict', `Nothing was removed: a running server or command uses ${held.join(', ')}.`, {
    hint: 'Quit the clients that started it, such as Claude Desktop, and run purge again; or name other parts.',
  });
}

/** Only a person at a terminal can be asked. */
async function isAgreed({ stdin, stderr: output }: Terminal): Promise<boolean> {
  if (!stdin.isTTY) return false;
  return createAsker({ stdin, output, stopped: 'Stopped. Nothing was removed.' }).confirm('Remove them?');
}

async function reportRefused(call: CommandCall, report: Record<string, unknown>): Promise<number> {
  const outcome = 'NOT REMOVED. The same with --yes removes them.';
  await print(call, { data: { ...report, removed: 0, outcome }, text: `${outcome}\n` });
  return exitStatus.waits;
}

interface Removal {
  /** How many files were removed. */
  files: number;
  bytes: number;
  failed: readonly { path: string; reason: string }[];
}

/** Removes items, and the folders that become empty below the data folder. */
function removeItems(items: readonly DataItem[], dataFolder: string): Removal {
  const failed: { path: string; reason: string }[] = [];
  const folders = new Set<string>();
  let files = 0;
  let bytes = 0;
  for (const { paths } of items) {
    // The main file goes last: without it, what a failure leaves beside it would be read with a new one.
    for (const path of [...paths].reverse()) {
      const found = lstatSync(path, { throwIfNoEntry: false });
      if (found?.isDirectory()) folders.add(path);
      if (!found?.isFile()) continue;
      try {
        rmSync(path, { maxRetries: 3, retryDelay: 50 });
        files += 1;
        bytes += found.size;
        folders.add(dirname(path));
      } catch (error) {
        failed.push({ path, reason: error instanceof Error ? error.message : String(error) });
      }
    }
  }
  removeEmpty(folders, dataFolder);
  return { files, bytes, failed };
}

/** Folders that the program makes beside its databases. */
const ownFolders = ['logs', 'locks', 'catalog', 'results'];

/** From the innermost out. The data folder itself stays: it may hold settings, or belong to someone else. */
function removeEmpty(folders: ReadonlySet<string>, dataFolder: string): void {
  const around = [...folders].flatMap((folder) => [folder, dirname(folder)]);
  const beside = [...folders].flatMap((folder) => ownFolders.map((name) => join(folder, name)));
  const all = new Set([...around, ...beside]);
  const inside = [...all].filter((folder) => folder.startsWith(dataFolder) && folder.length > dataFolder.length);
  for (const folder of inside.sort((one, other) => other.length - one.length)) {
    try {
      rmdirSync(folder);
    } catch {
      // It holds something else.
    }
  }
}

const toData = (items: readonly DataItem[]) =>
  items.map(({ part, paths, bytes, changedAt }) => ({ part, paths, bytes, changed_at: changedAt.toISOString() }));

function renderItems(folder: string, items: readonly DataItem[]): string {
  const rows = dataPartNames.flatMap((part) => {
    const own = items.filter((item) => item.part === part);
    if (own.length === 0) return [];
    const files = count(own.flatMap(({ paths }) => paths).length, 'file').padStart(9);
    const size = renderBytes(own.reduce((total, { bytes }) => total + bytes, 0)).padStart(9);
    return [`  ${part.padEnd(8)}  ${files}  ${size}  ${dataParts[part]}`];
  });
  return `In ${folder}:\n${rows.join('\n')}\n`;
}

const count = (many: number, noun: string) => `${many.toLocaleString('en')} ${noun}${many === 1 ? '' : 's'}`;

function renderBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

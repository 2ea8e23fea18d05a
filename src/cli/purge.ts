import { loadConfig } from '../config/index.ts';
import { GatewayError } from '../core/errors.ts';
import { findKept, type KeptItem } from '../gateway/find-kept.ts';
import { type KeptPart, keptPartNames, keptParts } from '../gateway/kept-files.ts';
import { findDataFolder, removeKept } from '../gateway/remove-kept.ts';
import { createAsker } from './ask.ts';
import type { Command, CommandCall, Terminal } from './command.ts';
import { exitStatus, print } from './print.ts';
import { readWhole } from './read-whole.ts';

export const purge: Command = {
  name: 'purge',
  summary: `remove what this program keeps in its data folder; parts: ${keptPartNames.join(',')}`,
  optionalPositionals: ['PARTS'],
  flags: {
    yes: { type: 'boolean', description: 'Remove without asking' },
    'older-than': { type: 'string', description: 'Only what was last changed so many days ago' },
  },
  async run(call) {
    const { terminal, settings, flags, positionals } = call;
    const parts = readParts(positionals[0]);
    const days = readWhole(flags, 'older-than', [0, 99_999]) ?? 0;
    const { config, home } = loadConfig({ ...terminal, flags: settings });
    const now = config.now ?? new Date();
    const folder = findDataFolder(config.dataDir, home);
    const found = folder === undefined ? [] : await findKept(folder);
    const isOld = ({ changedAt }: KeptItem) => days === 0 || now.getTime() - changedAt.getTime() >= days * 86_400_000;
    const wanted = found.filter((item) => parts.includes(item.part) && isOld(item));
    const report = { folder: config.dataDir, items: describe(wanted) };
    if (folder === undefined || wanted.length === 0) {
      await print(call, { data: { ...report, removed: 0 }, text: `Nothing to remove in ${config.dataDir}.\n` });
      return exitStatus.done;
    }
    refuseInUse(wanted);
    if (!flags.json) terminal.stderr.write(renderItems(config.dataDir, wanted));
    if (!flags.yes && !(await isAgreed(terminal))) return notRemoved(call, report);
    const { files, bytes, failed } = removeKept(wanted, folder);
    const lines = [
      `${count(files, 'file')} removed, ${renderBytes(bytes)}.`,
      ...failed.map(({ path, reason }) => `Stays: ${path} (${reason})`),
      'Settings (config.json, policy.json) and downloads were left alone.',
    ];
    await print(call, { data: { ...report, removed: files, bytes, failed }, text: `${lines.join('\n')}\n` });
    return failed.length > 0 ? exitStatus.partial : exitStatus.done;
  },
};

function readParts(text: string | undefined): readonly KeptPart[] {
  if (text === undefined) return keptPartNames;
  return text.split(',').map((name) => {
    const part = keptPartNames.find((known) => known === name.trim());
    if (part !== undefined) return part;
    throw new GatewayError('usage', `purge knows no part ${JSON.stringify(name)}.`, {
      hint: `Parts, with commas between them: ${keptPartNames.join(',')}.`,
    });
  });
}

/** A server that goes on with files that are gone would lose what it writes from then on. */
function refuseInUse(items: readonly KeptItem[]): void {
  const held = items.filter(({ inUse }) => inUse).flatMap(({ paths }) => paths[0] ?? []);
  if (held.length === 0) return;
  throw new GatewayError(
    'conflict',
    `Nothing was removed: a server or a command still works with ${held.join(', ')}.`,
    {
      hint: 'Quit the clients that started it, such as Claude Desktop, and run purge again; or name other parts.',
    },
  );
}

/** Asked where a person can answer. */
async function isAgreed({ stdin, stderr: output }: Terminal): Promise<boolean> {
  if (!stdin.isTTY) return false;
  return createAsker({ stdin, output, stopped: 'Stopped. Nothing was removed.' }).confirm('Remove them?');
}

async function notRemoved(call: CommandCall, report: Record<string, unknown>): Promise<number> {
  const outcome = 'NOT REMOVED. The same with --yes removes them.';
  await print(call, { data: { ...report, removed: 0, outcome }, text: `${outcome}\n` });
  return exitStatus.waits;
}

const describe = (items: readonly KeptItem[]) =>
  items.map(({ part, paths, bytes, changedAt }) => ({ part, paths, bytes, changed_at: changedAt.toISOString() }));

function renderItems(folder: string, items: readonly KeptItem[]): string {
  const rows = keptPartNames.flatMap((part) => {
    const own = items.filter((item) => item.part === part);
    if (own.length === 0) return [];
    const [files, bytes] = [own.flatMap(({ paths }) => paths).length, sum(own)];
    return [
      `  ${part.padEnd(8)}  ${count(files, 'file').padStart(9)}  ${renderBytes(bytes).padStart(9)}  ${keptParts[part]}`,
    ];
  });
  return `In ${folder}:\n${rows.join('\n')}\n`;
}

const sum = (items: readonly KeptItem[]) => items.reduce((total, { bytes }) => total + bytes, 0);

const count = (many: number, noun: string) => `${many.toLocaleString('en')} ${noun}${many === 1 ? '' : 's'}`;

function renderBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

import { GatewayError } from '../core/errors.ts';
import { defined } from '../core/json.ts';
import { orUnchanged, type ToolContext } from '../gateway/index.ts';
import { statusOf } from './answer.ts';
import type { Command, CommandCall } from './command.ts';
import { confirmForTerminal, plainRun } from './command-run.ts';
import { withGateway } from './open.ts';
import { type Answer, exitStatus, print } from './print.ts';
import { openProgress } from './terminal.ts';

export const changes: Command = {
  name: 'changes',
  summary: 'what was changed: list; show, undo and discard with the id or number of one',
  examples: ['changes list', 'changes undo ID --yes'],
  positionals: ['ACTION'],
  optionalPositionals: ['ID'],
  flags: {
    yes: { type: 'boolean', description: 'With undo: send what is shown' },
    state: { type: 'string', description: 'With list: prepared, sent, failed, unknown, …' },
    member: { type: 'string', description: 'With list: whose, such as jdoe or me' },
    day: { type: 'string', description: 'With list: 2026-03-10, today, yesterday, “last 7 days”' },
    limit: { type: 'string', description: 'With list: how many (default: 20)' },
  },
  async run(call) {
    const [action = '', id] = call.positionals;
    const run = Object.hasOwn(actions, action) ? actions[action as keyof typeof actions] : undefined;
    if (run === undefined) {
      throw new GatewayError('usage', `changes has no action ${JSON.stringify(action)}.`, {
        hint: `Actions: ${Object.keys(actions).join(', ')}.`,
      });
    }
    const stop = new AbortController();
    call.terminal.onStop(() => stop.abort());
    const progress = openProgress(call.terminal, call.flags.json);
    const { done, redact } = await withGateway(
      call,
      async ({ context, redact }) => ({ done: await run(call, context, stop.signal, id), redact }),
      progress,
    );
    const { status = exitStatus.done, ...answer } = done;
    await print(call, { ...answer, redact });
    return status;
  },
};

const actions = { list, show, undo, discard } as const;

interface Done extends Answer {
  status?: number;
}

async function list({ flags }: CommandCall, { local }: ToolContext, signal: AbortSignal): Promise<Done> {
  const query = Object.fromEntries(
    ['state', 'member', 'day', 'limit'].flatMap((name) =>
      typeof flags[name] === 'string' ? [[name, flags[name]]] : [],
    ),
  );
  const answer = await local.run('GET', '/gateway/changes', { pathValues: {}, query, body: undefined, signal });
  const { changes: entries } = answer as { changes: Record<string, unknown>[] };
  const lines = entries.map(({ number, state, at, member, sentence, applied, made, undone_by }) => {
    const mark = undone_by === undefined ? String(state) : 'undone';
    const more = [applied, made, member].flatMap((one) => (one === undefined ? [] : [`  ${String(one)}`]));
    return `${String(number).padStart(6)}  ${String(at)}  ${mark.padEnd(8)}  ${String(sentence)}${more.join('')}\n`;
  });
  return { data: answer, text: entries.length === 0 ? 'No changes.\n' : lines.join('') };
}

async function show(_call: CommandCall, { local }: ToolContext, signal: AbortSignal, id?: string): Promise<Done> {
  const given = { pathValues: { id: requireId('show', id) }, query: {}, body: undefined, signal };
  const data = await local.run('GET', '/gateway/changes/{id}', given);
  return { data, text: `${JSON.stringify(data, null, 2)}\n` };
}

/** Shows the undo, and sends it with `--yes`: the approval that a client would ask for. */
async function undo({ flags }: CommandCall, context: ToolContext, signal: AbortSignal, id?: string): Promise<Done> {
  const kept = await context.changes();
  const prepared = await orUnchanged(() => kept.prepareUndo(requireId('undo', id), signal));
  if ('what' in prepared) {
    const { state, outcome } = plainRun(prepared);
    return { data: { outcome }, text: `${outcome}\n`, status: statusOf(state) };
  }
  const { sentence, warnings, differences, changeId } = prepared;
  const preview = { change_id: changeId, sentence, warnings, differences };
  const listed = (lines: readonly string[]) => lines.map((line) => `- ${line}\n`).join('');
  const shown = `${sentence}\n${listed(warnings)}`;
  if (!flags.yes) {
    const outcome = 'NOT SENT. The same with --yes sends it.';
    return { data: { outcome, ...preview }, text: `${shown}${outcome}\n`, status: exitStatus.waits };
  }
  const { state, outcome, notes } = await confirmForTerminal(context, changeId, signal);
  return {
    data: { outcome, ...preview, ...defined({ notes: notes.length > 0 ? notes : undefined }) },
    text: `${shown}${outcome}\n${listed(notes)}`,
    status: statusOf(state),
  };
}

/** Of a change that a client prepared and that nobody is to confirm. */
async function discard(_call: CommandCall, { local }: ToolContext, signal: AbortSignal, id?: string): Promise<Done> {
  const given = { pathValues: { id: requireId('discard', id) }, query: {}, body: undefined, signal };
  const data = await local.run('DELETE', '/gateway/changes/{id}', given);
  return { data, text: 'Discarded: it cannot be sent any more.\n' };
}

function requireId(action: string, id: string | undefined): string {
  if (id !== undefined) return id;
  throw new GatewayError('usage', `changes ${action} needs the id or number of a change.`, {
    hint: 'changes list shows them.',
  });
}

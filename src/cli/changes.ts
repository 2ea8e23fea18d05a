import { GatewayError } from '../errors.ts';
import type { Gateway } from '../gateway.ts';
import type { Command, CommandCall } from './command.ts';
import { withGateway } from './open.ts';
import { type Answer, exitStatus, print } from './print.ts';

export const changes: Command = {
  name: 'changes',
  summary: 'what was changed: list; show and undo with the id or number of one',
  positionals: ['ACTION'],
  optionalPositionals: ['ID'],
  flags: {
    yes: { type: 'boolean', description: 'With undo: send what is shown' },
    state: { type: 'string', description: 'With list: prepared, sent, failed, unknown, …' },
    limit: { type: 'string', description: 'With list: how many, 20 unless given' },
  },
  async run(call) {
    const [action = '', id] = call.positionals;
    const run = Object.hasOwn(actions, action) ? actions[action as keyof typeof actions] : undefined;
    if (run === undefined) {
      throw new GatewayError('usage', `changes has no action ${JSON.stringify(action)}.`, {
        hint: `Actions: ${Object.keys(actions).join(', ')}.`,
      });
    }
    const { done, redact } = await withGateway(call, async ({ context, redact }) => ({
      done: await run(call, context, id),
      redact,
    }));
    const { status = exitStatus.done, ...answer } = done;
    await print(call, { ...answer, redact });
    return status;
  },
};

type Context = Gateway['context'];

const actions = { list, show, undo } as const;

interface Done extends Answer {
  status?: number;
}

async function list({ flags }: CommandCall, { local }: Context): Promise<Done> {
  const query = Object.fromEntries(
    ['state', 'limit'].flatMap((name) => (typeof flags[name] === 'string' ? [[name, flags[name]]] : [])),
  );
  const { signal } = new AbortController();
  const answer = await local.run('GET', '/gateway/changes', { pathValues: {}, query, body: undefined, signal });
  const { changes: entries } = answer as { changes: Record<string, unknown>[] };
  const lines = entries.map(({ number, state, at, sentence, undone_by }) => {
    const mark = undone_by === undefined ? String(state) : 'undone';
    return `${String(number).padStart(6)}  ${String(at)}  ${mark.padEnd(8)}  ${String(sentence)}\n`;
  });
  return { data: answer, text: entries.length === 0 ? 'No changes.\n' : lines.join('') };
}

async function show(_call: CommandCall, { local }: Context, id?: string): Promise<Done> {
  const { signal } = new AbortController();
  const pathValues = { id: requireId('show', id) };
  const data = await local.run('GET', '/gateway/changes/{id}', { pathValues, query: {}, body: undefined, signal });
  return { data, text: `${JSON.stringify(data, null, 2)}\n` };
}

/** Shown first, and sent with `--yes`: the terminal has nobody else to ask. */
async function undo({ flags }: CommandCall, { changes: open }: Context, id?: string): Promise<Done> {
  const changes = await open();
  const prepared = await changes.prepareUndo(requireId('undo', id));
  const { sentence, warnings, differences, changeId } = prepared;
  const said = { change_id: changeId, sentence, warnings, differences };
  const shown = [sentence, ...warnings.map((warning) => `- ${warning}`), ''].join('\n');
  const answer = (outcome: string, status?: number): Done => ({
    data: { outcome, ...said },
    text: `${shown}${outcome}\n`,
    ...(status === undefined ? {} : { status }),
  });
  if (!flags.yes) return answer('NOT SENT. The same with --yes sends it.', exitStatus.waits);
  const done = await changes.confirm(changeId);
  if (done.kind === 'renewed') return answer(`NOT SENT. ${done.reason}`, exitStatus.waits);
  if (done.kind === 'many') return answer(`${done.state}: ${done.counts.sent} of ${done.results.length} sent.`);
  const gaps = done.notApplied.map((line) => `\n- ${line}`).join('');
  return answer(`SENT: it was answered ${done.status}.${gaps}`, gaps === '' ? exitStatus.done : exitStatus.partial);
}

function requireId(action: string, id: string | undefined): string {
  if (id !== undefined) return id;
  throw new GatewayError('usage', `changes ${action} needs the id or number of a change.`, {
    hint: 'changes list names them.',
  });
}

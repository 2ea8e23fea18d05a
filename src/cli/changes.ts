import { GatewayError } from '../errors.ts';
import type { Command, CommandCall } from './command.ts';
import { openCommandGateway } from './open.ts';

export const changes: Command = {
  name: 'changes',
  summary: 'what was changed: list; show and undo with the id or number of one',
  positionals: ['ACTION'],
  optionalPositionals: ['ID'],
  flags: {
    yes: { type: 'boolean', description: 'With undo: send what is shown' },
    json: { type: 'boolean', description: 'Print as JSON' },
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
    const gateway = openCommandGateway(call);
    try {
      call.terminal.stdout.write(gateway.redact(await run(call, gateway.context, id)));
      return 0;
    } finally {
      await gateway.close();
    }
  },
};

type Context = ReturnType<typeof openCommandGateway>['context'];

const actions = { list, show, undo } as const;

async function list({ flags }: CommandCall, { local }: Context): Promise<string> {
  const query = Object.fromEntries(
    ['state', 'limit'].flatMap((name) => (typeof flags[name] === 'string' ? [[name, flags[name]]] : [])),
  );
  const { signal } = new AbortController();
  const answer = await local.run('GET', '/gateway/changes', { pathValues: {}, query, body: undefined, signal });
  if (flags.json) return toJson(answer);
  const { changes: entries } = answer as { changes: Record<string, unknown>[] };
  if (entries.length === 0) return 'No changes.\n';
  return entries
    .map(({ number, state, at, sentence, undone_by }) => {
      const mark = undone_by === undefined ? String(state) : 'undone';
      return `${String(number).padStart(6)}  ${String(at)}  ${mark.padEnd(8)}  ${String(sentence)}\n`;
    })
    .join('');
}

async function show(_call: CommandCall, { local }: Context, id?: string): Promise<string> {
  const { signal } = new AbortController();
  const pathValues = { id: requireId('show', id) };
  return toJson(await local.run('GET', '/gateway/changes/{id}', { pathValues, query: {}, body: undefined, signal }));
}

/** Shown first, and sent with `--yes`: the terminal has nobody else to ask. */
async function undo({ flags }: CommandCall, { changes: open }: Context, id?: string): Promise<string> {
  const changes = await open();
  const prepared = await changes.prepareUndo(requireId('undo', id));
  const { sentence, warnings, differences, changeId } = prepared;
  const shown = flags.json
    ? toJson({ change_id: changeId, sentence, warnings, differences })
    : [sentence, ...warnings.map((warning) => `- ${warning}`), ''].join('\n');
  if (!flags.yes) return `${shown}Not sent. The same with --yes sends it.\n`;
  const done = await changes.confirm(changeId);
  if (done.kind === 'renewed') return `${shown}Not sent. ${done.reason}\n`;
  if (done.kind === 'many') return `${shown}${done.state}: ${done.counts.sent} of ${done.results.length} sent.\n`;
  return `${shown}Sent: it was answered ${done.status}.${done.notApplied.map((line) => `\n- ${line}`).join('')}\n`;
}

function requireId(action: string, id: string | undefined): string {
  if (id !== undefined) return id;
  throw new GatewayError('usage', `changes ${action} needs the id or number of a change.`, {
    hint: 'changes list names them.',
  });
}

const toJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

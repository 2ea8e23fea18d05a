import { GatewayError } from '../../core/errors.ts';
import { type CallOfQuery, type FilledCall, fillWith } from '../../memory/index.ts';
import type { ToolContext } from './tool.ts';

/**
 * The call that a saved query makes with these values.
 * @throws GatewayError `invalid_argument` for values that are missing, unknown or wrong
 */
export async function fillSavedQuery(
  context: ToolContext,
  query: CallOfQuery,
  given: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<FilledCall & { notes: string[] }> {
  const notes = new Set<string>();
  const call = await fillWith(
    query,
    await context.catalog(),
    given,
    {
      lookups: () => context.lookups(),
      me: () => readMember(context, signal),
      taken: (sentence) => notes.add(sentence),
      nowMs: context.now().getTime(),
      zone: await context.zone(),
    },
    signal,
  );
  return { ...call, notes: [...notes] };
}

/** Who `{me}` is. */
async function readMember(context: ToolContext, signal: AbortSignal): Promise<string> {
  const request = { pathValues: {}, query: {}, body: undefined, signal };
  const me = (await context.local.run('GET', '/gateway/me', request)) as { member?: unknown };
  if (typeof me.member === 'string') return me.member;
  throw new GatewayError('invalid_argument', 'The saved query needs your member id, which is not known.', {
    details: { field: 'arguments/me' },
    hint: 'Ask the user for their member id, then execute_api_call PUT /gateway/me with data {"member": "jdoe"}.',
  });
}

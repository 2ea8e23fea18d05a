import type { ParentId } from '../../connectwise/index.ts';
import { GatewayError } from '../../core/errors.ts';
import type { ToolContext } from './tool.ts';

/** Records whose lists one call joins, at most. */
const maxParents = 500;

const selects = /^\s*(select|with|values)\b/i;

/**
 * The ids that `for_each` means: as given, or the first column of one SELECT over stored tables.
 * @throws GatewayError `invalid_argument` for no ids or too many, `invalid_sql`
 */
export async function readForEach(
  context: ToolContext,
  given: string | readonly (string | number)[],
  signal: AbortSignal,
): Promise<readonly ParentId[]> {
  const ids = typeof given === 'string' ? await readText(context, given, signal) : given;
  // Half of a surrogate pair has no place in a path; no id of ConnectWise holds one.
  const odd = ids.find((id) => typeof id === 'string' && !id.isWellFormed());
  if (odd !== undefined) {
    throw new GatewayError('invalid_argument', `for_each holds the id ${JSON.stringify(odd)}, which is no text.`, {
      details: { field: 'for_each' },
    });
  }
  const known = [...new Set(ids.map((id) => (/^\d{1,15}$/.test(String(id)) ? Number(id) : id)))];
  if (known.length > 0 && known.length <= maxParents) return known;
  const count = known.length === 0 ? 'no ids' : `more than ${maxParents} ids`;
  throw new GatewayError('invalid_argument', `for_each gives ${count}; 1 to ${maxParents} are allowed.`, {
    details: { field: 'for_each' },
    hint: 'Give ids, or one SELECT whose first column holds them, with a narrower WHERE.',
  });
}

async function readText(
  context: ToolContext,
  text: string,
  signal: AbortSignal,
): Promise<readonly (string | number)[]> {
  if (!selects.test(text)) return text.split(',').flatMap((id) => id.trim() || []);
  const store = await context.results();
  const { rows } = await store.query(text, { maxRows: maxParents + 1, signal });
  return rows.flatMap(([id]) => (typeof id === 'string' || typeof id === 'number' ? [id] : []));
}

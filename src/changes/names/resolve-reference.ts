import type { Member } from '../../catalog/index.ts';
import type { Named, Resolved } from '../../connectwise/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { isRecord } from '../../core/json.ts';
import { quote } from '../wording.ts';
import { contradiction, findContradiction, labelsOf } from './name-differences.ts';
import { parentsOf } from './parents.ts';
import type { Walk } from './resolve-names.ts';
import { readReference } from './settle-references.ts';

/** The reference by id that a text, a number or `{"name": …}` means; the value itself where that cannot be told. */
export async function resolveReference(walk: Walk, member: Member, value: unknown, path: string): Promise<unknown> {
  const { lookups } = walk.context;
  const wanted = wantedOf(value);
  const kind = lookups.findKind(member.schema ?? '');
  if (wanted === undefined || kind === undefined) return value;
  try {
    const text = kind.kind === 'members' && isMe(wanted) ? await identifierOfMe(walk, path) : wanted;
    const { schema, record, path: request, signal } = walk.place;
    const parents = parentsOf(path, { schema: schema.name, path: request, body: walk.wanted, record });
    const found = await lookups.resolve(kind.kind, text, parents, signal);
    const { matchedBy, ...named } = found;
    const other = isRecord(value) ? otherName(value, named) : undefined;
    if (other !== undefined) throw contradiction(kind.noun, named, other);
    walk.names.set(path, named);
    if (matchedBy === 'prefix' || matchedBy === 'contains') walk.notes.push(renderGuess(path, text, found));
    return { id: named.id };
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code === 'cancelled') throw error;
    if (error.code === 'invalid_body') walk.failures.push({ path, error });
    // ConnectWise understands its own form by itself (CW 5.1.4), so what this login may not list is no hindrance.
    else if (isRecord(value)) walk.notes.push(`${path} was not looked up: ${error.message}`);
    else throw error;
    return value;
  }
}

/** What names the record; undefined for an id in its own form, which needs no looking up, and for what is no name. */
function wantedOf(value: unknown): string | number | undefined {
  if (typeof value === 'string' || (typeof value === 'number' && Number.isInteger(value))) return value;
  const read = isRecord(value) ? readReference(value) : undefined;
  return read?.id === undefined ? (read?.identifier ?? read?.name) : undefined;
}

/** What it is called by besides, if that is no name of the record that was found. */
function otherName(value: Readonly<Record<string, unknown>>, named: Named): string | undefined {
  const { identifier, name } = readReference(value) ?? {};
  return identifier === undefined || name === undefined ? undefined : findContradiction([name], labelsOf(named));
}

const isMe = (wanted: string | number): boolean => /^(\{me\}|me|myself)$/i.test(String(wanted).trim());

/** An API member is nobody's "me" (CW 6.18). */
async function identifierOfMe({ context }: Walk, path: string): Promise<string> {
  const member = await context.me();
  if (member !== undefined) return member;
  throw new GatewayError('invalid_body', 'Who "me" is in ConnectWise is not known.', {
    details: { field: path },
    hint: 'Ask the user for their member id, then PUT /gateway/me {"member": "jdoe"}, and prepare this again.',
  });
}

function renderGuess(path: string, text: string | number, { id, name, matchedBy }: Resolved): string {
  const how = matchedBy === 'prefix' ? 'the only one whose name begins so' : 'the only one whose name contains it';
  return `${path}: ${quote(String(text))} was taken for ${quote(name)} (${id}), ${how}.`;
}

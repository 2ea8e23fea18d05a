import type { Schema } from '../catalog/index.ts';
import { editDistance } from '../core/nearest.ts';
import { simplified } from '../core/text.ts';
import { findAlias, type Rewrite } from './aliases.ts';
import { findMember, resolvePath, type Scope } from './member-path.ts';

export interface Suggestion {
  /** The path to write; absent where no member says what was meant. */
  segments?: readonly string[];
  /** All paths of the alias, for the rewrites that need more than one. */
  paths: readonly string[];
  reason: string;
  /** Whether the reason says already which member is wrong. */
  namesMember: boolean;
  rewrite: Rewrite;
}

/** How many edits apart two names may be to count as a typing error; fewer in names of three letters. */
const maxEdits = (name: string): number => (name.length <= 3 ? 1 : 2);

/** What an unknown name most likely means: an alias, another spelling, or a typing error. */
export function suggestPath(
  segments: readonly string[],
  at: number,
  inner: Schema,
  scope: Scope,
): Suggestion | undefined {
  const alias = suggestByAlias(segments, at, scope);
  if (alias !== undefined) return alias;
  const wrong = segments[at] ?? '';
  const parted = at === 0 && segments.length === 1 ? suggestParted(wrong, scope) : undefined;
  if (parted !== undefined) return parted;
  const named = suggestByName(wrong, at, inner, scope);
  if (named !== undefined) {
    const path = [...segments.slice(0, at), ...named, ...segments.slice(at + 1)];
    return renamed(path, `"${wrong}" is not a member of ${inner.name}`, true);
  }
  // The list's own name in front, as in ticket/summary on tickets.
  const rest = segments.slice(1);
  const own = simplified(segments[0] ?? '');
  const names = [scope.schema.name.toLowerCase(), `${scope.schema.name.toLowerCase()}s`];
  if (at === 0 && rest.length > 0 && names.includes(own) && resolvePath(rest, scope).kind !== 'unknown') {
    return renamed(rest, withoutOwner(scope.schema));
  }
  return undefined;
}

/** `customerName` is the alias `customer/name`; `invoiceType` on invoices is their `type`. */
function suggestParted(wrong: string, scope: Scope): Suggestion | undefined {
  const words = wrong.replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1_$2').split(/[_-]+/);
  const { schema } = scope;
  const own = schema.name.toLowerCase();
  const wanted = simplified(wrong);
  const member = wanted.startsWith(own) ? findMember(schema, wanted.slice(own.length)) : undefined;
  if (member !== undefined) return renamed([member.name], withoutOwner(schema));
  if (words.length < 2) return undefined;
  const parts = [words[0] ?? '', words.slice(1).join('').toLowerCase()];
  return suggestByAlias(parts, 0, scope);
}

const withoutOwner = ({ name }: Schema) => `members of ${name} are named without "${name}" in front`;

function renamed(segments: readonly string[], reason: string, namesMember = false): Suggestion {
  return { segments, paths: [segments.join('/')], reason, namesMember, rewrite: 'rename' };
}

/** Aliases are known for whole paths, and for their first name: `assignedTo/name` becomes `owner/name`. */
export function suggestByAlias(segments: readonly string[], at: number, scope: Scope): Suggestion | undefined {
  const { name } = scope.schema;
  const plain = segments.map((segment) => simplified(segment));
  const whole = findAlias(name, plain);
  const alias = whole ?? (at === 0 ? findAlias(name, plain.slice(0, 1)) : undefined);
  if (alias === undefined) return undefined;
  const about = { reason: `${alias.reason} (CW ${alias.cw})`, namesMember: false, rewrite: alias.rewrite };
  const [first] = alias.to;
  if (first === undefined) return { paths: [], ...about };
  const path = first.split('/');
  const rest = whole === undefined ? segments.slice(at + 1) : [];
  const target = rest.length === 0 ? path : [...path.slice(0, Math.max(1, path.length - 1)), ...rest];
  if ((alias.general || rest.length > 0) && resolvePath(target, scope).kind === 'unknown') return undefined;
  return { segments: target, paths: alias.to, ...about };
}

function suggestByName(wrong: string, at: number, inner: Schema, scope: Scope): readonly string[] | undefined {
  const wanted = simplified(wrong);
  const respelt = inner.members.find((member) => simplified(member.name) === wanted);
  if (respelt !== undefined) return [respelt.name];
  const flag = findMember(inner, `${wanted.replace(/^(?:is|has)(?=..)/, '').replace(/flag$/, '')}Flag`);
  if (flag !== undefined) return [flag.name];
  return suggestJoined(wanted, inner, scope) ?? suggestTyped(wrong, at, inner);
}

/** `statusName`, `board_id`: a reference and its member run together. */
function suggestJoined(wanted: string, inner: Schema, { findSchema }: Scope): readonly string[] | undefined {
  for (const member of inner.members) {
    const own = member.name.toLowerCase();
    if (member.schema === undefined || wanted.length <= own.length || !wanted.startsWith(own)) continue;
    const sub = findSchema(member.schema)?.members.find(({ name }) => simplified(name) === wanted.slice(own.length));
    if (sub !== undefined) return [member.name, sub.name];
  }
  return undefined;
}

function suggestTyped(wrong: string, at: number, inner: Schema): readonly string[] | undefined {
  const known = inner.members.map(({ name }) => name);
  if (at === 0) known.push('lastUpdated', 'dateEntered');
  let limit = maxEdits(wrong);
  let nearest: string | undefined;
  for (const name of known) {
    const distance = editDistance(wrong.toLowerCase(), name.toLowerCase(), limit);
    if (distance > limit || (nearest !== undefined && distance === limit)) continue;
    nearest = name;
    limit = distance;
  }
  return nearest === undefined ? undefined : [nearest];
}

import type { Lookups } from '../../connectwise/lookups/lookups.ts';
import { GatewayError } from '../../core/errors.ts';
import { type Argument, argumentsAt, nounOf, renderType } from './arguments.ts';
import { isReserved } from './parse.ts';
import { type Clock, readValue, wrongValue } from './read-value.ts';
import type { Fill, Place, PlaceholderType, Scalar } from './types.ts';

export interface Resolution extends Clock {
  lookups(): Promise<Lookups>;
  /** The user's member identifier. @throws GatewayError where nobody said who the user is */
  me(): Promise<string>;
  /** Told for which record a text was taken, where another is possible. */
  taken(sentence: string): void;
}

/** More names are no choice any more. */
const mostCandidates = 10;
const maxListed = 200;

/**
 * Values for all places, found before anything is filled, because names are looked up.
 * @throws GatewayError `invalid_argument` naming what is missing, unknown or wrong, with candidates where there are
 */
export async function resolvePlaceholders(
  places: readonly Place[],
  given: Readonly<Record<string, unknown>>,
  resolution: Resolution,
  signal?: AbortSignal,
): Promise<Fill> {
  const wanted = argumentsAt(places);
  const byName = new Map(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
  checkNames(wanted, given);
  const missing = wanted.filter(({ name, required }) => required && isAbsent(byName.get(name.toLowerCase())));
  if (missing.length > 0) throw await missingArguments(missing, resolution, signal);
  const values = new Map<string, Scalar | readonly Scalar[]>();
  for (const place of places) {
    const key = keyOf(place);
    if (values.has(key)) continue;
    const argument = wanted.find(({ name }) => name.toLowerCase() === place.placeholder.name.toLowerCase());
    const own = byName.get(place.placeholder.name.toLowerCase());
    const value = isReserved(place.placeholder.name)
      ? place.placeholder.name
      : isAbsent(own)
        ? argument?.fallback
        : own;
    const type = typeIn(place, argument);
    values.set(key, await resolvePlace({ ...place, type }, value, resolution, signal));
  }
  return (place) => values.get(keyOf(place)) ?? '';
}

/** Where the argument is a record elsewhere, a text means the same record: its name, or what it is called by there. */
function typeIn({ type, inBody }: Place, argument: Argument | undefined): PlaceholderType {
  if (argument?.type.kind !== 'reference' || type.kind === 'reference' || inBody === true) return type;
  if (type.kind !== 'text' && type.kind !== 'any') return type;
  return argument.type.member === 'id' ? { ...argument.type, member: 'name' } : argument.type;
}

const isAbsent = (value: unknown) => value === undefined || value === null || value === '';

const keyOf = ({ placeholder, type, operator, list, whole }: Place) =>
  JSON.stringify([placeholder.name.toLowerCase(), type, operator, list, whole]);

function checkNames(wanted: readonly Argument[], given: Readonly<Record<string, unknown>>): void {
  const known = new Set(wanted.map(({ name }) => name.toLowerCase()));
  const unknown = Object.keys(given).filter((name) => !known.has(name.toLowerCase()));
  if (unknown.length === 0) return;
  const names = wanted.map(({ name }) => name);
  const takes = names.length === 0 ? 'It takes none' : `It takes ${names.join(', ')}`;
  throw new GatewayError(
    'invalid_argument',
    `The saved query has no argument ${unknown.slice(0, 5).map(shownName).join(', ')}. ${takes}.`,
    { details: { field: 'arguments', candidates: names } },
  );
}

const shownName = (name: string) => JSON.stringify(name.slice(0, 40));

async function missingArguments(
  missing: readonly Argument[],
  resolution: Resolution,
  signal: AbortSignal | undefined,
): Promise<GatewayError> {
  const names = missing.map((argument) => `${argument.name} (${renderType(argument)})`);
  const [first] = missing;
  const candidates = first === undefined ? [] : await namesOf(first.type, resolution, signal);
  // No candidate as the value: it would be taken for an answer.
  const example = Object.fromEntries(missing.map(({ name }) => [name, '…']));
  return new GatewayError('invalid_argument', `The saved query needs ${names.join(' and ')}.`, {
    details: { field: `arguments/${first?.name ?? ''}`, ...(candidates.length > 0 ? { candidates } : {}) },
    hint: `Call again with arguments ${JSON.stringify(example)}; ask the person for what they did not say.`,
  });
}

/** Of set-up records what there is; nothing where it cannot be told, since the missing argument is the news. */
async function namesOf(
  type: PlaceholderType,
  resolution: Resolution,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  if (type.kind === 'enum') return type.values.slice(0, mostCandidates);
  if (type.kind !== 'reference') return [];
  try {
    const lookups = await resolution.lookups();
    if (lookups.findKind(type.schema)?.needsParent !== false) return [];
    const named = await lookups.listNames(type.schema, {}, signal);
    return named.slice(0, mostCandidates).map(({ name, identifier }) => identifier ?? name);
  } catch (error) {
    if (error instanceof GatewayError && error.code !== 'cancelled') return [];
    throw error;
  }
}

async function resolvePlace(
  place: Place,
  value: unknown,
  resolution: Resolution,
  signal: AbortSignal | undefined,
): Promise<Scalar | readonly Scalar[]> {
  if (!Array.isArray(value)) return resolveOne(place, value, resolution, signal);
  if (place.list !== true || value.length === 0 || value.length > maxListed)
    throw wrongValue(
      place.placeholder.name,
      value,
      place.list ? `is a list of ${value.length}` : 'is a list; one value fits',
    );
  return Promise.all(value.map((item) => resolveOne(place, item, resolution, signal)));
}

async function resolveOne(
  place: Place,
  value: unknown,
  resolution: Resolution,
  signal: AbortSignal | undefined,
): Promise<Scalar> {
  const { type } = place;
  const isMe = typeof value === 'string' && value.toLowerCase() === 'me' && takesMe(place);
  const given = isMe ? await resolution.me() : value;
  const read = readValue(given, place, resolution);
  // Who the user is was checked when it was said.
  if (type.kind !== 'reference' || (isMe && type.member === 'identifier')) return read;
  return resolveReference(place, type, read, resolution, signal);
}

const takesMe = ({ type, placeholder }: Place) =>
  placeholder.name.toLowerCase() === 'me' || (type.kind === 'reference' && type.schema === 'MemberReference');

/** The id, name or identifier of the record that a text means. */
async function resolveReference(
  { placeholder }: Place,
  { schema, member }: Extract<PlaceholderType, { kind: 'reference' }>,
  value: Scalar,
  resolution: Resolution,
  signal: AbortSignal | undefined,
): Promise<Scalar> {
  const text = typeof value === 'string' ? value.trim() : String(value);
  const digits = /^\d{1,15}$/.test(text);
  const lookups = await resolution.lookups();
  const kind = lookups.findKind(schema);
  if (kind === undefined || kind.needsParent) {
    // Without its board a status is a name on every board; only ids need to be told apart.
    if (member !== 'id') return text;
    if (digits) return Number(text);
    throw wrongValue(placeholder.name, value, `is no id of a ${nounOf(schema)}`);
  }
  if (digits && member === 'id') return Number(text);
  try {
    const found = await lookups.resolve(schema, text, {}, signal);
    if (found.matchedBy === 'prefix' || found.matchedBy === 'contains')
      resolution.taken(`${placeholder.name}: taken for ${JSON.stringify(found.name)} (${found.id}).`);
    return member === 'id' ? found.id : member === 'identifier' ? (found.identifier ?? found.name) : found.name;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    // Who may not read the names may still filter by them.
    if (error.code === 'permission_denied' && member !== 'id') return text;
    if (error.code !== 'invalid_body') throw error;
    throw new GatewayError('invalid_argument', `The argument ${placeholder.name}: ${error.message}`, {
      hint: error.hint,
      details: { ...error.details, field: `arguments/${placeholder.name}` },
      cause: error,
    });
  }
}

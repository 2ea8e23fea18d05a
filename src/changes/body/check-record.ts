import { type DateKind, dateKindOf, exampleValue, isReference, type Member, type Schema } from '../../catalog/index.ts';
import { localTime } from '../../core/iso-time.ts';
import { defined, isRecord } from '../../core/json.ts';
import { simplified } from '../../core/text.ts';
import type { Values } from '../change.ts';
import { oneLine } from '../wording.ts';
import { findMember } from './find-member.ts';
import { type BodyContext, type Fault, shown } from './findings.ts';
import { demandsAll, membersOf, needsOf, whyNotWritten } from './member-rules.ts';
import { findWrittenDate, type WrittenDate } from './written-date.ts';

/** Definitions nest records two levels deep; deeper values are passed as they are. */
const maxDepth = 3;

export interface Level {
  /** In front of the names of this record: empty, or `communicationItems/0/`. */
  prefix: string;
  /** 0 for the record of the endpoint itself. */
  depth: number;
}

/** Checks the members of a record against its schema; the copy that comes back is what is sent. */
export function checkRecord(
  context: BodyContext,
  record: Values,
  schema: Schema,
  { prefix, depth }: Level = { prefix: '', depth: 0 },
): Record<string, unknown> {
  const siblings = new Set(Object.keys(record));
  const entries = Object.entries(record).flatMap(([given, value]): [string, unknown][] => {
    const path = `${prefix}${oneLine(given, 60)}`;
    const found = findMember(context, given, { path, schema, siblings });
    if (found === undefined) return [];
    if (found.member === undefined) return [[found.name, value]];
    const at = prefix + found.name;
    if (depth === 0 && leavesOut(context, schema, found.name)) return [];
    if (depth === 0 && refuseClosed(context, schema, found.member, at)) return [];
    return [[found.name, checkMember(context, found.member, value, { schema, path: at, depth })]];
  });
  const checked = Object.fromEntries(entries);
  checkRequired(context, checked, schema, { prefix, depth });
  return checked;
}

/** A copied record loses the members that ConnectWise sets; an attached one is named by its id (CW 5.5.9). */
function leavesOut({ purpose, findings }: BodyContext, schema: Schema, name: string): boolean {
  if (purpose !== 'create' || (name !== 'id' && name !== '_info') || isReference(schema)) return false;
  findings.repairs.push(`${name} is left out: ConnectWise gives new records their own (CW 5.1.2)`);
  return true;
}

/** Adds a fault for a member that this body cannot give. */
export function refuseClosed(context: BodyContext, schema: Schema, member: Member, path: string): boolean {
  const problem = whyNotWritten(schema.name, member, context.purpose);
  if (problem !== undefined) context.findings.faults.push({ path, problem });
  return problem !== undefined;
}

export interface MemberPlace {
  /** The schema that has the member. */
  schema: Schema;
  path: string;
  depth: number;
}

/** Checks the value of a member and returns what is sent. Null empties a member; `checkRequired` checks that it may. */
export function checkMember(context: BodyContext, member: Member, value: unknown, place: MemberPlace): unknown {
  if (value === null || value === undefined) return value;
  if (member.type !== 'array') return checkElement(context, member, value, place);
  if (Array.isArray(value)) {
    const element = elementOf(member);
    return value.map((one, index) => checkElement(context, element, one, { ...place, path: `${place.path}/${index}` }));
  }
  const allowed = renderExample(context, member);
  context.findings.faults.push({ path: place.path, problem: `${shown(place.path, value)} is not an array`, allowed });
  return value;
}

/** The elements of an array as a member of their own. */
export function elementOf(member: Member): Member {
  const { enum: values, format, itemType, schema, name } = member;
  const type = schema === undefined ? (itemType ?? 'object') : 'object';
  return defined<Member>({ name, type, schema, format, enum: values });
}

/** A value of the member as JSON, which can be given as it is. */
function renderExample({ findSchema }: BodyContext, member: Member): string {
  return member.schema === 'CustomFieldValue'
    ? '[{"id": 1, "value": "…"}]'
    : JSON.stringify(exampleValue(findSchema, member));
}

/** Checks one value, not an array, and returns what is sent. */
export function checkElement(context: BodyContext, member: Member, value: unknown, place: MemberPlace): unknown {
  const { path, depth, schema: owner } = place;
  if (member.type === 'array') return value;
  if (member.type !== 'object') return checkScalar(context, member, owner.name, value, path);
  const reference = referenceSchema(context, member.schema);
  if (reference !== undefined) return checkReference(context, value, reference, path);
  const schema = member.schema === undefined ? undefined : context.findSchema(member.schema);
  // Without a schema any value is allowed: that of a custom field is text, number or flag (CW 5.13).
  if (schema === undefined || schema.members.length === 0) return value;
  if (isRecord(value)) {
    return depth >= maxDepth ? value : checkRecord(context, value, schema, { prefix: `${path}/`, depth: depth + 1 });
  }
  const allowed = renderExample(context, member);
  context.findings.faults.push({ path, problem: `${shown(path, value)} is not an object`, allowed });
  return value;
}

/** A new record must be complete (CW 5.4); for the bodies of actions, definitions require too much (CW 5.5.9). */
function checkRequired(
  { purpose, findings }: BodyContext,
  record: Values,
  schema: Schema,
  { prefix, depth }: Level,
): void {
  // A row with an id exists already, and an operation only names what it changes.
  if (depth > 0 && !isEmpty(record.id)) return;
  if (purpose !== 'change' || depth > 0) checkNeeds(findings, record, schema, prefix);
  if (purpose === 'change') return;
  for (const { name, required, requiredOnUpdate, readOnly } of membersOf(schema)) {
    const isNeeded = required || (purpose === 'replace' && requiredOnUpdate);
    if (!isNeeded || readOnly || name === 'id' || !isEmpty(record[name])) continue;
    const path = prefix + name;
    if (findings.faults.some((fault) => fault.path === path)) continue;
    const isOpen = purpose === 'act' && !demandsAll(schema.name);
    if (isOpen) findings.warnings.push(`${path} is listed as required, but not given.`);
    else findings.faults.push({ path, problem: 'is required' });
  }
}

/** What ConnectWise refuses beyond its definition is refused before anybody is asked for a yes. */
function checkNeeds({ faults }: BodyContext['findings'], record: Values, schema: Schema, prefix: string): void {
  // A name that is wrong is likely one of those that are missing.
  if (faults.some(({ path }) => path.startsWith(prefix) && !path.slice(prefix.length).includes('/'))) return;
  for (const { oneOf, flags, reason } of needsOf(schema.name)) {
    const isMet = (name: string) =>
      flags ? record[name] === true : !isEmpty(record[name]) && !isNothing(record[name]);
    const known = oneOf.filter((name) => membersOf(schema).some((member) => member.name === name));
    const [first] = known;
    if (first === undefined || oneOf.some(isMet)) continue;
    const path = prefix + first;
    const allowed = flags ? `${known.join(', ')}: one of them true` : undefined;
    faults.push(defined<Fault>({ path, problem: `is required: ${reason}`, allowed }));
  }
}

const isNothing = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

export function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

const referenceForms = '{"id": 1}, {"identifier": "…"} or {"name": "…"}';

/** The members that name a record; one of them is enough (CW 5.1.4). */
const names = ['id', 'identifier', 'name'];

/** The schema of a reference; a definition may lack the schemas of its own references. */
export function referenceSchema(
  { findSchema }: Pick<BodyContext, 'findSchema'>,
  name: string | undefined,
): Schema | undefined {
  if (name === undefined) return undefined;
  const schema = findSchema(name) ?? { name, members: [] };
  return isReference(schema) ? schema : undefined;
}

/** Checks a reference to another record: ConnectWise answers a plain text with "not valid" (CW 5.2.8). */
function checkReference(context: BodyContext, value: unknown, schema: Schema, path: string): unknown {
  const { faults } = context.findings;
  if (!isRecord(value)) {
    const allowed = Number.isInteger(value) ? `{"id": ${value}}` : referenceForms;
    faults.push({ path, problem: 'must name a record by an object', allowed });
    return value;
  }
  const before = faults.length;
  const entries = Object.entries(value).flatMap(([given, part]): [string, unknown][] => {
    const name = checkName(context, given, schema, { path, siblings: value });
    return name === undefined ? [] : [[name, checkPart(context, name, part, `${path}/${name}`)]];
  });
  const named = entries.some(([name, part]) => name !== '_info' && part !== null && part !== '');
  if (!named && faults.length === before)
    faults.push({ path, problem: 'does not name a record', allowed: referenceForms });
  return Object.fromEntries(entries);
}

interface Owner {
  path: string;
  siblings: Values;
}

/** The right spelling of a member of the reference; undefined for one that is refused. */
export function checkName(
  { findings }: BodyContext,
  given: string,
  { members }: Schema,
  { path, siblings }: Owner,
): string | undefined {
  const known = [...names, ...members.map(({ name }) => name)];
  if (known.includes(given)) return given;
  const respelt = known.find((name) => name.toLowerCase() === given.toLowerCase());
  const at = `${path}/${oneLine(given, 40)}`;
  if (respelt === undefined || Object.hasOwn(siblings, respelt)) {
    findings.faults.push({ path: at, problem: 'does not belong to a reference', allowed: names.join(', ') });
    return undefined;
  }
  findings.repairs.push(`${at} is written ${respelt}`);
  return respelt;
}

/** Other members of a reference belong to the record that it names, and are not checked. */
export function checkPart(context: BodyContext, name: string, value: unknown, path: string): unknown {
  if (value === null || !names.includes(name)) return value;
  return name === 'id' ? checkInteger(context, value, path) : checkText(context, value, path);
}

/** Further values are counted, to keep the error short. */
const maxListed = 20;

/** Checks a value that is neither object nor array, and returns what is sent. */
function checkScalar(context: BodyContext, member: Member, owner: string, value: unknown, path: string) {
  if (member.enum !== undefined && member.enum.length > 0) return checkEnum(context, member.enum, value, path);
  if (member.type === 'boolean') return checkBoolean(context, value, path);
  if (member.type === 'integer') return checkInteger(context, value, path);
  if (member.type === 'number') return checkNumber(context, value, path);
  const kind = dateKindOf(owner, member);
  // Where the definition says only string, a date is guessed from the name: that is not enough to refuse other values.
  if (kind !== undefined) return checkDate(context, value, { path, kind, certain: member.format !== undefined });
  return checkText(context, value, path, member.maxLength);
}

function checkEnum({ findings }: BodyContext, values: readonly string[], value: unknown, path: string): unknown {
  if (typeof value === 'string' && values.includes(value)) return value;
  const wanted = typeof value === 'string' ? simplified(value) : '';
  const [same, ...others] = values.filter((known) => wanted !== '' && simplified(known) === wanted);
  if (same !== undefined && others.length === 0) {
    findings.repairs.push(`${path}: ${shown(path, value)} is spelt ${same}`);
    return same;
  }
  const rest = values.length - maxListed;
  const allowed = `${values.slice(0, maxListed).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  findings.faults.push({ path, problem: `${shown(path, value)} is not one of its values`, allowed });
  return value;
}

function checkBoolean({ findings }: BodyContext, value: unknown, path: string): unknown {
  if (typeof value === 'boolean') return value;
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  if (word !== 'true' && word !== 'false') {
    findings.faults.push({ path, problem: `${shown(path, value)} is not a boolean`, allowed: 'true or false' });
    return value;
  }
  findings.repairs.push(`${path}: ${shown(path, value)} is sent as ${word}`);
  return word === 'true';
}

/** Integers are 32 bits wide in every definition. Ids of references may come as text (CW 5.1.4). */
function checkInteger({ findings }: BodyContext, value: unknown, path: string): unknown {
  const isDigits = typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value);
  const number = isDigits ? Number(value) : value;
  if (typeof number !== 'number' || (number | 0) !== number) {
    findings.faults.push({
      path,
      problem: `${shown(path, value)} is not a whole number`,
      allowed: 'digits, such as 12',
    });
    return value;
  }
  if (isDigits) findings.repairs.push(`${path}: ${shown(path, value)} is sent as ${number}`);
  return number;
}

function checkNumber({ findings }: BodyContext, value: unknown, path: string): unknown {
  const isDigits = typeof value === 'string' && /^\s*[+-]?\d+(\.\d+)?\s*$/.test(value);
  const number = isDigits ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) {
    const allowed = 'digits with an optional point, such as 1.5';
    findings.faults.push({ path, problem: `${shown(path, value)} is not a number`, allowed });
    return value;
  }
  if (isDigits) findings.repairs.push(`${path}: ${shown(path, value)} is sent as ${number}`);
  return number;
}

/** A number in place of text is sent as text: zip codes and order numbers are often written as numbers. */
function checkText({ findings }: BodyContext, value: unknown, path: string, maxLength?: number): unknown {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') {
    findings.faults.push({ path, problem: `${shown(path, value)} is not text` });
    return value;
  }
  if (text !== value) findings.repairs.push(`${path}: ${shown(path, value)} is sent as text`);
  if (maxLength !== undefined && text.length > maxLength) {
    findings.faults.push({
      path,
      problem: `has ${text.length} characters`,
      allowed: `at most ${maxLength} characters`,
    });
  }
  return text;
}

interface DatePlace {
  path: string;
  kind: DateKind;
  /** Whether the definition itself says that it is a date. */
  certain: boolean;
}

/** Checks a date and returns what is sent: seconds of UTC (CW 5.6.2), for calendar days their midnight (CW 5.7.4). */
function checkDate({ findings, zone, nowMs }: BodyContext, value: unknown, place: DatePlace): unknown {
  const { path, kind } = place;
  const date = typeof value === 'string' ? findWrittenDate(value, { kind, zone, nowMs }) : undefined;
  if (date === undefined || 'days' in date) {
    const fault = { path, ...describeFault(shown(path, value), kind, date?.days) };
    if (place.certain) findings.faults.push(fault);
    else if (value !== '') findings.warnings.push(`${path}: ${fault.problem}; ConnectWise may refuse it.`);
    return value;
  }
  const { problem } = zone;
  if (date.byClock && kind === 'date-time' && problem !== undefined && !findings.warnings.includes(problem))
    findings.warnings.push(problem);
  if (date.sent !== value)
    findings.repairs.push(`${path}: ${shown(path, value)} is sent as ${date.sent}${explain(date)}`);
  return date.sent;

  function explain({ sent, byClock, peculiarity }: WrittenDate): string {
    if (kind === 'date-only') return ', a calendar day';
    const local = byClock ? ` (${localTime(sent, zone)})` : '';
    return peculiarity === undefined ? local : `${local}: ${peculiarity}`;
  }
}

function describeFault(given: string, kind: DateKind, days: readonly string[] = []) {
  if (days.length > 0) return { problem: `${given} can be two days`, allowed: days.join(' or ') };
  const allowed =
    kind === 'date-only'
      ? '2025-01-31, today, tomorrow or in 3 days'
      : '2025-01-31T14:00:00Z, 2025-01-31 14:00 or tomorrow 14:00';
  return { problem: `${given} is not a date`, allowed };
}

import { isReference, type Schema } from '../../catalog/index.ts';
import { isRecord } from '../../core/json.ts';
import { oneLine } from '../wording.ts';
import { checkInteger, checkText } from './check-scalar.ts';
import type { BodyContext } from './findings.ts';

export const referenceForms = '{"id": 1}, {"identifier": "…"} or {"name": "…"}';

/** What names a record; one of them is enough (CW 5.1.4). */
const names = ['id', 'identifier', 'name'];

/** The schema of a value that names a record; a definition may leave out what its own references look like. */
export function referenceSchema(
  { findSchema }: Pick<BodyContext, 'findSchema'>,
  name: string | undefined,
): Schema | undefined {
  if (name === undefined) return undefined;
  const schema = findSchema(name) ?? { name, members: [] };
  return isReference(schema) ? schema : undefined;
}

/** Checks a value that stands for a record elsewhere: a plain text there is answered as "not valid" (CW 5.2.8). */
export function checkReference(context: BodyContext, value: unknown, schema: Schema, path: string): unknown {
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
  if (!named && faults.length === before) faults.push({ path, problem: 'names no record', allowed: referenceForms });
  return Object.fromEntries(entries);
}

interface Owner {
  path: string;
  siblings: Readonly<Record<string, unknown>>;
}

/** A member of the reference in its right spelling; undefined for one that is refused. */
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

/** What else a reference shows when it is read belongs to the record it names. */
export function checkPart(context: BodyContext, name: string, value: unknown, path: string): unknown {
  if (value === null || !names.includes(name)) return value;
  return name === 'id' ? checkInteger(context, value, path) : checkText(context, value, path);
}

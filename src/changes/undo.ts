import type { Catalog, Schema } from '../catalog/index.ts';
import { GatewayError } from '../core/errors.ts';
import { isRecord } from '../core/json.ts';
import { membersOf, whyNotWritten } from './body/member-rules.ts';
import type { Values, WriteRequest } from './change.ts';
import type { JournalEntry } from './journal.ts';
import type { Plan } from './plan.ts';
import { isReferenceValue } from './wording.ts';

/** In the journal in place of a secret, whose value is not kept. */
const mask = '[redacted]';

/** The request that undoes a change: the earlier values, the deletion of a new record, or a deleted record made again. */
export interface Undo {
  request: WriteRequest;
  /** What it does not restore. */
  warnings: string[];
}

/**
 * @param parts of a change of many records, or of several writes: what was sent of each
 * @throws GatewayError `conflict` with the reason where it cannot be undone
 */
export function planUndo(catalog: Catalog, entry: JournalEntry, parts: readonly JournalEntry[] = []): Undo {
  if (entry.undoneBy !== undefined) throw notUndone(entry, `it has already been undone by ${entry.undoneBy}`);
  if (entry.applied === 'nothing') throw notUndone(entry, 'nothing of it was applied');
  if (entry.request.forEach !== undefined) return undoMany(catalog, entry, parts);
  if (entry.request.steps !== undefined) return undoChain(catalog, entry, parts);
  if (entry.state !== 'sent' && entry.state !== 'unknown') throw notUndone(entry, `it was not sent (${entry.state})`);
  if (entry.method === 'PATCH') return undoPatch(catalog, entry);
  if (entry.method === 'POST') return undoPost(catalog, entry);
  if (entry.method === 'DELETE') return undoDelete(catalog, entry);
  throw notUndone(entry, 'the values that a PUT replaced are not kept');
}

/** Whether a sent change can be undone. */
export function canUndo(catalog: Catalog, entry: JournalEntry, parts: readonly JournalEntry[] = []): boolean {
  try {
    return planUndo(catalog, entry, parts) !== undefined;
  } catch (error) {
    if (error instanceof GatewayError) return false;
    throw error;
  }
}

/** Whether the record will be as it was after an undo; a deleted record is made again, but as another one. */
export function isReversible(catalog: Catalog, { request: { method, path }, target, record }: Reversed): boolean {
  if (method === 'PATCH') return record !== undefined;
  return method === 'POST' && target.isNew && catalog.findEndpoint('DELETE', `${path}/1`) !== undefined;
}

/** Undefined where it can be undone; said before the yes. */
export function describeUndo(catalog: Catalog, plans: readonly Reversed[]): string | undefined {
  if (plans.every((plan) => isReversible(catalog, plan))) return undefined;
  const isRemade = plans.every(({ request: { method, path } }) => {
    return method === 'DELETE' && catalog.findEndpoint('POST', path.slice(0, path.lastIndexOf('/'))) !== undefined;
  });
  return isRemade
    ? 'Cannot be undone: only the record itself can be made again, under another number.'
    : 'Cannot be undone.';
}

type Reversed = Pick<Plan, 'request' | 'target' | 'record'>;

function notUndone({ changeId }: JournalEntry, reason: string): GatewayError {
  return new GatewayError('conflict', `The change ${changeId} cannot be undone: ${reason}.`, {
    hint: { step: 'prepare_again', before: 'Read the record.' },
  });
}

/** Restores the values of each record; records that were undone by themselves, or never sent, are left out. */
function undoMany(catalog: Catalog, entry: JournalEntry, parts: readonly JournalEntry[]): Undo {
  if (entry.method !== 'PATCH') {
    const list = `GET /gateway/changes with params part_of ${JSON.stringify(entry.changeId)}`;
    throw notUndone(
      entry,
      `only a PATCH of many records is undone as one; each of its records has its own undo (${list})`,
    );
  }
  const bodies: Record<string, unknown> = {};
  const reasons: string[] = [];
  const warnings = new Set<string>();
  for (const part of parts) {
    const id = part.path.slice(part.path.lastIndexOf('/') + 1);
    try {
      const undo = planUndo(catalog, part);
      bodies[id] = undo.request.body;
      for (const warning of undo.warnings) warnings.add(warning);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      reasons.push(`${id}: ${error.message}`);
    }
  }
  const ids = Object.keys(bodies);
  if (ids.length === 0) throw notUndone(entry, reasons[0] ?? 'none of it was sent');
  if (reasons.length > 0) warnings.add(`Left out: ${reasons.length} of ${parts.length} records, such as ${reasons[0]}`);
  return {
    request: { method: 'PATCH', path: entry.request.path, forEach: ids, bodies },
    warnings: [...warnings],
  };
}

/** Undoes what was sent of several writes, the last one first; what cannot be undone is left out. */
function undoChain(catalog: Catalog, entry: JournalEntry, parts: readonly JournalEntry[]): Undo {
  const steps: WriteRequest[] = [];
  const warnings = new Set<string>();
  const reasons: string[] = [];
  for (const part of parts.toReversed()) {
    try {
      const undo = planUndo(catalog, part);
      steps.push({ ...undo.request, undoes: part.changeId });
      for (const warning of undo.warnings) warnings.add(warning);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      reasons.push(error.message);
    }
  }
  if (steps.length === 0) throw notUndone(entry, reasons[0] ?? 'none of it was sent');
  const leftOut = reasons.map((reason) => `Left out: ${reason}`);
  return { request: { method: 'POST', path: entry.path, steps }, warnings: [...leftOut, ...warnings] };
}

function undoPatch(catalog: Catalog, entry: JournalEntry): Undo {
  const { path, before } = entry;
  if (before === undefined) throw notUndone(entry, 'the earlier values of the record are not known');
  const schema = schemaOf(catalog, path);
  const members = Object.keys(before).filter((name) => isWritable(schema, name, 'change'));
  const secret = members.filter((name) => JSON.stringify(before[name])?.includes(mask));
  const body = Object.fromEntries(
    members.filter((name) => !secret.includes(name)).map((name) => [name, plain(before[name])]),
  );
  if (Object.keys(body).length === 0) throw notUndone(entry, 'the earlier values are secrets, which are not kept');
  const warnings = ['What the change caused, such as mail, is not undone.'];
  if (secret.length > 0) warnings.push(`Not undone, because secrets are not kept: ${secret.join(', ')}.`);
  return { request: { method: 'PATCH', path, body }, warnings };
}

function undoPost(catalog: Catalog, entry: JournalEntry): Undo {
  const path = `${entry.path.replace(/\/+$/, '')}/${entry.recordId}`;
  if (entry.recordId === undefined || catalog.findEndpoint('DELETE', path) === undefined) {
    throw notUndone(entry, entry.recordId === undefined ? 'it created no record' : `there is no DELETE ${path}`);
  }
  return {
    request: { method: 'DELETE', path },
    warnings: ['What the change caused, such as mail, is not undone.'],
  };
}

function undoDelete(catalog: Catalog, entry: JournalEntry): Undo {
  const [, path, id] = /^(.*)\/([^/]+)$/.exec(entry.path) ?? [];
  if (path === undefined || entry.before === undefined || catalog.findEndpoint('POST', path) === undefined) {
    throw notUndone(entry, 'the record cannot be created again');
  }
  const schema = schemaOf(catalog, entry.path);
  const kept = Object.entries(entry.before).filter(
    ([name, value]) => name !== 'id' && !isEmpty(value) && value !== mask && isWritable(schema, name, 'create'),
  );
  const body = Object.fromEntries(kept.map(([name, value]) => [name, plain(value)]));
  const warning = `It is created as a new record: the number ${id}, its notes, times and other related records are not restored.`;
  return { request: { method: 'POST', path, body }, warnings: [warning] };
}

function schemaOf(catalog: Catalog, path: string): Schema | undefined {
  const name = catalog.findEndpoint('GET', path)?.endpoint.response?.schema;
  return name === undefined ? undefined : catalog.findSchema(name);
}

function isWritable(schema: Schema | undefined, name: string, purpose: 'change' | 'create'): boolean {
  if (name === '_info' || schema === undefined) return name !== '_info';
  const member = membersOf(schema).find((one) => one.name === name);
  return member !== undefined && whyNotWritten(schema.name, member, purpose) === undefined;
}

const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

/** A stored value as a body gives it: references by id alone, without what ConnectWise adds. */
function plain(value: unknown): unknown {
  if (value === undefined) return null;
  if (Array.isArray(value)) return value.map(plain);
  if (!isRecord(value)) return value;
  const { _info, ...rest }: Values = value;
  const isNamed = rest.id !== undefined && (rest.name !== undefined || rest.identifier !== undefined);
  // A row of custom fields has a caption and no name.
  if (isNamed || (isReferenceValue(rest) && rest.id !== undefined)) return { id: rest.id };
  return Object.fromEntries(Object.entries(rest).map(([name, part]) => [name, plain(part)]));
}

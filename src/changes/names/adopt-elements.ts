import { isRecord } from '../../core/json.ts';
import { isSame } from '../differences.ts';
import { isReferenceValue } from '../wording.ts';

/**
 * Elements of a wished array that say nothing but what one stored element holds already become that element, id and
 * all: the array is replaced whole, and what stays must stay the same record.
 */
export function adoptElements(before: unknown, wanted: unknown): unknown {
  if (!Array.isArray(before) || !Array.isArray(wanted)) return wanted;
  const free = new Set<unknown>(before);
  // Those with an id have their element for certain, so they choose first.
  const withIds = wanted.map((element) => adoptById(free, element));
  return withIds.map((element) => {
    if (!isRecord(element) || isReferenceValue(element) || element.id !== undefined) return element;
    const same = [...free].find((stored) => isRecord(stored) && holdsAll(stored, element));
    if (!isRecord(same)) return element;
    free.delete(same);
    return withoutInfo(same);
  });
}

/** `{id, value}` keeps the rest of the element that has the id. */
function adoptById(free: Set<unknown>, element: unknown): unknown {
  if (!isRecord(element) || isReferenceValue(element) || element.id === undefined) return element;
  const stored = [...free].find((one) => isRecord(one) && String(one.id) === String(element.id));
  if (!isRecord(stored)) return element;
  free.delete(stored);
  return { ...withoutInfo(stored), ...element };
}

function holdsAll(stored: Readonly<Record<string, unknown>>, element: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(element).every(([name, value]) => isSame(stored[name], value));
}

function withoutInfo({ _info, ...rest }: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return rest;
}

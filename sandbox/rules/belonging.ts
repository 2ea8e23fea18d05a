import { referenceId } from '../json.ts';
import type { FieldError } from '../refusal.ts';
import type { World } from '../world.ts';
import type { Draft } from './rule.ts';

/** Records that must be of the same company as the one that names them (CW 8.4). */
const owned = [
  { member: 'contact', key: '/company/contacts', kind: 'Contact' },
  { member: 'agreement', key: '/finance/agreements', kind: 'Agreement' },
] as const;

/** Contact and agreement belong to the record's company; ConnectWise words it like the status of another board. */
export function belongingErrors(world: World, { value, before }: Draft): FieldError[] {
  const companyId = referenceId(value.company);
  if (companyId === undefined) return [];
  return owned.flatMap(({ member, key, kind }) => {
    const id = referenceId(value[member]);
    const ownerId = id === undefined ? undefined : referenceId(world.store.find(key, id)?.value.company);
    // What was accepted once is not questioned again unless it changes.
    const isOld = referenceId(before?.value[member]) === id && referenceId(before?.value.company) === companyId;
    if (id === undefined || ownerId === undefined || ownerId === companyId || isOld) return [];
    return [{ code: 'NotFound', message: `${kind} ${id} not found for Company ${companyId}`, field: `${member}/id` }];
  });
}

import { missing } from '../check-record.ts';
import { referenceId } from '../json.ts';
import type { FieldError } from '../refusal.ts';
import type { World } from '../world.ts';
import type { Draft, Rule } from './rule.ts';

/** A note about a company says of which type it is (CW 5.4.8). */
export const companyNoteRule: Rule = { needed: ['type'] };

/** An expense is charged to a company or to something that has a type and a number (CW 5.4.17). */
export const expenseRule: Rule = {
  check(_world: World, { value }: Draft): FieldError[] {
    const names = value.company === undefined ? ['chargeToType', 'chargeToId'] : [];
    return names.filter((name) => value[name] === undefined).map((name) => missing({ name }));
  },
};

/** Projects live on boards for projects only (CW 5.4.15). */
export const projectRule: Rule = {
  check(world: World, { value, before }: Draft): FieldError[] {
    const boardId = referenceId(value.board);
    const board = boardId === undefined ? undefined : world.store.find('/service/boards', boardId);
    if (board?.value.projectFlag === true || referenceId(before?.value.board) === boardId) return [];
    return [{ code: 'NotFound', message: `Project Board ${boardId} not found`, field: 'board/id' }];
  },
};

/** An addition cannot be in force before its agreement is billed (CW 5.4.13). */
export const additionRule: Rule = {
  check(world: World, { value, parents: [agreementId = 0] }: Draft): FieldError[] {
    const start = world.store.find('/finance/agreements', agreementId)?.value.billStartDate;
    const { effectiveDate } = value;
    if (typeof start !== 'string' || typeof effectiveDate !== 'string' || effectiveDate >= start) return [];
    const message = `The field effectiveDate must not be before ${start}.`;
    return [{ code: 'OutOfRange', message, field: 'effectiveDate' }];
  },
};

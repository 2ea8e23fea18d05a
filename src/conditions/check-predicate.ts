import { type CheckContext, pathEdit, sourceOf } from './check-context.ts';
import { checkValues, refuseNullOrder, repairNull } from './check-values.ts';
import type { Predicate } from './expression.ts';
import { anyValue, findMember, resolvePath, type Scope, type Target } from './member-path.ts';
import type { Move } from './report.ts';
import { rewritePredicate } from './rewrite-predicate.ts';
import { suggestByTrap, suggestPath } from './suggest-path.ts';

/** Checks one predicate of `conditions` against the members of the endpoint's schema. */
export function checkPredicate(context: CheckContext, predicate: Predicate): void {
  const { scope, report } = context;
  if (scope === undefined) {
    checkValues(context, predicate, anyValue);
    return;
  }
  const { segments, span } = predicate.path;
  const target = resolvePath(segments, scope);
  switch (target.kind) {
    case 'value':
      checkValues(context, predicate, target);
      return;
    case 'reference':
      checkReference(context, predicate, target, segments);
      return;
    case 'array':
      refuseArray(context, predicate, target);
      return;
    case 'postOnly': {
      const reason = `${target.name} is for new records: it can be neither read back nor filtered (CW 2.2.21)`;
      report.fault({ position: span.start, reason });
      return;
    }
    case 'beyond':
      refuseBeyond(context, predicate, target, scope);
      return;
    case 'unknown':
      checkUnknown(context, predicate, target, scope);
  }
}

/** A reference itself can only be there or not; all else is asked of its id, identifier or name (CW 2.2.12). */
export function checkReference(
  context: CheckContext,
  predicate: Predicate,
  target: Extract<Target, { kind: 'reference' }>,
  segments: readonly string[],
): void {
  if (refuseNullOrder(context, predicate)) return;
  if (predicate.kind === 'compare' && predicate.value.kind === 'null') return;
  const has = (name: string) => findMember(target.schema, name) !== undefined;
  const first =
    predicate.kind === 'compare' ? predicate.value : predicate.kind === 'in' ? predicate.values[0] : undefined;
  if (first?.kind === 'string' && repairNull(context, first)) return;
  const named = has('name') ? 'name' : has('identifier') ? 'identifier' : 'id';
  // Members go by their login names, except where a full name is given.
  const login = has('identifier') && target.schema.name === 'MemberReference';
  const spaced = first?.kind === 'string' && first.value.trim().includes(' ');
  const numeric = first?.kind === 'number' || (first?.kind === 'string' && /^\d+$/.test(first.value));
  const member = numeric ? 'id' : login && !spaced ? 'identifier' : named;
  const names = target.schema.members.map(({ name }) => name).filter((name) => name !== '_info');
  context.report.fault({
    position: predicate.path.span.start,
    reason: `${target.name} is a reference: compare one of its members, ${target.name}/${names.join(`, ${target.name}/`)}`,
    // No member of a reference is a boolean: what was meant is another member.
    edits: first?.kind === 'boolean' ? [] : [pathEdit(predicate.path, [...segments, member])],
    candidates: names.map((name) => `${segments.join('/')}/${name}`),
  });
}

/** Arrays are filtered by `childConditions`, custom fields by `customFieldConditions` (CW 2.2.18, 2.4, 2.5). */
function refuseArray(context: CheckContext, predicate: Predicate, target: Extract<Target, { kind: 'array' }>): void {
  const { segments, span } = predicate.path;
  const position = span.start;
  const rest = segments.slice(target.at + 1);
  if (target.member.schema === 'CustomFieldValue') {
    const known = ['caption', 'value'].includes(rest[0]?.toLowerCase() ?? 'value');
    const move = {
      parameter: 'customFieldConditions',
      predicate,
      path: known ? (rest[0] ?? 'value') : 'value',
    } as const;
    const before = known ? {} : { before: `caption = ${JSON.stringify(rest.join('/'))} and ` };
    refuseHere(context, position, 'custom fields are filtered with customFieldConditions', { ...move, ...before });
    return;
  }
  const name = target.member.name;
  if (target.schema === undefined || target.at > 0) {
    context.report.fault({ position, reason: `${name} is a list that ConnectWise cannot filter` });
    return;
  }
  const inner = rest.length > 0 ? rest : [findMember(target.schema, 'name') !== undefined ? 'name' : 'value'];
  const path = [name, ...inner].join('/');
  refuseHere(context, position, `${name} is a list: it is filtered with childConditions`, {
    parameter: 'childConditions',
    predicate,
    path,
  });
}

/** The predicate is right, and stands in the wrong parameter. */
function refuseHere({ report }: CheckContext, position: number, reason: string, move: Move): void {
  report.fault({ position, reason, move });
}

/** `resources/identifier`, `summary/text`: what stands before the slash has no members. */
function refuseBeyond(
  context: CheckContext,
  predicate: Predicate,
  target: Extract<Target, { kind: 'beyond' }>,
  scope: Scope,
): void {
  const { segments, span } = predicate.path;
  const trap = suggestByTrap(segments, 0, scope);
  const position = span.start;
  if (trap !== undefined) {
    context.report.fault({ position, reason: trap.reason, ...rewritePredicate(context, predicate, trap) });
    return;
  }
  const edits = [pathEdit(predicate.path, segments.slice(0, target.at + 1))];
  context.report.fault({ position, reason: `${target.name} is a plain value without members`, edits });
}

export function checkUnknown(
  context: CheckContext,
  predicate: Predicate,
  target: Extract<Target, { kind: 'unknown' }>,
  scope: Scope,
): void {
  const { segments, span } = predicate.path;
  const suggestion = suggestPath(segments, target.at, target.scope, scope);
  if (suggestion !== undefined) {
    const { reason, namesMember, paths } = suggestion;
    const shown = namesMember ? reason : `there is no ${segments.join('/')}: ${reason}`;
    const candidates = paths.length === 0 ? {} : { candidates: paths };
    context.report.fault({
      position: span.start,
      reason: shown,
      ...candidates,
      ...rewritePredicate(context, predicate, suggestion),
    });
    return;
  }
  context.report.note(`${sourceOf(context, span)} is not in the catalog of ${target.scope.name}; sent as it is`);
  checkValues(context, predicate, anyValue);
}

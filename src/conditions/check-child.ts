import { type CheckContext, pathEdit } from './check-context.ts';
import { checkReference, checkUnknown } from './check-predicate.ts';
import { checkValues } from './check-values.ts';
import type { Predicate } from './expression.ts';
import { anyValue, findMember, resolvePath, type Scope, type Target } from './member-path.ts';
import { quote } from './quote.ts';
import { suggestPath } from './suggest-path.ts';

/** `childConditions`: every path begins with a list of the object, then goes on in its elements (CW 2.4). */
export function checkChildPredicate(context: CheckContext, predicate: Predicate): void {
  const { scope, report } = context;
  const { segments, span } = predicate.path;
  const target = scope === undefined ? undefined : resolvePath(segments, scope);
  if (scope === undefined || target === undefined) {
    checkValues(context, predicate, anyValue);
    return;
  }
  if (target.kind === 'unknown' && target.at === 0) {
    checkUnknownList(context, predicate, target);
    return;
  }
  if (target.kind !== 'array' || target.at > 0 || target.schema === undefined) {
    const reason = `${segments[0]} is no list of ${scope.schema.name}: it is filtered with conditions`;
    report.fault({
      position: span.start,
      reason,
      move: { parameter: 'conditions', predicate, path: segments.join('/') },
    });
    return;
  }
  if (predicate.kind === 'in') report.note('"in" is not documented for childConditions (CW 2.2.2)');
  const rest = segments.slice(1);
  // A list alone wants a member of its elements, as a reference does.
  if (rest.length === 0) {
    checkReference(
      context,
      predicate,
      { kind: 'reference', at: 0, schema: target.schema, name: target.member.name },
      segments,
    );
    return;
  }
  checkInside(context, predicate, { ...scope, schema: target.schema }, rest);
}

function checkInside(context: CheckContext, predicate: Predicate, inner: Scope, rest: readonly string[]): void {
  const { segments, span } = predicate.path;
  const target = resolvePath(rest, inner);
  if (target.kind === 'value') checkValues(context, predicate, target);
  else if (target.kind === 'reference') checkReference(context, predicate, target, segments);
  else if (target.kind === 'unknown') {
    const suggestion = suggestPath(rest, target.at, target.scope, inner);
    if (suggestion?.segments === undefined) checkUnknown(context, predicate, target, inner);
    else {
      const path = [...segments.slice(0, 1), ...suggestion.segments];
      context.report.fault({
        position: span.start,
        reason: suggestion.reason,
        edits: [pathEdit(predicate.path, path)],
      });
    }
  } else checkValues(context, predicate, anyValue);
}

function checkUnknownList(
  context: CheckContext,
  predicate: Predicate,
  target: Extract<Target, { kind: 'unknown' }>,
): void {
  const { scope, report } = context;
  if (scope === undefined) return;
  const { segments, span } = predicate.path;
  // `value = "…"` alone: the list that has such elements goes in front.
  const lists = scope.schema.members.filter(({ type, schema }) => {
    const elements = type === 'array' && schema !== undefined ? scope.findSchema(schema) : undefined;
    return (
      elements !== undefined &&
      elements.name !== 'CustomFieldValue' &&
      findMember(elements, segments[0] ?? '') !== undefined
    );
  });
  const [list] = lists;
  if (list !== undefined && lists.length === 1) {
    const edits = [pathEdit(predicate.path, [list.name, ...segments])];
    report.fault({ position: span.start, reason: `paths begin with the list: ${list.name}/${segments[0]}`, edits });
    return;
  }
  checkUnknown(context, predicate, target, scope);
}

const customFieldNames = ['caption', 'value'];

/** `customFieldConditions`: the names are those of one row, `caption` and `value` (CW 2.5). */
export function checkCustomFieldPredicate(context: CheckContext, predicate: Predicate): void {
  const { report, scope } = context;
  const { segments, span } = predicate.path;
  const [first = '', ...rest] = segments;
  const position = span.start;
  if (/^customfields?$/i.test(first) && rest.length > 0) {
    report.fault({
      position,
      reason: 'the names are caption and value, without customFields/',
      edits: [pathEdit(predicate.path, rest)],
    });
    return;
  }
  const rows = scope?.findSchema('CustomFieldValue');
  if (
    rest.length === 0 &&
    (customFieldNames.includes(first.toLowerCase()) || (rows && findMember(rows, first) !== undefined))
  ) {
    checkValues(context, predicate, first.toLowerCase() === 'caption' ? { ...anyValue, type: 'string' } : anyValue);
    return;
  }
  // What a person calls the caption; no schema says so.
  const caption = /^(?:name|label|title|field|fieldname|customfield)$/i.test(first) ? 'caption' : undefined;
  const named = caption ?? (rows && scope && suggestPath(segments, 0, rows, { ...scope, schema: rows })?.segments?.[0]);
  const edit =
    named !== undefined && customFieldNames.includes(named)
      ? pathEdit(predicate.path, [named])
      : { span, replacement: `caption = ${quote(segments.join('/'))} and value` };
  report.fault({
    position,
    reason: `a custom field is named by its caption, and compared by its value`,
    edits: [edit],
  });
}

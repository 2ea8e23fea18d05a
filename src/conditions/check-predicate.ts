import { checkValues, isHalfOfBetween, refuseNullOrder, repairNull } from './check-values.ts';
import { type Predicate, type Value, valuesOf } from './expression.ts';
import { anyValue, findMember, pathOfColumn, resolvePath, type Scope, type Target } from './member-path.ts';
import { quote } from './print-conditions.ts';
import { type CheckContext, type Fault, isBare, type Move, pathEdit, sourceOf } from './report.ts';
import { type Suggestion, suggestByAlias, suggestPath } from './suggest-path.ts';

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
      const reason = `${target.name} is for new records only: it can be neither read back nor filtered (CW 2.2.21)`;
      report.fault({ position: span.start, reason });
      return;
    }
    case 'beyond':
      refuseBeyond(context, predicate, target, scope);
      return;
    case 'unknown': {
      const renamed = renameColumn(context, predicate, scope);
      if (renamed === undefined) checkUnknown(context, predicate, target, scope);
      else checkPredicate(context, renamed);
    }
  }
}

/** The predicate with the path of a column that SQL names with `_`; undefined where its path is not one. */
function renameColumn(context: CheckContext, predicate: Predicate, scope: Scope): Predicate | undefined {
  // A `between` names its member twice in the corrected text, and is refused with it.
  const renamed = isHalfOfBetween(predicate) ? undefined : pathOfColumn(predicate.path.segments, scope);
  return renamed && withPath(context, predicate, renamed);
}

function withPath({ report }: CheckContext, predicate: Predicate, segments: readonly string[]): Predicate {
  const { path } = predicate;
  report.repair([pathEdit(path, segments)], `${path.segments.join('/')} is written ${segments.join('/')}`);
  return { ...predicate, path: { ...path, segments } };
}

/** A reference itself can only be compared with null; anything else needs its id, identifier or name (CW 2.2.12). */
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
  // People (`MemberReference`) are compared by login name, unless a full name is given.
  const login = has('identifier') && target.schema.name === 'MemberReference';
  const spaced = first?.kind === 'string' && first.value.trim().includes(' ');
  if (first?.kind === 'string' && isBare(context, first) && /[{}]/.test(first.value)) {
    checkValues(context, predicate, textValue);
    return;
  }
  if (login && isLoginTest(context, predicate)) {
    checkValues(context, withPath(context, predicate, [...segments, 'identifier']), textValue);
    return;
  }
  const numeric = first?.kind === 'number' || (first?.kind === 'string' && /^\d+$/.test(first.value));
  const member = numeric ? 'id' : login && !spaced ? 'identifier' : named;
  const names = target.schema.members.map(({ name }) => name).filter((name) => name !== '_info');
  context.report.fault({
    position: predicate.path.span.start,
    reason: `${target.name} is a reference: compare one of its members, ${target.name}/${names.join(`, ${target.name}/`)}`,
    // No member of a reference is a boolean, so another member was meant.
    edits: first?.kind === 'boolean' ? [] : [pathEdit(predicate.path, [...segments, member])],
    candidates: names.map((name) => `${segments.join('/')}/${name}`),
  });
}

const textValue: Parameters<typeof checkValues>[2] = { kind: 'value', type: 'string', values: [] };

/** Whether people are compared with single words in quotes: those are login names for certain. */
function isLoginTest(context: CheckContext, predicate: Predicate): boolean {
  if (predicate.kind !== 'in' && predicate.kind !== 'compare') return false;
  return valuesOf(predicate).every(
    (value) => value.kind === 'string' && /^\S*[^\s\d]\S*$/.test(value.value) && !isBare(context, value),
  );
}

/** Arrays are filtered by `childConditions`, custom fields by `customFieldConditions` (CW 2.2.18, 2.4, 2.5). */
function refuseArray(context: CheckContext, predicate: Predicate, target: Extract<Target, { kind: 'array' }>): void {
  const { segments, span } = predicate.path;
  const position = span.start;
  const rest = segments.slice(target.at + 1);
  if (target.member.schema === 'CustomFieldValue') {
    const known = ['caption', 'value'].includes(rest[0]?.toLowerCase() ?? 'value');
    refuseHere(context, position, 'custom fields are filtered with customFieldConditions', {
      parameter: 'customFieldConditions',
      predicate,
      path: known ? (rest[0] ?? 'value') : 'value',
      before: known ? undefined : `caption = ${JSON.stringify(rest.join('/'))} and `,
    });
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

/** The predicate is right, but in the wrong parameter. */
function refuseHere({ report }: CheckContext, position: number, reason: string, move: Move): void {
  report.fault({ position, reason, move });
}

/** `resources/identifier`, `summary/text`: the member before the slash has no members. */
function refuseBeyond(
  context: CheckContext,
  predicate: Predicate,
  target: Extract<Target, { kind: 'beyond' }>,
  scope: Scope,
): void {
  const { segments, span } = predicate.path;
  const alias = suggestByAlias(segments, 0, scope);
  const position = span.start;
  if (alias !== undefined) {
    context.report.fault({ position, reason: alias.reason, ...rewritePredicate(context, predicate, alias) });
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
    context.report.fault({
      position: span.start,
      reason: shown,
      candidates: paths.length === 0 ? undefined : paths,
      ...rewritePredicate(context, predicate, suggestion),
    });
    return;
  }
  context.report.note(`${sourceOf(context, span)} is not in the catalog of ${target.scope.name}; sent as it is`);
  checkValues(context, predicate, anyValue);
}

/** `childConditions`: every path begins with a list of the object, and continues in its elements (CW 2.4). */
export function checkChildPredicate(context: CheckContext, predicate: Predicate): void {
  const { scope, report } = context;
  const { segments, span } = predicate.path;
  const target = scope === undefined ? undefined : resolvePath(segments, scope);
  if (scope === undefined || target === undefined) {
    checkValues(context, predicate, anyValue);
    return;
  }
  if (target.kind === 'unknown' && target.at === 0) {
    const renamed = renameColumn(context, predicate, scope);
    if (renamed !== undefined) {
      checkChildPredicate(context, renamed);
      return;
    }
    checkUnknownList(context, predicate, target);
    return;
  }
  if (target.kind !== 'array' || target.at > 0 || target.schema === undefined) {
    const reason = `${segments[0]} is not a list of ${scope.schema.name}: filter by it with conditions`;
    report.fault({
      position: span.start,
      reason,
      move: { parameter: 'conditions', predicate, path: segments.join('/') },
    });
    return;
  }
  if (predicate.kind === 'in') report.note('"in" is not documented for childConditions (CW 2.2.2)');
  const rest = segments.slice(1);
  // A list needs a member of its elements, as a reference does.
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
  // `value = "…"`: the list whose elements have such a member is missing in front.
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
  // Other words for the caption, which no schema has.
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

/** How a suggestion corrects a predicate: by edits or a move into another parameter; by neither where it is not certain. */
function rewritePredicate(
  context: CheckContext,
  predicate: Predicate,
  { segments, paths, rewrite }: Suggestion,
): Pick<Fault, 'edits' | 'move'> {
  if (segments === undefined) return {};
  const whole = (replacement: string) => ({ edits: [{ span: predicate.span, replacement }] });
  const [value] = valuesOf(predicate);
  const text = value?.kind === 'string' ? value.value : undefined;
  const path = segments.join('/');
  switch (rewrite) {
    case 'child': {
      const [, and] = paths;
      const after = and === undefined ? undefined : ` and ${and}`;
      return { move: { parameter: 'childConditions', predicate, path, after } };
    }
    case 'contains':
      return text === undefined ? {} : whole(asText(predicate, path));
    case 'personName':
      return text === undefined ? {} : whole(asPerson(context, predicate, text));
    case 'invert':
    case 'billable': {
      const truth = truthOf(predicate, value);
      // Where it is not compared with a boolean, only the name is corrected.
      if (truth === undefined) return { edits: [pathEdit(predicate.path, segments)] };
      return whole(rewrite === 'invert' ? `${path} = ${!truth}` : `${path} ${truth ? '=' : '!='} "Billable"`);
    }
    case 'rename':
      return { edits: [pathEdit(predicate.path, segments)] };
  }
}

/** Whether the predicate asks for true: `= true`, `!= false`, `= "yes"`. */
function truthOf(predicate: Predicate, value: Value | undefined): boolean | undefined {
  if (predicate.kind !== 'compare' || (predicate.operator !== '=' && predicate.operator !== '!=')) return undefined;
  const word = value?.kind === 'boolean' ? String(value.value) : value?.kind === 'number' ? value.text : undefined;
  const text = (value?.kind === 'string' ? value.value : word)?.toLowerCase();
  if (text === undefined || !['true', 'false', '1', '0', 'yes', 'no'].includes(text)) return undefined;
  return ['true', '1', 'yes'].includes(text) === (predicate.operator === '=');
}

function isNegated(predicate: Predicate): boolean {
  return predicate.kind === 'compare' ? predicate.operator === '!=' : predicate.negated;
}

/** The member is one text that lists several names: each value is searched for in it. */
function asText(predicate: Predicate, path: string): string {
  const tests = valuesOf(predicate).flatMap((value) =>
    value.kind === 'string'
      ? [`${path} ${isNegated(predicate) ? 'not ' : ''}contains ${quote(value.value.replace(/[*%]/g, ''))}`]
      : [],
  );
  const joined = tests.join(isNegated(predicate) ? ' and ' : ' or ');
  return tests.length > 1 ? `(${joined})` : joined;
}

function asPerson(context: CheckContext, predicate: Predicate, text: string): string {
  const [first, ...rest] = text.trim().split(/\s+/);
  const negated = isNegated(predicate);
  if (predicate.kind === 'compare' && first !== undefined && rest.length > 0) {
    const both = `firstName = ${quote(first)} and lastName = ${quote(rest.join(' '))}`;
    return negated ? `not (${both})` : `(${both})`;
  }
  // One word may be the first or the last name.
  const test = sourceOf(context, { start: predicate.path.span.end, end: predicate.span.end });
  return `(firstName${test} ${negated ? 'and' : 'or'} lastName${test})`;
}

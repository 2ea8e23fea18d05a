import type { Path } from './expression.ts';
import { findMember, pathOfColumn, resolvePath, type Scope } from './member-path.ts';
import { conditionsError } from './mistake.ts';
import type { Report } from './report.ts';
import { type Suggestion, suggestByAlias, suggestPath } from './suggest-path.ts';
import { lex, TokenReader } from './tokens.ts';

export interface OrderKey {
  path: Path;
  direction: 'asc' | 'desc';
}

/**
 * Parses `orderBy`: `priority/sortOrder asc, id desc`, ascending by default (CW 2.6).
 * @throws GatewayError `invalid_conditions` with `details.position`
 */
export function parseOrderBy(text: string): readonly OrderKey[] {
  const { tokens, mistakes } = lex(text);
  const reader = new TokenReader(text, tokens, mistakes);
  const keys: OrderKey[] = [];
  for (;;) {
    keys.push(parseKey(reader));
    if (reader.peek().kind === 'end') break;
    if (!reader.isSymbol(',')) throw reader.refusal(reader.peek().span.start, 'Expected "asc", "desc", "," or the end');
    reader.take();
  }
  const [mistake] = mistakes;
  if (mistake !== undefined)
    throw reader.refusal(mistake.span.start, mistake.reason, [
      { span: mistake.span, replacement: mistake.replacement ?? '' },
    ]);
  return keys;
}

function parseKey(reader: TokenReader): OrderKey {
  const { kind, text, span } = reader.peek();
  if (kind !== 'word')
    throw reader.refusal(span.start, 'Expected a member to order by, such as _info/lastUpdated desc');
  reader.take();
  const path = { segments: text.split('/'), span };
  if (reader.isWord('desc')) {
    reader.take();
    return { path, direction: 'desc' };
  }
  if (reader.isWord('asc')) reader.take();
  return { path, direction: 'asc' };
}

/**
 * Parses `fields` or `columns`: `id, name, status/id` (CW 2.6). `*` is taken as a path, though ConnectWise answers it
 * with the id alone.
 * @throws GatewayError `invalid_conditions` with `details.position`
 */
export function parseFieldList(text: string): readonly Path[] {
  const paths: Path[] = [];
  let at = 0;
  for (const piece of text.split(',')) {
    const name = piece.trim();
    const start = at + piece.length - piece.trimStart().length;
    if (!/^(?:\*|[\p{L}_][\p{L}\p{N}_]*(?:\/[\p{L}_][\p{L}\p{N}_]*)*)$/u.test(name)) {
      throw conditionsError(
        text,
        start,
        name === '' ? 'A name is missing in the list' : 'Expected a member such as status/name',
      );
    }
    paths.push({ segments: name.split('/'), span: { start, end: start + name.length } });
    at += piece.length + 1;
  }
  return paths;
}

const directionSpellings =
  /^\s*([+-]?)([\p{L}_][\p{L}\p{N}_./]*)(?:\s*:\s*|\s+)?(asc|desc|ascending|descending)?\s*$/iu;

/** Checks `orderBy`; spellings of other languages (`-id`, `id:desc`, `id descending`) are repaired. */
export function checkOrderBy(report: Report, scope: Scope | undefined, forwardOnly: boolean): void {
  const { text } = report;
  if (forwardOnly) {
    report.fault({ position: 0, reason: 'forward-only pagination is sorted by id, and takes no orderBy (CW 3)' });
    return;
  }
  const pieces = text.split(',').filter((piece, _, all) => piece.trim() !== '' || all.length === 1);
  const keys = pieces.map((piece) => {
    const [, sign = '', named = '', word = ''] = directionSpellings.exec(piece) ?? [];
    const path = asPath(named, scope);
    const direction = sign === '-' || /^desc/i.test(word) ? ' desc' : word === '' ? '' : ' asc';
    const known =
      path !== '' &&
      (sign !== '' || /ending$/i.test(word) || piece.includes(':') || path.includes('.') || path !== named);
    return { piece, repaired: known ? `${path.replaceAll('.', '/')}${direction}` : undefined };
  });
  const commas = text.split(',').length !== pieces.length && pieces.length > 0;
  if (commas || keys.some(({ repaired }) => repaired !== undefined)) {
    const written = keys.map(({ piece, repaired }) => repaired ?? piece.trim()).join(', ');
    // The names are checked in the repaired text, where each comes before its direction.
    report.repair([{ span: { start: 0, end: text.length }, replacement: written }], `orderBy is written ${written}`);
    for (const { path } of parseOrderBy(written)) checkKey(report, scope, path, undefined);
    return;
  }
  for (const { path } of parseOrderBy(text)) checkKey(report, scope, path, path);
}

/** The name of a member; of a column that SQL names with `_`, its path. */
const asPath = (name: string, scope: Scope | undefined): string =>
  (scope && resolvePath([name], scope).kind === 'unknown' ? pathOfColumn([name], scope)?.join('/') : undefined) ?? name;

/** @param place the path in the given text; undefined where the whole text is rewritten already */
function checkKey(report: Report, scope: Scope | undefined, path: Path, place: Path | undefined): void {
  if (scope === undefined) return;
  const { segments } = path;
  const target = resolvePath(segments, scope);
  const name = segments.join('/');
  const position = place?.span.start ?? 0;
  const edits = (replacement: readonly string[] | undefined) =>
    place && replacement && [{ span: place.span, replacement: replacement.join('/') }];
  switch (target.kind) {
    case 'value':
      return;
    case 'reference': {
      // `sort` first: the names of priorities have no useful order.
      const sub =
        ['sort', 'name', 'identifier', 'id'].find((wanted) => findMember(target.schema, wanted) !== undefined) ?? 'id';
      report.fault({
        position,
        reason: `${name} is a reference: sort by one of its members`,
        edits: edits([...segments, sub]),
      });
      return;
    }
    case 'array':
      report.fault({ position, reason: `cannot sort by ${name}: it is a list` });
      return;
    case 'postOnly':
      report.fault({ position, reason: `cannot sort by ${name}: it is for new records only (CW 2.2.21)` });
      return;
    case 'beyond':
      report.fault({
        position,
        reason: `${target.name} is a plain value without members`,
        edits: edits(segments.slice(0, target.at + 1)),
      });
      return;
    case 'unknown': {
      const suggestion = suggestPath(segments, target.at, target.scope, scope);
      if (suggestion === undefined) report.note(`${name} is not in the catalog of ${target.scope.name}; sent as it is`);
      else
        report.fault({
          position,
          reason: reasonOf(name, suggestion),
          edits: edits(suggestion.segments),
        });
    }
  }
}

function reasonOf(name: string, { reason, namesMember }: Suggestion): string {
  return namesMember ? reason : `there is no ${name}: ${reason}`;
}

/** Checks `fields` and `columns`: ConnectWise silently ignores names that it does not know (CW 2.6). */
export function checkFields(report: Report, scope: Scope | undefined): void {
  const { text } = report;
  const listed = /^\s*\[(.*)\]\s*$/s.exec(text)?.[1] ?? text;
  const names = listed.replace(/["'`]/g, '').replace(/[;|]/g, ',').replaceAll('.', '/');
  const plain = spaced(names === text ? text : names.trim(), scope);
  if (plain !== text)
    report.repair([{ span: { start: 0, end: text.length }, replacement: plain }], `the list is written ${plain}`);
  const paths = parseFieldList(plain);
  if (scope === undefined) return;
  const kept: string[] = [];
  const reasons: string[] = [];
  let isCertain = true;
  let position: number | undefined;
  for (const { segments, span } of paths) {
    const problem = fieldProblem(segments, scope, report);
    kept.push(...(problem === undefined ? [segments.join('/')] : problem.instead));
    if (problem === undefined) continue;
    reasons.push(problem.reason);
    isCertain &&= problem.certain ?? false;
    position ??= plain === text ? span.start : 0;
  }
  if (position === undefined) return;
  const replacement = [...new Set(kept)].join(',');
  const edits = replacement === '' ? [] : [{ span: { start: 0, end: text.length }, replacement }];
  const reason = [...new Set(reasons)].join('; ');
  if (isCertain) report.repair(edits, reason);
  else report.fault({ position, reason, edits });
}

/** `id summary`: names separated by spaces, with commas instead where each of them is known. */
function spaced(list: string, scope: Scope | undefined): string {
  const names = list.trim().split(/\s+/);
  if (names.length < 2 || list.includes(',') || scope === undefined) return list;
  return names.every((name) => resolvePath(name.split('/'), scope).kind !== 'unknown') ? names.join(',') : list;
}

interface FieldProblem {
  reason: string;
  /** The names to ask for instead; none where nothing fits. */
  instead: readonly string[];
  /** Whether only the spelling was wrong, so that the names to ask for instead are asked for. */
  certain?: true;
}

function fieldProblem(segments: readonly string[], scope: Scope, report: Report): FieldProblem | undefined {
  const name = segments.join('/');
  if (name === '*')
    return { reason: '* returns the id only: leave out fields to get everything (CW 2.6)', instead: [] };
  const [first = ''] = segments;
  const target = resolvePath(segments, scope);
  if (target.kind === 'postOnly')
    return { reason: `${name} is for new records only, and never returned (CW 2.2.21)`, instead: [] };
  // Can be filtered by at the top level, but is returned in _info only (CW 2.2.13, 5.14).
  const virtual = segments.length === 1 && target.kind === 'value' && findMember(scope.schema, first) === undefined;
  if (virtual && first.toLowerCase() !== '_info')
    return { reason: `${name} is returned as _info/${name} (CW 2.2.13)`, instead: [`_info/${name}`], certain: true };
  if (target.kind === 'beyond') {
    const alias = suggestByAlias(segments, 0, scope);
    return { reason: `${target.name} is a plain value without members`, instead: alias?.paths ?? segments.slice(0, 1) };
  }
  if (target.kind !== 'unknown') return undefined;
  const column = pathOfColumn(segments, scope)?.join('/');
  if (column !== undefined) return { reason: `${name} is written ${column}`, instead: [column], certain: true };
  const suggestion = suggestPath(segments, target.at, target.scope, scope);
  if (suggestion !== undefined) {
    const { rewrite, paths, segments: named } = suggestion;
    const several =
      rewrite === 'personName' ? [...paths].reverse() : rewrite === 'child' ? paths.slice(0, 1) : undefined;
    return { reason: reasonOf(name, suggestion), instead: several ?? (named === undefined ? [] : [named.join('/')]) };
  }
  if (target.at === 0)
    return { reason: `there is no ${name}, and ConnectWise would leave it out silently (CW 2.6)`, instead: [] };
  report.note(`${name} is not in the catalog; ConnectWise ignores names that it does not know`);
  return undefined;
}

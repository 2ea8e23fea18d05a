import type { Path } from './expression.ts';
import { conditionsError } from './mistake.ts';
import { TokenReader } from './token-reader.ts';
import { lex } from './tokens.ts';

export interface OrderKey {
  path: Path;
  direction: 'asc' | 'desc';
}

/**
 * Parses `orderBy`: `priority/sortOrder asc, id desc`, ascending where nothing is said (CW 2.6).
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

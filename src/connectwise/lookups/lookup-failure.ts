import { capitalised, plural, withArticle } from '../../core/english.ts';
import { GatewayError } from '../../core/errors.ts';
import type { LookupTable } from './lookup-table.ts';
import type { Finding } from './match-names.ts';
import { type NamedRecord, renderCandidate } from './named-record.ts';

/** More is not read, and what is meant is better asked for in other words. */
const mostCandidates = 10;

/** Names are other people's text: short and quoted, they stay a part of the sentence. */
export function quoteName(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 79)}…` : name);
}

/** Why a text names no single record; the kind of finding decides the sentence. */
export function lookupFailure(
  { noun }: LookupTable,
  wanted: string | number,
  finding: Exclude<Finding, { kind: 'one' }>,
): GatewayError {
  const shown = typeof wanted === 'number' ? String(wanted) : quoteName(wanted.trim());
  if (finding.kind === 'several') {
    const { records, complete } = finding;
    const count = records.length === 0 ? 'several' : `${complete ? '' : 'more than '}${records.length}`;
    return failure(`${shown} may be ${count} ${plural(noun)}, so none was taken.`, records, {
      hint: 'Give the whole name, or the id, of the one that is meant.',
    });
  }
  const { gone, nearest } = finding;
  if (gone !== undefined) {
    return failure(`The ${noun} ${quoteName(gone.name)} (${gone.id}) is no longer in use.`, nearest, {
      hint: `Give ${withArticle(noun)} that is.`,
    });
  }
  const what = typeof wanted === 'number' ? `with the id ${shown}` : `named ${shown}`;
  return failure(`ConnectWise shows no ${noun} ${what}.`, nearest, {
    hint: `Give the name or id of ${withArticle(noun)}.`,
  });
}

function failure(message: string, records: readonly NamedRecord[], { hint }: { hint: string }): GatewayError {
  const shown = records.slice(0, mostCandidates);
  return new GatewayError('invalid_body', message, {
    hint,
    details: {
      candidates: shown.map(renderCandidate),
      matches: shown.map(({ id, name, identifier }) => ({ id, name, ...(identifier !== undefined && { identifier }) })),
    },
  });
}

export function missingParent({ noun, parent }: LookupTable): GatewayError {
  const of = parent?.kind ?? 'parent';
  return new GatewayError(
    'invalid_body',
    `${capitalised(withArticle(noun))} belongs to ${withArticle(of)}, and none is given.`,
    { details: { field: of }, hint: `Give the ${of} as well, or the id of the ${noun}.` },
  );
}

export function emptyName({ noun }: LookupTable): GatewayError {
  return new GatewayError('invalid_body', `The name of the ${noun} is empty.`, {
    hint: `Give the name or id of ${withArticle(noun)}.`,
  });
}

export function unknownKind(kind: string, known: readonly string[]): GatewayError {
  return new GatewayError('invalid_argument', `Records of ${quoteName(kind)} cannot be looked up by name.`, {
    hint: 'Give the id.',
    details: { candidates: known },
  });
}

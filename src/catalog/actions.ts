import { wordsOf } from '../core/english.ts';

/** First words of path segments that do something to the record before them. */
const actions: ReadonlySet<string> = new Set(
  `apply approve assign attach authorize calculate cancel change clear convert copy create deactivate detach execute export
   generate get import link load mark merge move post recalculate rebatch register reject request reset resolve reverse search
   send submit test unbatch undo unlink unmerge update upload validate void sync activate pick ship receive add remove`.split(
    /\s+/,
  ),
);

/** Whether a path segment is something to do (`merge`, `testConnection`) and not something there is. */
export function isAction(segment: string): boolean {
  return actions.has(wordsOf(segment)[0] ?? '');
}

import type { NewSavedQuery } from '../saved-query.ts';

/** A saved query that comes with the program: a read among the thirty everyday jobs. */
export interface BuiltInQuery extends Pick<NewSavedQuery, 'description' | 'path' | 'params' | 'sql'> {
  name: string;
  /** The job in docs/connectwise.md. */
  job: `7.${number}`;
}

/** What a list of tickets is read for. */
export const ticketFields = 'id,summary,company/name,board/name,status/name,priority/name,owner/identifier';

export type ParentKind = 'board' | 'company' | 'project';

/** Ids of the records that a name belongs to: a status has a board, a site a company, a phase a project. */
export type Parents = Readonly<Partial<Record<ParentKind, number>>>;

/** Where the records of a kind are listed, and what they are called by. */
export interface LookupTable {
  /** For one record in a sentence. */
  noun: string;
  /** Reference schemas that stand for such a record. */
  schemas: readonly string[];
  /** The collection; `{parent}` is the id of the parent. */
  path: string;
  /** Whether the parent stands in the path, or may narrow the search as a condition. */
  parent?: { kind: ParentKind; in: 'path' | 'conditions' };
  /**
   * `setUp`: read whole and kept for an hour (CW 6.10). `few`: the records of one parent, read whole and kept for
   * minutes. `many`: asked with conditions.
   */
  size: 'setUp' | 'few' | 'many';
  /** Members that make the name: one, or first and last. */
  names: readonly string[];
  identifier?: string;
  mails?: readonly string[];
  /** An array member whose `value` may hold an e-mail address (CW 5.7.10). */
  mailItems?: string;
  /** The flags of life differ from schema to schema (CW 6.14). */
  gone?: { member: string; values: readonly (string | boolean)[]; condition?: string };
  /** A reference that tells like-named records apart. */
  owner?: string;
  /** Where the same is read with fewer rights. */
  instead?: { path: string; mails: readonly string[] };
}

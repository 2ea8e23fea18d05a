import type { Method } from '../catalog/index.ts';

/** One entry of Fast Memory. */
export interface SavedQuery {
  id: number;
  /** One word or more that it is called by; no two have the same. */
  name?: string;
  description: string;
  path: string;
  method: Method;
  params?: Readonly<Record<string, string>>;
  data?: unknown;
  /** Makes a report of the rows. */
  sql?: string;
  /** Seconds since 1970 of the last use, or of saving. */
  timestamp: number;
  usageCount: number;
  /** Part of the program, not of the user's file. */
  builtIn?: true;
  /** Came from somebody else. */
  imported?: true;
  /** Imported, and not accepted yet: neither found nor run. */
  waiting?: true;
}

export type NewSavedQuery = Pick<SavedQuery, 'name' | 'description' | 'path' | 'method' | 'params' | 'data' | 'sql'>;

import type { Method } from '../catalog/endpoint.ts';

/** One entry of Fast Memory. */
export interface SavedQuery {
  id: number;
  description: string;
  path: string;
  method: Method;
  params?: Readonly<Record<string, string>>;
  data?: unknown;
  /** Seconds since 1970 of the last use, or of saving. */
  timestamp: number;
  usageCount: number;
}

export type NewSavedQuery = Pick<SavedQuery, 'description' | 'path' | 'method' | 'params' | 'data'>;

import type { Method } from '../catalog/index.ts';
import { isWrite } from '../connectwise/is-write.ts';

/** Whether a request needs no approval: the client's closed table of reading POSTs decides, so there is one. */
export const isRead = (method: Method, path: string): boolean => !isWrite(method, path);

/** The path that counts what a list holds under the same conditions (CW 3.6); three quarters of the lists have none. */
export function countPath(path: string): string {
  const list = path.replace(/\/+$/, '');
  return list.endsWith('/count') ? list : `${list}/count`;
}

/** The number in an answer of `/count`. */
export function findCount(body: unknown): number | undefined {
  const count = typeof body === 'object' && body !== null && 'count' in body ? body.count : undefined;
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}

export interface Once<T> {
  (): Promise<T>;
  /** The value, if it was ever asked for. */
  made(): Promise<T> | undefined;
}

/** A value made on first use and kept; a failure is not kept, so that the next use tries again. */
export function once<T>(make: () => Promise<T>): Once<T> {
  let made: Promise<T> | undefined;
  const get = () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
  return Object.assign(get, { made: () => made });
}

/** The same for a value that is made synchronously. */
export function onceSync<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

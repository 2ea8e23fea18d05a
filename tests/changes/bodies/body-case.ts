/** A body as people and models write it, and what becomes of it. */
export interface BodyCase {
  name: string;
  /** Such as `POST /service/tickets`. */
  call: string;
  data: unknown;
  /** What goes to ConnectWise; absent where it goes as it was given. */
  sent?: unknown;
  /** What the preview says of it; absent where nothing has to be said. */
  said?: readonly RegExp[];
  /** The faults that it is refused for: path, and what the reader is told. */
  refused?: Readonly<Record<string, RegExp>>;
}

/** A Wednesday evening in New York, already Thursday in UTC; clocks went forward on the Sunday before. */
export const now = new Date('2025-03-13T01:30:00Z');

/** A body as people and models write it, and the result. */
export interface BodyCase {
  name: string;
  /** Such as `POST /service/tickets`. */
  call: string;
  data: unknown;
  /** What is sent to ConnectWise; absent if sent as given. */
  sent?: unknown;
  /** What the preview says about it; absent if nothing. */
  said?: readonly RegExp[];
  /** The faults that it is refused for: path and message. */
  refused?: Readonly<Record<string, RegExp>>;
}

/** A Wednesday evening in New York, already Thursday in UTC; clocks went forward on the Sunday before. */
export const now = new Date('2025-03-13T01:30:00Z');

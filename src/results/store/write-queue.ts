/** Writes one after the other, between the other work of the process. */
export interface WriteQueue {
  /** The work yields where other work may go on. It must not throw. */
  add(work: () => AsyncGenerator<void>): void;
  /** Ends once everything that was added so far is written. */
  settled(): Promise<void>;
  /** Takes nothing more and leaves what is not written; ends once nothing runs. */
  stop(): Promise<void>;
}

/** @param graceMs how long writing waits after a pause, so that the reply to which it belongs goes first */
export function createWriteQueue(graceMs: number): WriteQueue {
  let tail: Promise<void> = Promise.resolve();
  let pending = 0;
  let isStopped = false;
  let waiting = 0;
  let hurry = () => {};

  const pause = () =>
    new Promise<void>((resolve) => {
      if (waiting > 0 || isStopped) return resolve();
      const timer = setTimeout(resolve, graceMs);
      hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const run = async (work: () => AsyncGenerator<void>) => {
    for await (const _ of work()) {
      if (isStopped) break;
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  };

  return {
    add(work) {
      if (isStopped) return;
      const before = pending === 0 ? tail.then(pause) : tail;
      pending += 1;
      tail = before.then(async () => {
        if (!isStopped) await run(work);
        pending -= 1;
      });
    },
    async settled() {
      waiting += 1;
      hurry();
      await tail;
      waiting -= 1;
    },
    async stop() {
      isStopped = true;
      hurry();
      await tail;
    },
  };
}

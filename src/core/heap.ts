import { setFlagsFromString } from 'node:v8';

/**
 * Keeps memory near what is in use, since the program waits most of the day. V8 would let the space of new objects grow
 * while a long list is read and stored, by 90 MiB for 100,000 rows, and not give it back; so it keeps its first size of
 * 14 MiB, at two thirds of the speed: `npm run bench -- tables`. And it would collect old objects only once they are two to
 * four times as many as were left the last time; at a third more they are collected: after thousands of mixed calls the
 * process holds a third less (`npm run soak`), and rows are stored a tenth slower (`npm run bench -- tables`).
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=30');
}

import { readdirSync, readFileSync } from 'node:fs';

/** What a process holds, as reported by Linux; empty on other systems. */
export interface Held {
  megabytes: number;
  files: number;
  children: number;
}

export function readHeld(pid: number): Held | undefined {
  if (process.platform !== 'linux') return undefined;
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    megabytes: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024,
    files: readdirSync(`/proc/${pid}/fd`).length,
    children: readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(/\s+/).filter(Boolean).length,
  };
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface ListServer extends Disposable {
  port: number;
}

/** The list server in a process of its own, so that its work is not counted as ours. */
export async function startListServer(rows: number, bytes: number, delayMs: number): Promise<ListServer> {
  const script = join(import.meta.dirname, 'list-server.ts');
  const args = ['--import', 'tsx', script, String(rows), String(bytes), String(delayMs)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return { port: Number(line), [Symbol.dispose]: () => void child.kill() };
}

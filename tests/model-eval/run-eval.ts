import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { cleanEnvironment } from '../support/spawn.ts';

const root = join(import.meta.dirname, '../..');

export interface EvalRun {
  status: number;
  stdout: string;
  stderr: string;
}

/** `npm run eval` in a process of its own, with a key in its environment. */
export function runEval(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<EvalRun> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', 'bench/eval.ts', ...args],
      { cwd: root, env: cleanEnvironment(environment) },
      (error, stdout, stderr) => resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { runEval } from '../../bench/eval/run-eval.ts';
import { connectHere } from '../support/connect-program.ts';
import { cleanEnvironment } from '../support/spawn.ts';

const root = join(import.meta.dirname, '../..');

export interface EvalRun {
  status: number;
  stdout: string;
  stderr: string;
}

type Run = (words: readonly string[], environment: Readonly<Record<string, string>>) => Promise<EvalRun>;

/** `npm run eval` in a process of its own, with a key in its environment. */
export const spawnEval: Run = (words, environment) =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', 'bench/eval.ts', ...words],
      { cwd: root, env: cleanEnvironment(environment) },
      (error, stdout, stderr) => resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });

/** The same in this process, with servers in this process. */
export const evalHere: Run = async (words, environment) => {
  let [stdout, stderr] = ['', ''];
  const status = await runEval({
    ...{ words, environment, openProgram: connectHere },
    print(text) {
      stdout += `${text}\n`;
    },
    printError(text) {
      stderr += `${text}\n`;
    },
  });
  return { status, stdout, stderr };
};

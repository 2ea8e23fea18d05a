// How well a model works with this gateway: the questions and changes of the tests, asked of a real model through the
// built program. Usage: npm run eval -- --help; docs/eval.md says more. The only bench that calls anything outside.
import { connectProgram } from '../tests/support/connect-program.ts';
import { runEval } from './eval/run-eval.ts';

process.exitCode = await runEval({
  words: process.argv.slice(2),
  environment: process.env,
  openProgram: connectProgram,
  print: (text) => console.log(text),
  printError: (text) => console.error(text),
  ...(process.stderr.isTTY ? { reportProgress: (line) => process.stderr.write(line) } : {}),
});

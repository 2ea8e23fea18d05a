import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { GatewayError } from '../core/errors.ts';

/** Questions on a terminal. */
export interface Asker {
  /** The answer without spaces around it; an empty one is the fallback, or is asked for again. */
  ask(question: string, fallback?: string): Promise<string>;
  /** The same, and what is typed or pasted never appears. */
  askHidden(question: string, options?: { mayBeEmpty: boolean }): Promise<string>;
  /** Only a plain y or n is an answer: an impatient Enter is none. */
  confirm(question: string): Promise<boolean>;
}

interface Streams {
  stdin: NodeJS.ReadStream;
  output: NodeJS.WriteStream;
  /** What a person is told who ends a question. */
  stopped: string;
}

/** Node's readline, which sets the raw mode of terminals on every system; each question has one of its own. */
export function createAsker(streams: Streams): Asker {
  return {
    async ask(question, fallback) {
      for (;;) {
        const answer = await readLine(streams, fallback ? `${question} [${fallback}]: ` : `${question}: `);
        if (answer !== '' || fallback !== undefined) return answer === '' ? (fallback ?? '') : answer;
      }
    },
    async askHidden(question, options = { mayBeEmpty: false }) {
      for (;;) {
        const answer = await readLine(streams, `${question}: `, { hidden: true });
        if (answer !== '') streams.output.write(`(${answer.length} characters)\n`);
        else streams.output.write(options.mayBeEmpty ? '(kept)\n' : 'Nothing arrived. Paste it, then press Enter.\n');
        if (answer !== '' || options.mayBeEmpty) return answer;
      }
    },
    async confirm(question) {
      for (;;) {
        const answer = (await readLine(streams, `${question} (y or n): `)).toLowerCase();
        if (answer === 'y' || answer === 'yes') return true;
        if (answer === 'n' || answer === 'no') return false;
      }
    },
  };
}

/** @throws GatewayError `cancelled` on Ctrl+C and at the end of the input */
function readLine({ stdin, output, stopped }: Streams, prompt: string, { hidden = false } = {}): Promise<string> {
  if (hidden) output.write(prompt);
  const lines = createInterface({
    input: stdin,
    output: hidden ? silent() : output,
    terminal: true,
    // With a history, the arrow up would show a key that was given before.
    historySize: 0,
  });
  return new Promise((resolve, reject) => {
    let answer: string | undefined;
    lines.once('line', (line) => {
      answer = line.trim();
      lines.close();
    });
    lines.once('SIGINT', () => lines.close());
    lines.once('close', () => {
      if (answer !== undefined) return resolve(answer);
      output.write('\n');
      reject(new GatewayError('cancelled', stopped, { hint: 'Run the command again at any time.' }));
    });
    lines.setPrompt(hidden ? '' : prompt);
    lines.prompt();
  });
}

const silent = () =>
  new Writable({
    write(_chunk, _encoding, done) {
      done();
    },
  });

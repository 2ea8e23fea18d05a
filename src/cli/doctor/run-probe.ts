import type { Gateway } from '../../gateway.ts';
import type { CommandCall } from '../command.ts';
import { createPalette } from '../palette.ts';
import { createWaitingLine } from './report.ts';

type Probed = Awaited<ReturnType<Gateway['probe']>>[number];

/** Prints which uncertain facts hold. Answers 0 where none differs, 1 where one does. */
export async function runProbe(
  gateway: Gateway,
  { terminal, flags }: CommandCall,
  signal: AbortSignal,
): Promise<number> {
  const { stdout } = terminal;
  const print = (text: string) => stdout.write(gateway.redact(text));
  const render = createRenderer(terminal);
  const waiting = createWaitingLine(terminal);
  const onFinding = (probed: Probed) => {
    waiting.clear();
    print(render(probed));
    waiting.show('…');
  };
  const findings = await gateway.probe({ signal, ...(flags.json === true ? {} : { onFinding }) });
  waiting.clear();
  const counts = { holds: 0, differs: 0, unknown: 0 };
  for (const { result } of findings) counts[result] += 1;
  if (flags.json) print(`${JSON.stringify({ counts, findings }, null, 2)}\n`);
  else {
    print(`\n${counts.holds} hold, ${counts.differs} differ, ${counts.unknown} could not be told here.\n`);
    print('The numbers are those of docs/connectwise.md. Nothing above holds data or keys: report it as it is.\n');
  }
  return counts.differs > 0 ? 1 : 0;
}

function createRenderer(terminal: CommandCall['terminal']): (probed: Probed) => string {
  const palette = createPalette(terminal);
  const mark = { holds: palette.green('holds  '), differs: palette.yellow('differs'), unknown: palette.dim('unknown') };
  return ({ fact, question, result, seen }) =>
    `${mark[result]}  ${fact.padEnd(6)}  ${question}\n${' '.repeat(17)}${palette.dim(seen)}\n`;
}

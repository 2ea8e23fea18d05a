import type { Gateway } from '../../gateway/index.ts';
import type { CommandCall } from '../command.ts';
import { createPalette } from '../palette.ts';
import { print } from '../print.ts';
import type { Progress } from '../progress.ts';

type Probed = Awaited<ReturnType<Gateway['probe']>>[number];

/** Prints which uncertain facts hold. Answers 0 where none differs, 1 where one does. */
export async function runProbe(
  { probe, redact }: Gateway,
  call: CommandCall,
  { signal, progress }: { signal: AbortSignal; progress: Progress },
): Promise<number> {
  const { terminal, flags } = call;
  const render = createRenderer(terminal);
  const onFinding = (probed: Probed) => void progress.write(redact(render(probed)), terminal.stdout);
  const findings = await probe({ signal, ...(flags.json ? {} : { onFinding }) });
  const counts = { holds: 0, differs: 0, unknown: 0 };
  for (const { result } of findings) counts[result] += 1;
  progress.end();
  await print(call, {
    data: { counts, findings },
    text: `
${counts.holds} hold, ${counts.differs} differ, ${counts.unknown} could not be told here.
The numbers are those of docs/connectwise.md. Nothing above holds data or keys: report it as it is.
`,
    redact,
  });
  return counts.differs > 0 ? 1 : 0;
}

function createRenderer(terminal: CommandCall['terminal']): (probed: Probed) => string {
  const palette = createPalette(terminal);
  const mark = { holds: palette.green('holds  '), differs: palette.yellow('differs'), unknown: palette.dim('unknown') };
  return ({ fact, question, result, seen }) =>
    `${mark[result]}  ${fact.padEnd(6)}  ${question}\n${' '.repeat(17)}${palette.dim(seen)}\n`;
}

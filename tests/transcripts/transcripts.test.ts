import { describe, expect, test } from 'vitest';
import { trafficOf } from '../questions/run-script.ts';
import type { ToolCall } from '../questions/script.ts';
import type { Reply } from '../support/connect.ts';
import { connectHere, connectProgram, type ProgramOptions } from '../support/connect-program.ts';
import { makeFolder } from '../support/folders.ts';
import { changingTranscripts } from './changing.ts';
import { readingTranscripts } from './reading.ts';
import { recoveringTranscripts } from './recovering.ts';
import type { Step, Transcript } from './transcript.ts';

// An assistant as in Claude Desktop knows the descriptions and the texts of replies, nothing else. Each call here is one
// that they lead to; where a reply stops leading, or leads a longer way, a transcript fails.

const transcripts = [...readingTranscripts, ...changingTranscripts, ...recoveringTranscripts];
const piped = [readingTranscripts[0], changingTranscripts[0], recoveringTranscripts[0]];

/** Notes and the next step: what a reply says of how to go on. */
const guidanceOf = (text: string): string =>
  text
    .split('\n')
    .filter((line) => /^(Next|Note|Corrected): /.test(line))
    .join('\n');

/** What is wrong is corrected with the tool that said so. */
const leadsBack = /\b(again|Correct|Give|Use PATCH|nearest right)\b/;

function expectLed(step: Step, before: Reply | undefined, from: string): void {
  if (before === undefined || step.says !== undefined) return;
  const guidance = guidanceOf(before.text);
  const isSame = step.tool === from && leadsBack.test(guidance);
  expect(isSame || guidance.includes(step.tool), `${from} leads to ${step.tool}:\n${before.text}`).toBe(true);
  // Hosts that show a model only `structuredContent` must be led as well; errors have none.
  if (!before.isError) expect(JSON.stringify(before.data)).toContain(step.tool === from ? 'again' : step.tool);
}

/** Paths are taken from replies, not from what a model may know of ConnectWise; the wrong one of a transcript is wrong. */
function expectKnown(path: unknown, earlier: readonly Reply[]): void {
  if (typeof path !== 'string' || path === '/service/ticket') return;
  const toTemplate = (text: string) => text.replace(/\/(\{\w+\}|\d+)(?=[/\s,.|]|$)/g, '/#');
  expect(toTemplate(earlier.map(({ text }) => text).join('\n')), path).toContain(toTemplate(path));
}

async function follow(transcript: Transcript, dataDir: string): Promise<number> {
  const { steps } = transcript;
  const options: ProgramOptions = {
    dataDir,
    now: '2026-03-10T15:00:00Z',
    environment: { CONNECTWISE_MEMBER: 'bkaur', CONNECTWISE_TIMEZONE: 'UTC' },
  };
  // One of each kind over the pipes of the built program, which says the same.
  await using app = await (piped.includes(transcript) ? connectProgram : connectHere)(options);
  const replies: Reply[] = [];
  let tokens = 0;
  let from = '';
  for (const step of steps) {
    expectLed(step, replies.at(-1), from);
    const given = typeof step.arguments === 'function' ? step.arguments(replies) : (step.arguments ?? {});
    expectKnown(given.path, replies);
    const reply = await app.call(step.tool, given);
    expect(reply.text).toMatch(step.shows);
    tokens += trafficOf({ tool: step.tool as ToolCall['tool'], arguments: given }, reply);
    replies.push(reply);
    from = step.tool;
  }
  return tokens;
}

describe.each(transcripts)('a $person who says “$asks”', (transcript) => {
  test('is answered by the calls that descriptions and replies lead to', async () => {
    using folder = makeFolder();
    const tokens = await follow(transcript, folder.path);
    expect(tokens).toBeLessThanOrEqual(transcript.maxTokens);
    // Little slack: a reply that grows is noticed.
    expect(tokens).toBeGreaterThan(transcript.maxTokens * 0.75);
  });
});

test('most requests take a search and a call, or these and an approval', () => {
  const short = transcripts.filter(({ steps }) => steps.length <= 3);
  expect(transcripts.length).toBeGreaterThanOrEqual(16);
  expect(short.length / transcripts.length).toBeGreaterThan(0.5);
  for (const { steps } of transcripts) expect(steps[0].tool).toBe('natural_language_api_search');
});

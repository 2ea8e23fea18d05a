import { runSession, type SessionReport } from './protocol-session.ts';

export interface FuzzOptions {
  seed: number;
  count: number;
  print?(line: string): void;
}

/** Odd messages of one session at most: few enough to look through when one is wrong. */
const most = 500;

/** Sessions of both eras in turn; every fifth ends with a line that is too long. The seeds follow each other. */
export async function fuzzProtocol({ seed, count, print }: FuzzOptions): Promise<SessionReport> {
  const sum: SessionReport = { findings: [], sent: 0, probes: 0, slowestMs: 0 };
  // Both eras take part, however few messages there are.
  const perSession = Math.min(most, Math.ceil(count / 2));
  for (let session = 0; session * perSession < count; session++) {
    const era = session % 2 === 0 ? 'legacy' : 'modern';
    const options = { seed: seed + session, era, count: Math.min(perSession, count - session * perSession) } as const;
    const report = await runSession({ ...options, endsTooLong: session % 5 === 4 });
    sum.findings.push(...report.findings);
    sum.sent += report.sent;
    sum.probes += report.probes;
    sum.slowestMs = Math.max(sum.slowestMs, report.slowestMs);
    print?.(`${sum.sent} messages, ${sum.probes} good requests, ${sum.findings.length} findings`);
    for (const finding of report.findings) print?.(`  ${finding}`);
  }
  return sum;
}

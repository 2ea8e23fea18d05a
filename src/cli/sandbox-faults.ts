import type { SandboxOptions } from '../../sandbox/index.ts';
import { GatewayError } from '../core/errors.ts';
import type { CommandCall, Flag } from './command.ts';
import { readWhole } from './flags.ts';

/** Flags of `sandbox` for fault injection; docs/sandbox.md describes them. */
export const faultFlags: Readonly<Record<string, Flag>> = {
  latency: { type: 'string', description: 'Wait before each answer, such as 150ms or 150ms±50' },
  fault: { type: 'string', description: 'Faults with their share, such as 429:0.05,503:0.02,reset:0.01' },
  'rate-limit': { type: 'string', description: 'Requests a minute before 429; ConnectWise documents 1000' },
  'slow-text': { type: 'string', description: 'Records in a list before searches of text alone time out' },
  'wrong-keys': {
    type: 'string',
    description: 'Answer to wrong keys: unauthorized, not-authenticated, not-found, cannot-route',
  },
  'strict-patch': { type: 'boolean', description: 'A PATCH of status/id and the like answers 200 and changes nothing' },
};

const most = 999_999_999;

/** @throws GatewayError `usage` that names the flag, its value and what is allowed */
export async function readFaultFlags(
  flags: CommandCall['flags'],
): Promise<Pick<SandboxOptions, 'faults' | 'credentialAnswer' | 'strictReferencePaths'>> {
  const { credentialAnswers, parseFaults, parseLatency } = await import('../../sandbox/index.ts');
  const { latency, fault = '', 'wrong-keys': wrongKeys = 'unauthorized' } = flags;
  const answers = Object.keys(credentialAnswers) as (keyof typeof credentialAnswers)[];
  const credentialAnswer = answers.find((answer) => answer === wrongKeys);
  if (credentialAnswer === undefined)
    throw new GatewayError('usage', `--wrong-keys ${wrongKeys} is not one of ${answers.join(', ')}.`);
  return {
    credentialAnswer,
    strictReferencePaths: flags['strict-patch'] === true,
    faults: {
      settings: {
        latency: latency === undefined ? undefined : parseLatency(String(latency)),
        faults: parseFaults(String(fault)),
        requestsPerMinute: readWhole(flags, 'rate-limit', [0, most]),
        slowTextRows: readWhole(flags, 'slow-text', [0, most]),
      },
    },
  };
}

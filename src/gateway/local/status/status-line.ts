import { GatewayError } from '../../../core/errors.ts';

/** What one check found: data, which the reply of `GET /gateway/status` and the terminal render. */
export interface StatusLine {
  check: string;
  state: 'ok' | 'warning' | 'failure';
  /** What was seen. */
  detail: string;
  /** The next step, for whatever is not ok. */
  fix?: string;
}

export const okLine = (check: string, detail: string): StatusLine => ({ check, state: 'ok', detail });

export const warningLine = (check: string, detail: string, fix: string): StatusLine => ({
  check,
  state: 'warning',
  detail,
  fix,
});

export const failureLine = (check: string, detail: string, fix: string): StatusLine => ({
  check,
  state: 'failure',
  detail,
  fix,
});

/** The next step after a failure; a report of all checks does not advise to ask for one. */
export const fixOf = ({ next, hint }: GatewayError): string =>
  typeof next === 'object' && next.step === 'test_settings' ? next.before : hint;

/**
 * The lines of one check; a failure that stops it becomes a line, so that the others are still reported. Settings that
 * are missing stop several: only the line of the settings says so.
 */
export async function runCheck(name: string, run: () => Promise<StatusLine[]>): Promise<StatusLine[]> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code === 'cancelled') throw error;
    return error.code === 'not_configured' ? [] : [failureLine(name, error.message, fixOf(error))];
  }
}

/** The worst of the lines. */
export function overallState(lines: readonly StatusLine[]): StatusLine['state'] {
  if (lines.some(({ state }) => state === 'failure')) return 'failure';
  return lines.some(({ state }) => state === 'warning') ? 'warning' : 'ok';
}

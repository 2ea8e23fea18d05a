import { jsonAnswer, textAnswer } from '../answer.ts';

/** Seconds that ConnectWise asks to wait (CW 4.2.25). */
const retryAfterSeconds = 30;

/** The odd body: `error` stands where all others have `code` (CW 4.2.25). */
export function tooManyRequests(): Response {
  const message = `Too many requests. Please try again in ${retryAfterSeconds} seconds.`;
  return jsonAnswer(429, { error: 'ConnectWiseAPI', message }, { 'retry-after': String(retryAfterSeconds) });
}

const failure = (message: string) => () => jsonAnswer(500, { code: 'ConnectWiseApi', message });

/** Pages of the content network and of maintenance are HTML (CW 4.2.28). */
function htmlPage(status: number, title: string) {
  return () =>
    textAnswer(status, `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body>${title}</body></html>`, {
      'content-type': 'text/html; charset=utf-8',
    });
}

/** What can go wrong on request, by the name that is written in settings; `reset` breaks the connection instead. */
export const faultKinds = {
  '429': tooManyRequests,
  '500': failure('An error occurred.'),
  '502': htmlPage(502, 'Bad gateway'),
  '503': htmlPage(503, 'Service unavailable'),
  '520': htmlPage(520, 'Web server is returning an unknown error'),
  '522': htmlPage(522, 'Connection timed out'),
  // So spelt (CW 4.2.26).
  timeout: failure('A timeout has occured. Please try again.'),
  datetime: failure('String was not recognized as a valid DateTime.'),
  boolean: failure('String was not recognized as a valid Boolean.'),
  ssl: () => jsonAnswer(403, { code: 'Security', message: 'SSL is required.', errors: null }),
  empty: () => textAnswer(500, ''),
  reset: undefined,
} as const satisfies Record<string, (() => Response) | undefined>;

export type FaultKind = keyof typeof faultKinds;

export function isFaultKind(text: string): text is FaultKind {
  return Object.hasOwn(faultKinds, text);
}

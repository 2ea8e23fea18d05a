/** The provider cannot be used at all, so further tasks would fail in the same way. */
export class ProviderRefused extends Error {}

export interface Provider {
  /** What the paths of the wire format are appended to, such as `https://provider.example/v1`. */
  url: string;
  /** Never in a message, a table or a file. */
  headers: Readonly<Record<string, string>>;
  /** Of one attempt. */
  timeoutMs: number;
  hide(text: string): string;
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

const attempts = 5;
const longestWaitMs = 60_000;
/** Too many requests, too busy, or gone for a moment; 529 is what some providers answer when overloaded. */
const passing = new Set([408, 429, 500, 502, 503, 504, 529]);

/** Posts JSON and returns JSON; temporary failures are retried a few times, with longer waits. */
export async function postJson(provider: Provider, path: string, body: unknown, signal: AbortSignal): Promise<unknown> {
  const text = JSON.stringify(body);
  let problem = '';
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const tried = await tryOnce(provider, path, text, signal);
    if ('answer' in tried) return tried.answer;
    problem = tried.problem;
    // No wait after the last.
    if (attempt < attempts - 1)
      await provider.wait(Math.min(tried.waitMs ?? 1_000 * 2 ** attempt, longestWaitMs), signal);
  }
  throw new Error(`The provider did not answer after ${attempts} attempts: ${problem}`);
}

type Tried = { answer: unknown } | { problem: string; waitMs: number | undefined };

async function tryOnce(provider: Provider, path: string, body: string, signal: AbortSignal): Promise<Tried> {
  const { url, headers, timeoutMs, hide } = provider;
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      // A key must not be sent on to another host.
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    text = await response.text();
  } catch (error) {
    if (signal.aborted) throw error;
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
    return { problem: hide(`${error instanceof Error ? error.message : String(error)}${cause}`), waitMs: undefined };
  }
  const { status } = response;
  const said = `status ${status}: ${hide(text).slice(0, 500)}`;
  if (passing.has(status)) return { problem: said, waitMs: readWait(response.headers.get('retry-after')) };
  // Wrong key, model or address: a retry would not help.
  if ([401, 402, 403, 404].includes(status)) throw new ProviderRefused(`The provider refuses, ${said}`);
  if (!response.ok) throw new Error(`The provider refused the request, ${said}`);
  try {
    return { answer: JSON.parse(text) };
  } catch {
    // A gateway in between may answer a page with status 200.
    return { problem: `no JSON: ${hide(text).slice(0, 200)}`, waitMs: undefined };
  }
}

/** Seconds or a date. */
function readWait(header: string | null): number | undefined {
  if (header === null || header.trim() === '') return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

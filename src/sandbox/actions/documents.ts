import type { Call } from '../call.ts';
import { notEmulated, refusal } from '../refusal.ts';

/** Documents come as multipart; JSON is the wrong kind of body (CW 5.8). */
export function refuseJsonDocument({ endpoint, headers }: Call): Response {
  if (headers.get('content-type')?.startsWith('multipart/form-data') === true)
    throw notEmulated(endpoint.method, endpoint.path);
  throw refusal(415, { code: 'ConnectWiseApi', message: 'The request must be multipart/form-data.' });
}

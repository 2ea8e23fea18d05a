import { createSandbox } from '../../sandbox/sandbox.ts';
import { sandboxAccess } from '../../sandbox/server/authenticate.ts';
import { listenSandbox } from '../../sandbox/server/listen.ts';
import { testNow } from '../support/connect.ts';
import { sandboxDataOf, sharedCatalog } from '../support/shared.ts';
import { authorization, keys, recordSecrets, userName } from './canaries.ts';

export interface LeakyConnectWise extends AsyncDisposable {
  environment: Record<string, string>;
  /** All that it was sent and all that it answered: what a leak could come from. */
  sent: string[];
}

/** Collections that answer with a failure, each in its way with the credentials in it. */
export const failures = [
  ...['manufacturers', 'categories', 'warehouses', 'types', 'unitOfMeasures', 'shipmentmethods', 'subcategories'],
  ...['rmaStatuses', 'rmaActions'],
] as const;
/** One that takes the request and never answers. */
export const silent = '/procurement/purchaseorderstatuses';

const json = { 'content-type': 'application/json' };

function failureAt(path: string, echo: string): Response | Promise<Response> | undefined {
  if (path.endsWith(silent)) return new Promise(() => undefined);
  const [, kind] = /\/procurement\/(\w+)$/.exec(path) ?? [];
  const errors = [{ code: echo.slice(0, 300), message: echo, field: echo }];
  const failure = (status: number) => Response.json({ code: 'Unauthorized', message: echo, errors }, { status });
  switch (kind as (typeof failures)[number] | undefined) {
    case 'manufacturers':
      return failure(401);
    case 'categories':
      return failure(403);
    case 'warehouses':
      return new Response(`<html><title>${echo}</title></html>`, {
        status: 500,
        headers: { 'content-type': 'text/html' },
      });
    case 'types':
      return new Response(`{"broken": ${echo}`, { headers: json });
    case 'unitOfMeasures':
      return new Response(null, {
        status: 302,
        headers: { location: `https://elsewhere.invalid/?${encodeURIComponent(echo)}` },
      });
    case 'shipmentmethods':
      return failure(400);
    case 'subcategories':
      return new Response(echo, { status: 500, headers: { 'content-type': 'text/plain' } });
    case 'rmaStatuses':
      return new Response(echo, { headers: { 'content-type': 'text/plain' } });
    case 'rmaActions':
      return new Response(Buffer.from(echo), {
        headers: { 'content-type': `application/octet-stream; x="${userName}"` },
      });
    default:
      return undefined;
  }
}

/** The sandbox behind a port, with marked keys, that gives back in every answer what it was sent. */
export async function openLeakyConnectWise(): Promise<LeakyConnectWise> {
  const catalog = await sharedCatalog();
  const sandbox = createSandbox({ catalog, ...sandboxDataOf(catalog), now: () => new Date(testNow) });
  const sent: string[] = [];
  const login = Buffer.from(`${sandboxAccess.companyId}+${sandboxAccess.publicKey}:${sandboxAccess.privateKey}`);
  const answer = async (request: Request): Promise<Response> => {
    const given = Object.fromEntries(request.headers);
    if (given.authorization !== authorization) return Response.json({ message: 'wrong keys' }, { status: 401 });
    // As it came, and as a helpful server takes it apart.
    const taken = Buffer.from(authorization.slice(6), 'base64').toString();
    const echo = JSON.stringify({ given, taken, name: Buffer.from(userName).toString('base64') });
    sent.push(request.url, echo);
    const failure = failureAt(new URL(request.url).pathname, echo);
    if (failure) return failure;
    const headers = new Headers(request.headers);
    headers.set('authorization', `Basic ${login.toString('base64')}`);
    const body = request.method === 'GET' ? null : await request.arrayBuffer();
    return leak(await sandbox.fetch(new Request(request.url, { method: request.method, headers, body })), echo, sent);
  };
  const { port, close } = await listenSandbox({ ...sandbox, fetch: answer }, { port: 0, host: '127.0.0.1' });
  return {
    sent,
    environment: {
      ...keys,
      CONNECTWISE_API_URL: `http://127.0.0.1:${port}/v4_6_release/apis/3.0`,
      CONNECTWISE_REQUESTS_PER_MINUTE: '1000',
    },
    async [Symbol.asyncDispose]() {
      await close();
    },
  };
}

/** Puts the credentials into the headers of an answer and into its records, and secret members beside them. */
async function leak(answer: Response, echo: string, sent: string[]): Promise<Response> {
  const headers = new Headers(answer.headers);
  headers.set('x-echo', encodeURIComponent(echo));
  headers.set('x-cw-request-id', authorization);
  headers.set('set-cookie', `session=${encodeURIComponent(authorization)}`);
  const isJson = headers.get('content-type')?.includes('json') === true;
  const body = isJson ? JSON.stringify(withLeaks(await answer.json(), echo)) : Buffer.from(await answer.arrayBuffer());
  headers.delete('content-length');
  sent.push(typeof body === 'string' ? body.slice(0, 20_000) : '');
  return new Response(body, { status: answer.status, headers });
}

function withLeaks(value: unknown, echo: string): unknown {
  if (Array.isArray(value)) return value.map((record) => withLeaks(record, echo));
  if (typeof value !== 'object' || value === null || !('id' in value)) return value;
  return { ...value, ...recordSecrets, echo, notes: `${authorization} of ${userName}` };
}

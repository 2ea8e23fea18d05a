// A child process that answers as ConnectWise pages a list: forward-only and by number, with counts, after a delay.
// Arguments: rows, bytes a record, milliseconds a page. Says its port on standard output.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const [rows = 0, bytes = 0, delayMs = 0] = process.argv.slice(2).map(Number);
const filler = 'x'.repeat(Math.max(0, bytes - 40));
const record = (id: number) => `{"id":${id},"summary":"${filler}"}`;

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '', 'http://localhost');
  const conditions = url.searchParams.get('conditions') ?? '';
  const last = Math.min(rows, Number(/id <= (\d+)/.exec(conditions)?.[1] ?? rows));
  if (url.pathname.endsWith('/count')) return later(response, `{"count":${last}}`);
  const pageSize = Number(url.searchParams.get('pageSize') ?? 25);
  const isForward = request.headers['pagination-type'] === 'forward-only';
  const page = Number(url.searchParams.get('page') ?? 1);
  const after = isForward ? Number(url.searchParams.get('pageId') ?? 0) : (page - 1) * pageSize;
  const to = Math.min(last, after + pageSize);
  const ids = Array.from({ length: Math.max(0, to - after) }, (_, index) => after + 1 + index);
  later(
    response,
    `[${ids.map(record).join(',')}]`,
    isForward ? forwardLink(to) : pageLink(page, Math.ceil(last / pageSize)),
  );
});

const link = (query: string, relation: string) => `<http://localhost/x?${query}>; rel="${relation}"`;
const forwardLink = (pageId: number) => link(`pageId=${pageId}`, 'next');
const pageLink = (page: number, last: number) =>
  page < last ? `${link(`page=${page + 1}`, 'next')}, ${link(`page=${last}`, 'last')}` : undefined;

function later(response: ServerResponse, body: string, named?: string): void {
  const headers = named === undefined ? {} : { link: named };
  setTimeout(() => {
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', ...headers }).end(body);
  }, delayMs);
}

server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));

import type { Random } from '../../sandbox/seed/random.ts';

export type Era = 'legacy' | 'modern';

export interface Message {
  jsonrpc: string;
  id?: unknown;
  method?: string;
  params?: Record<string, unknown>;
}

/** A request that must be answered right whatever is sent around it. */
export interface Probe {
  message: Message;
  isRight(result: unknown): boolean;
}

/** What every request of protocol 2026-07-28 carries. */
export const envelope = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'fuzz', version: '0' },
};

export function request(era: Era, id: unknown, method: string, params: Record<string, unknown> = {}): Message {
  const all = era === 'modern' ? { ...params, _meta: envelope } : params;
  return { jsonrpc: '2.0', id, method, params: all };
}

const handshake = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'fuzz', version: '0' } };

/** How a connection of an era begins: its first request, and what follows the answer. */
export function opening(era: Era): { first: Message; after: Message[] } {
  if (era === 'modern') return { first: request(era, 'opening', 'server/discover'), after: [] };
  const initialized: Message = { jsonrpc: '2.0', method: 'notifications/initialized' };
  return { first: request(era, 'opening', 'initialize', handshake), after: [initialized] };
}

const call = (name: string, given: Record<string, unknown>) => ({ name, arguments: given });
const contains = (text: string) => (result: unknown) => JSON.stringify(result).includes(text);

const probes: readonly (readonly [string, Record<string, unknown>, (result: unknown) => boolean])[] = [
  ['tools/call', call('search_api_endpoints', { query: 'tickets', max_results: 1 }), contains('"/service/tickets"')],
  ['tools/call', call('execute_api_call', { path: '/service/tickets/count' }), contains('COMPLETE')],
  ['tools/call', call('execute_api_call', { path: '/service/tickets/0' }), contains('"isError":true')],
  ['tools/call', call('list_api_categories', {}), contains('"service"')],
  ['tools/list', {}, (result) => (result as { tools: unknown[] }).tools.length === 15],
  ['prompts/list', {}, contains('board_health')],
];

export function makeProbe(random: Random, era: Era, id: string): Probe {
  const [method, params, isRight] = random.pick(probes);
  return { message: request(era, id, method, params), isRight };
}

/** Messages in order, to be spoilt. */
export function makeGood(random: Random, era: Era, id: unknown): Message {
  const [method, params] = random.pick<readonly [string, Record<string, unknown>]>([
    ...probes.map(([method, params]) => [method, params] as const),
    ['initialize', handshake],
    ['ping', {}],
    ['prompts/get', { name: 'board_health', arguments: { board: 'Service Desk' } }],
    [
      'tools/call',
      call('execute_api_call', { path: '/service/tickets/1001', method: 'PATCH', data: { summary: 'x' } }),
    ],
    ['tools/call', { ...call('list_fast_memory', {}), _meta: { progressToken: 'token' } }],
    ['subscriptions/listen', { notifications: { toolsListChanged: true } }],
  ]);
  return request(era, id, method, structuredClone(params));
}

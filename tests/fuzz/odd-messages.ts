import type { Random } from '../../sandbox/seed/random.ts';
import { type Era, envelope, type Message, makeGood, request } from './good-messages.ts';

/** Larger lines end the server: the protocol library reads no more of them. */
export const maxLineBytes = 10 * 1024 * 1024;

/** One odd message: what is written, with the line end. */
export interface Odd {
  kind: string;
  bytes: Buffer;
  /** Ids that must be answered, whatever the answer is. */
  answered: unknown[];
}

/** Values that belong nowhere in particular. */
const junk: readonly unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    -1,
    1.5,
    2 ** 53,
    -(2 ** 63),
    '',
    ' ',
    'x',
    '\u0000',
    '\ud800',
    '\u202e',
    '🎫',
    [],
    [[]],
    {},
  ],
  ...[[null], { a: { b: [] } }, '__proto__', 'constructor', '2025-11-25', '2099-01-01', '1', 'x'.repeat(3_000)],
];
/** JSON that no `JSON.stringify` writes. */
const rawJunk = [
  ...['1e999', '-1e999', '-0', '1e-999', '0.1e+308', '12345678901234567890123456789012345678901234567890'],
  ...[
    '"\\ud800"',
    '"\\udc00\\ud800"',
    '"\\u0000"',
    '{"__proto__":{"isAdmin":true}}',
    '{"constructor":{"prototype":{"x":1}}}',
  ],
  ...[
    '{"a":1,"a":2}',
    '{"__proto__":null,"toString":1,"hasOwnProperty":2,"then":3}',
    '[1,2,3]',
    '{"toJSON":1}',
    '{"then":{}}',
  ],
];
const methods = [
  ...[
    '',
    ' ',
    'tools',
    'tools/',
    'tools/call ',
    'TOOLS/CALL',
    'tools/unheard',
    '__proto__',
    'constructor',
    'toString',
    '\u0000',
  ],
  ...[
    'initialize',
    'ping',
    'server/discover',
    'resources/read',
    'resources/list',
    'logging/setLevel',
    'completion/complete',
  ],
  ...[
    'notifications/cancelled',
    'notifications/initialized',
    'notifications/progress',
    'sampling/createMessage',
    'tasks/get',
  ],
  ...['rpc.discover', 'subscriptions/listen', 'prompts/get', 'elicitation/create', 'x'.repeat(10_000)],
];

/** Stands for raw JSON until the message is text. */
const marker = '@@raw@@';

const deepCalls: readonly (readonly [tool: string, given: Record<string, unknown>])[] = [
  ['execute_api_call', { path: '/service/tickets', method: 'POST', data: marker }],
  ['execute_api_call', { path: '/service/tickets', params: marker }],
  ['execute_api_call', { path: '/service/tickets/{id}/notes', for_each: marker }],
  ['save_to_fast_memory', { path: '/service/tickets', method: 'POST', description: 'deep', data: marker }],
  ['run_fast_memory', { query: 'my-schedule', arguments: marker }],
  ['send_raw_api_request', { raw_request: `POST /service/tickets ${marker}` }],
  ['list_fast_memory', { x: marker }],
];

type Make = (random: Random, era: Era, id: unknown) => Omit<Odd, 'kind'>;

const line = (text: string, answered: unknown[] = []) => ({ bytes: Buffer.from(`${text}\n`), answered });
const json = (message: unknown, answered: unknown[] = []) => line(JSON.stringify(message), answered);

const goodText: (...given: Parameters<Make>) => string = (random, era, id) => JSON.stringify(makeGood(random, era, id));

/** Every place in a message that holds a value, as a list of names. */
function placesIn(value: unknown, at: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([name, member]) => placesIn(member, [...at, name]))];
}

function replaceAt(value: unknown, [name, ...rest]: readonly string[], by: unknown): unknown {
  if (name === undefined) return by;
  const copy: Record<string, unknown> = { ...(value as object) };
  if (by === undefined && rest.length === 0) delete copy[name];
  else copy[name] = replaceAt(copy[name], rest, by);
  return copy;
}

function nested(random: Random, depth: number): string {
  const [open, close] = random.pick([
    ['[', ']'],
    ['{"a":', '}'],
    ['[{"a":', '}]'],
  ] as const);
  return `${open.repeat(depth)}1${close.repeat(depth)}`;
}

const withRaw = (message: Message, place: readonly string[], raw: string) =>
  JSON.stringify(replaceAt(message, place, marker)).replace(`"${marker}"`, () => raw);

function spoilBytes(random: Random, bytes: Buffer): Buffer {
  const spoilt = Buffer.from(bytes);
  for (let times = random.between(1, 4); times > 0; times--) {
    const at = random.between(0, spoilt.length - 1);
    spoilt[at] = random.pick([0, 0xff, 0xc0, 0xed, 0xa0, 0x80, random.between(0, 255)]);
  }
  return Buffer.concat([spoilt, Buffer.from('\n')]);
}

const makers: Readonly<Record<string, Make>> = {
  'a broken character': (random, era, id) => {
    const text = goodText(random, era, id);
    const at = random.between(0, text.length - 1);
    return line(
      text.slice(0, at) + random.pick(['', '"', '{', '}', ',', ':', '\\', '\t', 'é', "'"]) + text.slice(at + 1),
    );
  },
  'half a message': (random, era, id) => {
    const text = goodText(random, era, id);
    return line(text.slice(0, random.between(0, text.length - 1)));
  },
  'bytes that are no UTF-8': (random, era, id) => ({
    bytes: spoilBytes(random, Buffer.from(goodText(random, era, id))),
    answered: [],
  }),
  'random bytes': (random) => ({
    bytes: Buffer.concat([
      Buffer.from(Array.from({ length: random.between(1, 400) }, () => random.between(0, 255))),
      Buffer.from('\n'),
    ]),
    answered: [],
  }),
  'a wrong value somewhere': (random, era, id) => {
    const message = makeGood(random, era, id);
    return json(replaceAt(message, random.pick(placesIn(message)), random.pick(junk)));
  },
  'unusual JSON': (random, era, id) => {
    const message = makeGood(random, era, id);
    return line(withRaw(message, random.pick(placesIn(message).filter((at) => at.length > 0)), random.pick(rawJunk)));
  },
  'a member left out': (random, era, id) => {
    const message = makeGood(random, era, id);
    return json(replaceAt(message, random.pick(placesIn(message).filter((at) => at.length > 0)), undefined));
  },
  'members too many': (random, era, id) => {
    const text = goodText(random, era, id);
    const opened = [...text.matchAll(/\{/g)].map(({ index }) => index + 1);
    const at = random.pick(opened);
    const more = `${JSON.stringify(random.pick(['__proto__', 'constructor', 'prototype', 'id', 'result', 'x', '']))}:${random.pick(rawJunk)}`;
    return line(`${text.slice(0, at)}${more}${text[at] === '}' ? '' : ','}${text.slice(at)}`);
  },
  'deep nesting': (random, era, id) => {
    const message = makeGood(random, era, id);
    const places = placesIn(message).filter((at) => at.length > 0);
    const depth = random.pick([10, 100, 1_000, 10_000, 100_000]);
    return line(withRaw(message, random.pick(places), nested(random, depth)));
  },
  'a deep argument': (random, era, id) => {
    const [name, given] = random.pick(deepCalls);
    const text = JSON.stringify(request(era, id, 'tools/call', { name, arguments: given }));
    const deep = nested(random, random.pick([50, 1_000, 5_000, 50_000, 500_000]));
    return line(
      text.replace(`"${marker}"`, () => deep).replace(marker, () => deep.replaceAll('"', '\\"')),
      [id],
    );
  },
  'an odd method': (random, era, id) => {
    const method = random.pick(methods);
    return json(request(era, id, method, random.chance(0.5) ? {} : { name: random.pick(junk) }));
  },
  'an unknown method': (random, era, id) => json(request(era, id, `unheard/${random.between(0, 99)}`), [id]),
  'a request without an id': (random, era) => json({ ...makeGood(random, era, 0), id: undefined }),
  'a notification with an id': (random, era, id) =>
    json(
      request(era, id, random.pick(['notifications/cancelled', 'notifications/progress', 'notifications/initialized'])),
    ),
  'an id twice': (random, era, id) => line(`${goodText(random, era, id)}\n${goodText(random, era, id)}`),
  'an odd id': (random, era) => json(makeGood(random, era, random.pick(junk))),
  'a batch': (random, era, id) => {
    const some = Array.from({ length: random.between(0, 5) }, () => makeGood(random, era, id));
    return json(random.chance(0.2) ? [some] : some);
  },
  'no message': (random) =>
    line(random.pick(['', ' ', '\r', '\t\r', '\ufeff', '42', 'null', 'true', '"x"', '{}', '[]', 'NaN', '//'])),
  'an answer to nothing': (random, _era, id) => {
    const answer = { jsonrpc: '2.0', id: random.chance(0.5) ? id : random.pick(junk) };
    const part = random.pick([
      { result: {} },
      { error: { code: 1, message: 'x' } },
      { result: 1, error: 2 },
      { error: null },
    ]);
    return json({ ...answer, ...part });
  },
  'a cancellation of nothing': (random) =>
    json({
      jsonrpc: '2.0',
      method: 'notifications/cancelled',
      params: { requestId: random.pick([...junk, 99_999_999]), reason: random.pick(junk) },
    }),
  'a wrong envelope': (random, _era, id) => {
    const meta = replaceAt(envelope, [random.pick(Object.keys(envelope))], random.pick([...junk, undefined]));
    return json({
      ...makeGood(random, 'legacy', id),
      params: { _meta: random.chance(0.8) ? meta : random.pick(junk) },
    });
  },
  'the other era': (random, era, id) => json(makeGood(random, era === 'legacy' ? 'modern' : 'legacy', id)),
  'CRLF and blank lines': (_random, era, id) =>
    line(`\r\n\n${JSON.stringify(request(era, id, 'tools/call', { name: 'list_fast_memory', arguments: {} }))}\r`, [
      id,
    ]),
  'a control character in a text': (random, era, id) => {
    const text = goodText(random, era, id);
    const at = text.indexOf('"', random.between(0, text.length - 10)) + 1;
    return line(text.slice(0, at) + random.pick(['\u0000', '\u0001', '\u001b', '\u007f', '\u2028']) + text.slice(at));
  },
  'a long line': (random, era, id) => {
    const size = random.pick([20_000, 100_000, 1_000_000]);
    const given = { query: random.pick(['x', '{', '[', '\\', 'é']).repeat(size) };
    return json(request(era, id, 'tools/call', { name: 'search_api_endpoints', arguments: given }), [id]);
  },
  'odd arguments': (random, era, id) =>
    json(
      request(era, id, 'tools/call', {
        name: random.pick([
          'execute_api_call',
          'query_results',
          'confirm_api_write',
          'run_fast_memory',
          'list_fast_memory',
        ]),
        arguments: { [random.pick(['path', 'sql', 'change_id', 'query', 'x'])]: random.pick(junk) },
      }),
      [id],
    ),
};

const kinds = Object.keys(makers);

/** @param id of the request, where the message has one; ids of texts in the run's own manner are left to its probes */
export function makeOdd(random: Random, era: Era, id: number): Odd {
  const kind = random.pick(kinds);
  const make = makers[kind] as Make;
  return { kind, ...make(random, era, id) };
}

/** A line just below, or just above what is read. */
export function makeHugeLine(era: Era, id: number, isTooLong: boolean): Odd {
  const text = JSON.stringify(
    request(era, id, 'tools/call', { name: 'search_api_endpoints', arguments: { query: marker } }),
  );
  const room = maxLineBytes - text.length - 1;
  const query = 'x'.repeat(isTooLong ? room + 100_000 : room - 100_000);
  const kind = isTooLong ? 'a line that is too long' : 'a line just short enough';
  return { kind, ...line(text.replace(marker, query), isTooLong ? [] : [id]) };
}

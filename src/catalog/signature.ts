import type { Catalog } from './catalog.ts';
import { type Endpoint, isReference, type Member, type Parameter } from './endpoint.ts';
import { usualRank } from './usual-members.ts';

const shownInQuery: readonly string[] = ['conditions', 'orderBy', 'fields'];

/**
 * How to call an endpoint in one line: `{id*:int} ?conditions,orderBy… body: summary*:str≤100, company*:ref …`.
 * A star marks what is required, which is never left out; the rest fits into about `widest` characters.
 */
export function renderSignature(catalog: Catalog, endpoint: Endpoint, widest = 160): string {
  const path = endpoint.parameters
    .filter(({ location }) => location === 'path')
    .map((parameter) => `{${part(catalog, parameter)}}`);
  const query = renderQuery(catalog, endpoint.parameters);
  const head = [...path, ...query].join(' ');
  const body = renderBody(catalog, endpoint, widest - head.length);
  return [head, body].filter((text) => text !== '').join(' ');
}

function renderQuery(catalog: Catalog, parameters: readonly Parameter[]): readonly string[] {
  const query = parameters.filter(({ location }) => location === 'query');
  if (query.length === 0) return [];
  // Parameters of this endpoint first: every GET has conditions and pages (CW 2.1).
  const own = query.filter(
    ({ name, required }) => required || !/^(page|conditions|\w+Conditions|orderBy|fields)/i.test(name),
  );
  const common = query.filter((parameter) => !own.includes(parameter) && shownInQuery.includes(parameter.name));
  const shown = [...own.map((parameter) => part(catalog, parameter)), ...common.map(({ name }) => name)];
  return [`?${shown.join(',')}${shown.length < query.length ? '…' : ''}`];
}

function renderBody(catalog: Catalog, { method, body }: Endpoint, room: number): string {
  if (!body) return '';
  if (body.mediaType !== 'application/json') return `body: ${body.mediaType}`;
  // The gateway makes the operations: callers name members only.
  if (method === 'PATCH' && body.array) return 'body: {member: value, …}';
  const schema = body.schema === undefined ? undefined : catalog.findSchema(body.schema);
  if (!schema) return `body: ${body.schema ?? body.type ?? 'any'}${body.array ? '[]' : ''}`;
  const members = schema.members.filter(
    ({ name, readOnly, required }) => required || (readOnly !== true && name !== '_info' && name !== 'id'),
  );
  const required = members.filter((member) => member.required).map((member) => part(catalog, member));
  const others = members.filter((member) => !member.required).sort((a, b) => usualRank(a) - usualRank(b));
  const shown = [...required];
  let length = required.join(', ').length + 'body: []…'.length;
  for (const member of others) {
    const text = part(catalog, member);
    length += text.length + 2;
    if (length > room) break;
    shown.push(text);
  }
  const list = shown.join(', ') + (shown.length < members.length ? ' …' : '');
  return `body: ${body.array ? `[${list}]` : list}`;
}

const short: Record<string, string> = { integer: 'int', string: 'str', boolean: 'bool', number: 'num' };

function part(catalog: Catalog, member: Member | Parameter): string {
  const length = 'maxLength' in member && member.maxLength !== undefined ? `≤${member.maxLength}` : '';
  return `${member.name}${member.required ? '*' : ''}:${shortType(catalog, member)}${length}`;
}

function shortType(catalog: Catalog, member: Member | Parameter): string {
  const schema = 'schema' in member && member.schema !== undefined ? catalog.findSchema(member.schema) : undefined;
  const list = member.type === 'array' ? '[]' : '';
  if (schema) return (isReference(schema) ? 'ref' : 'object') + list;
  if (member.enum && member.enum.length <= 4) return `(${member.enum.join('|')})${list}`;
  if (member.format === 'date-time') return 'time';
  const type = member.type === 'array' ? ('itemType' in member ? member.itemType : undefined) : member.type;
  return (short[type ?? 'object'] ?? 'object') + list;
}

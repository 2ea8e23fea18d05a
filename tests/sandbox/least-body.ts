import type { Catalog } from '../../src/catalog/catalog.ts';
import type { Member } from '../../src/catalog/endpoint.ts';
import type { Asked } from './ask.ts';

/** The least that a POST of a schema takes, where its references lead to the first records. */
export function leastBody(catalog: Catalog, schemaName: string): Record<string, unknown> {
  const leastValue = ({ name, type, enum: allowed, format, schema, maxLength = 20 }: Member): unknown => {
    if (type === 'object') return schema?.endsWith('Reference') ? { id: 1 } : {};
    if (type === 'array') return [];
    if (type === 'boolean') return true;
    if (type !== 'string') return 1;
    const isDate = format === 'date-time' || /date|^(time|estimated)(Start|End)$/i.test(name);
    return allowed?.[0] ?? (isDate ? '2026-03-01T00:00:00Z' : 'x'.repeat(Math.min(maxLength, 5)));
  };
  const required = (catalog.findSchema(schemaName)?.members ?? []).filter((member) => member.required === true);
  return Object.fromEntries(required.map((member) => [member.name, leastValue(member)]));
}

/** Numbers of records that exist, for the placeholders of a path from the left, where its lists hold any. */
export async function firstIds(ask: Asked['ask'], path: string): Promise<number[]> {
  const ids: number[] = [];
  let at = '';
  for (const segment of path.split('/').slice(1)) {
    if (!/^\{[^}]*\}$/.test(segment)) {
      at += `/${segment}`;
      continue;
    }
    const list = await ask(at, { query: { pageSize: 1, fields: 'id' } });
    const id = Array.isArray(list.body) ? list.body[0]?.id : undefined;
    if (id === undefined) return ids;
    ids.push(id);
    at += `/${id}`;
  }
  return ids;
}

import type { Member, Schema } from '../../catalog/index.ts';
import { type FindSchema, findMember, resolvePath } from '../../conditions/index.ts';
import { isRecord } from '../../core/json.ts';
import { isHole, parseHoles } from './parse-holes.ts';
import { type Fill, type HoleType, typeOfMember } from './place.ts';

interface Filling {
  findSchema: FindSchema;
  fill: Fill;
}

/**
 * A body with its holes filled. A text that is one hole takes the type of its member, a hole within a text is text.
 * @throws what `fill` throws
 */
export function fillData(data: unknown, schema: Schema | undefined, filling: Filling): unknown {
  if (Array.isArray(data)) return data.map((item) => fillData(item, schema, filling));
  if (!isRecord(data)) return fillLeaf(data, { kind: 'any' }, filling);
  if (isOperation(data)) return { ...data, value: fillOperationValue(data, schema, filling) };
  const filled = Object.entries(data).map(([name, value]) => {
    const member = schema && findMember(schema, name);
    return [name, fillMember(value, member, schema, filling)] as const;
  });
  return Object.fromEntries(filled);
}

function fillMember(value: unknown, member: Member | undefined, owner: Schema | undefined, filling: Filling): unknown {
  if (typeof value === 'string') return fillLeaf(value, typeOfMember(member, owner), filling);
  return fillData(value, member?.schema === undefined ? undefined : filling.findSchema(member.schema), filling);
}

/** `{op, path, value}` of a PATCH: the path says what the value is. */
function isOperation(data: Record<string, unknown>): data is { op: string; path: string; value: unknown } {
  return typeof data.op === 'string' && typeof data.path === 'string' && 'value' in data;
}

function fillOperationValue(
  { path, value }: { path: string; value: unknown },
  schema: Schema | undefined,
  filling: Filling,
): unknown {
  const segments = path.split('/').filter((segment) => segment !== '');
  const last = segments.at(-1) ?? '';
  const owner = ownerOf(segments, schema, filling.findSchema);
  return fillMember(value, owner && findMember(owner, last), owner, filling);
}

function ownerOf(segments: readonly string[], schema: Schema | undefined, findSchema: FindSchema): Schema | undefined {
  if (segments.length < 2 || schema === undefined) return schema;
  const target = resolvePath(segments.slice(0, -1), { schema, findSchema });
  return target.kind === 'reference' ? target.schema : undefined;
}

function fillLeaf(value: unknown, type: HoleType, { fill }: Filling): unknown {
  if (typeof value !== 'string') return value;
  const parts = parseHoles(value, { field: 'data', lenient: true });
  const [only] = parts;
  if (parts.length === 1 && isHole(only)) return fill({ hole: only, type, whole: true });
  return parts
    .map((part) => (isHole(part) ? String(fill({ hole: part, type: { kind: 'text' }, whole: false })) : part))
    .join('');
}

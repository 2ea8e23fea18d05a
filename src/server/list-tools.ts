import type { Tool as ProtocolTool } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { type Access, isReadOnly, type Tool, tools } from '../gateway/index.ts';

/**
 * The tools as `tools/list` carries them.
 * @param sendsWrites whether preparing a write sends it at once (mode `allow`), which annotations must say
 */
export function listTools(sendsWrites: boolean): ProtocolTool[] {
  return tools.map((tool) => defineForProtocol(tool, sendsWrites && tool.access === 'prepare' ? 'write' : tool.access));
}

function defineForProtocol(tool: Tool, access: Access): ProtocolTool {
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: toObjectSchema(tool.input, 'input'),
    outputSchema: toObjectSchema(tool.output, 'output'),
    annotations: annotationsOf(access, tool.removes ?? false),
    ...(everyday.has(tool.name) && { _meta: { 'anthropic/alwaysLoad': true } }),
  };
}

/** The tools of nearly every conversation: hosts that load tools late, by searching their names, load these at once. */
const everyday: ReadonlySet<string> = new Set([
  'natural_language_api_search',
  'get_api_endpoint_details',
  'execute_api_call',
  'query_results',
  'confirm_api_write',
]);

/** JSON Schema of an object, without the line that names the dialect: each tool would repeat it. */
export function toObjectSchema(schema: z.ZodObject, io: 'input' | 'output'): ProtocolTool['inputSchema'] {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, override: ({ jsonSchema }) => avoidEmpty(jsonSchema, io) });
  return rest as ProtocolTool['inputSchema'];
}

/**
 * Some clients cannot read `{}` for "any value". Of a reply, further members need not be declared; of an argument they are
 * declared with `true`, since a model could otherwise expect none.
 */
function avoidEmpty(schema: z.core.JSONSchema.BaseSchema, io: 'input' | 'output'): void {
  if (isEmpty(schema.items)) delete schema.items;
  if (!isEmpty(schema.additionalProperties)) return;
  if (io === 'input') schema.additionalProperties = true;
  else delete schema.additionalProperties;
}

const isEmpty = (schema: unknown) => JSON.stringify(schema) === '{}';

/** Derived from the access, so that no tool can contradict it. */
function annotationsOf(access: Access, removes: boolean): ProtocolTool['annotations'] {
  return {
    readOnlyHint: isReadOnly(access),
    destructiveHint: access === 'write' || removes,
    idempotentHint: isReadOnly(access),
    openWorldHint: access !== 'local' && access !== 'local-write',
  };
}

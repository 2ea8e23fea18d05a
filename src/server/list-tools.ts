import type { Tool as ProtocolTool } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { tools } from '../gateway/tools/index.ts';
import type { Access, Tool } from '../gateway/tools/tool.ts';

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
  };
}

/** JSON Schema of an object, without the line that names the dialect: each tool would repeat it. */
export function toObjectSchema(schema: z.ZodObject, io: 'input' | 'output'): ProtocolTool['inputSchema'] {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, override: ({ jsonSchema }) => avoidEmpty(jsonSchema, io) });
  return rest as ProtocolTool['inputSchema'];
}

/**
 * Some clients stumble over `{}` for "any value". What a reply may hold besides goes without saying; that an argument
 * takes members of any name is said, since a model could take silence for "none".
 */
function avoidEmpty(schema: z.core.JSONSchema.BaseSchema, io: 'input' | 'output'): void {
  if (isEmpty(schema.items)) delete schema.items;
  if (!isEmpty(schema.additionalProperties)) return;
  if (io === 'input') schema.additionalProperties = true;
  else delete schema.additionalProperties;
}

const isEmpty = (schema: unknown) => JSON.stringify(schema) === '{}';

/** Derived, so that no tool can contradict its own access. */
function annotationsOf(access: Access, removes: boolean): ProtocolTool['annotations'] {
  return {
    readOnlyHint: access === 'local' || access === 'read' || access === 'prepare',
    destructiveHint: access === 'write' || removes,
    idempotentHint: access !== 'write' && access !== 'local-write',
    openWorldHint: access === 'read' || access === 'prepare' || access === 'write',
  };
}

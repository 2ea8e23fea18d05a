import * as z from 'zod';
import { type OptionName, optionNames, options } from '../src/config/settings.ts';
import type { PackageFile } from './repository.ts';

/** The one-click bundle of a release. */
export interface ReleasedBundle {
  url: string;
  /** SHA-256 of the file, in hexadecimal: hosts compare it before they install. */
  sha256: string;
}

/**
 * `server.json`: what the MCP registry knows of this program, from package.json and the table of settings.
 * @param bundle only a release has one, since the hash follows from the file
 */
export function renderServerJson({ name, mcpName, version, repository }: PackageFile, bundle?: ReleasedBundle): string {
  const url = repository.url.replace(/^git\+|\.git$/g, '');
  const server = {
    $schema: 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json',
    name: mcpName,
    title: 'ConnectWise PSA',
    // The registry takes 100 characters.
    description: 'ConnectWise PSA (Manage): find any endpoint, read it right, change only what a person approved.',
    version,
    repository: { url, source: 'github' },
    packages: [
      {
        registryType: 'npm',
        identifier: name,
        version,
        runtimeHint: 'npx',
        transport: { type: 'stdio' },
        environmentVariables: optionNames.filter((option) => option !== 'extensionFields').map(describeVariable),
      },
      ...(bundle === undefined ? [] : [describeBundle(bundle)]),
    ],
  };
  return `${JSON.stringify(server, null, 2)}\n`;
}

/** Without variables, which its own manifest has, and without a version, which the registry refuses here. */
function describeBundle({ url, sha256 }: ReleasedBundle) {
  return { registryType: 'mcpb', identifier: url, fileSha256: sha256, transport: { type: 'stdio' } };
}

function describeVariable(name: OptionName) {
  const option = options[name];
  const { schema } = option;
  const fallback = 'fallback' in option ? { default: String(option.fallback) } : {};
  return {
    name: option.variable,
    description: option.description,
    isRequired: 'field' in option && option.field === 'required',
    isSecret: 'secret' in option,
    format: formatOf(schema),
    ...fallback,
    ...(schema instanceof z.ZodEnum ? { choices: schema.options } : {}),
  };
}

/** Whether a setting is a number or a switch, which its schema reads from text. */
function formatOf(schema: z.ZodType): 'string' | 'number' | 'boolean' {
  const output = z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' });
  if (output.type === 'number' || output.type === 'integer') return 'number';
  return output.type === 'boolean' ? 'boolean' : 'string';
}

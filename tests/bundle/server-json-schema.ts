const text = { type: 'string', minLength: 1 };
const closed = (required: readonly string[], properties: Record<string, object>) => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
});

// One publication is one version: no range, and not the word that npm uses for the newest.
const version = { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+(?:-[0-9A-Za-z.-]+)?$', maxLength: 255 };

const environmentVariable = closed(['name'], {
  name: { type: 'string', pattern: '^[A-Z][A-Z0-9_]*$' },
  description: text,
  isRequired: { type: 'boolean' },
  isSecret: { type: 'boolean' },
  format: { enum: ['string', 'number', 'boolean', 'filepath'] },
  default: { type: 'string' },
  choices: { type: 'array', items: text, minItems: 1 },
});

const npmPackage = closed(['registryType', 'identifier', 'version', 'transport'], {
  registryType: { const: 'npm' },
  identifier: text,
  version,
  runtimeHint: { enum: ['npx'] },
  transport: closed(['type'], { type: { const: 'stdio' } }),
  environmentVariables: { type: 'array', items: environmentVariable },
});

// The registry refuses a version and a base URL here, and takes files of releases only.
const bundle = closed(['registryType', 'identifier', 'fileSha256', 'transport'], {
  registryType: { const: 'mcpb' },
  identifier: { type: 'string', pattern: '^https://github\\.com/[^/]+/[^/]+/releases/download/[^/]+/[^/]*mcp[^/]*$' },
  fileSha256: { type: 'string', pattern: '^[a-f0-9]{64}$' },
  transport: closed(['type'], { type: { const: 'stdio' } }),
});

/**
 * The rules of the MCP registry for a server.json of 2025-12-11, as far as this project uses them, restated from its
 * documentation: lengths, the form of the name, exact versions, and which members there are.
 */
export const serverJsonSchema = closed(['$schema', 'name', 'description', 'version', 'packages'], {
  $schema: { const: 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json' },
  name: { type: 'string', minLength: 3, maxLength: 200, pattern: '^[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+$' },
  title: { type: 'string', minLength: 1, maxLength: 100 },
  description: { type: 'string', minLength: 1, maxLength: 100 },
  version,
  repository: closed(['url', 'source'], {
    url: { type: 'string', pattern: '^https://' },
    source: { const: 'github' },
    id: text,
    subfolder: text,
  }),
  packages: { type: 'array', items: { anyOf: [npmPackage, bundle] }, minItems: 1 },
});

const reading = ['changes', 'memory', 'results', 'connectwise', 'conditions', 'catalog'];

/** Which rooms each room may import, in addition to `core`. ARCHITECTURE.md shows the same table. */
export const allowedImports: Readonly<Record<string, readonly string[]>> = {
  main: ['cli'],
  'sql-child': ['results'],
  cli: ['server', 'gateway', 'memory', 'results', 'connectwise', 'search', 'catalog', 'sandbox', 'config'],
  server: ['gateway', 'conditions'],
  gateway: [...reading, 'search', 'sandbox', 'config'],
  config: [],
  changes: ['connectwise', 'results', 'conditions', 'catalog'],
  memory: ['connectwise', 'results', 'conditions', 'search', 'catalog'],
  results: ['catalog'],
  connectwise: ['conditions', 'catalog'],
  sandbox: ['conditions', 'catalog'],
  search: ['catalog'],
  conditions: ['catalog'],
  catalog: [],
  core: [],
};

import { buildCatalogFile } from '../catalog/build-catalog.ts';
import { storedIndexes } from '../catalog/search/stored-index.ts';
import { loadConfig } from '../config.ts';
import type { Command } from './command.ts';

export const buildDatabase: Command = {
  name: 'build-database',
  summary: 'build the catalog from your own manage.json (OpenAPI 3.0)',
  positionals: ['FILE'],
  async run({ terminal, settings, positionals }) {
    const { config } = loadConfig({ flags: settings, environment: terminal.environment });
    const built = await buildCatalogFile(positionals[0] ?? '', config.dataDir, {
      searchIndex: storedIndexes,
      onProgress: (step) => terminal.stderr.write(`${step}\n`),
    });
    terminal.stdout.write(
      `${built.counts.endpoints} endpoints and ${built.counts.schemas} schemas of version ${built.version}\n${built.file}\n`,
    );
    return 0;
  },
};

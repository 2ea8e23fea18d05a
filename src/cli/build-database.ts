import { existsSync } from 'node:fs';
import { buildCatalog, openCatalog } from '../catalog/index.ts';
import { loadConfig } from '../config/index.ts';
import { searchModelKey, storedIndexes } from '../search/index.ts';
import type { Command } from './command.ts';
import { exitStatus, print } from './print.ts';
import { openProgress } from './terminal.ts';

export const buildDatabase: Command = {
  name: 'build-database',
  summary: 'build the catalog from your own manage.json (OpenAPI 3.0)',
  examples: ['build-database manage.json', 'build-database manage.json --data-dir ./team'],
  positionals: ['FILE'],
  async run(call) {
    const { terminal, settings, flags, positionals } = call;
    const { config } = loadConfig({ ...terminal, flags: settings });
    const model = await shippedModel(terminal.shippedCatalog, config.dataDir);
    const progress = openProgress(terminal, flags.json);
    let built: Awaited<ReturnType<typeof buildCatalog>>;
    try {
      built = await buildCatalog(positionals[0] ?? '', config.dataDir, {
        searchIndex: (definition) => storedIndexes(definition, model),
        onProgress: progress.step,
      });
    } finally {
      progress.end();
    }
    const { counts, version, file } = built;
    const text = `${counts.endpoints} endpoints and ${counts.schemas} schemas of version ${version}\n${file}\n`;
    await print(call, { data: built, text });
    return exitStatus.done;
  },
};

/** The model of the catalog that comes with the program: training one takes longer than anybody waits for a build. */
async function shippedModel(file: string, dataFolder: string): Promise<Uint8Array | undefined> {
  if (!existsSync(file)) return undefined;
  const shipped = await openCatalog({ flagFile: file, dataFolder, shippedFile: file });
  try {
    return shipped.searchIndex(searchModelKey);
  } finally {
    shipped.close();
  }
}

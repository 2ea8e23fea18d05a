import { type CatalogReport, checkCatalog } from '../catalog/index.ts';
import { loadConfig } from '../config/index.ts';
import { defined } from '../core/json.ts';
import type { Command } from './command.ts';
import { exitStatus, print } from './print.ts';

export const checkDatabase: Command = {
  name: 'check-database',
  summary: 'say which catalog is used, and whether it is intact',
  examples: ['check-database', 'check-database --json'],
  async run(call) {
    const { terminal, settings } = call;
    const { config } = loadConfig({ ...terminal, flags: settings });
    const report = await checkCatalog({
      ...defined({ flagFile: config.catalogFile }),
      dataFolder: config.dataDir,
      shippedFile: terminal.shippedCatalog,
    });
    await print(call, { data: report, text: renderReport(report) });
    return exitStatus.done;
  },
};

function renderReport({ info, largestCategories, sample, warnings }: CatalogReport): string {
  const { counts } = info;
  const lines = [
    `catalog     ${info.file}`,
    `chosen by   ${info.source}`,
    `definition  ${info.title}, version ${info.version}; built ${info.builtAt}`,
    `endpoints   ${counts.endpoints}`,
    `parameters  ${counts.parameters}`,
    `schemas     ${counts.schemas}`,
    `modules     ${counts.modules}`,
    `categories  ${counts.categories}`,
    `largest     ${largestCategories.map(({ category, endpoints }) => `${category} ${endpoints}`).join(', ')}`,
    'sample      three endpoints of tickets:',
    ...sample.map(({ method, path, summary }) => `            ${method} ${path}: ${summary}`),
    ...warnings.map((warning) => `warning     ${warning}`),
  ];
  return `${lines.join('\n')}\n`;
}

// Builds the catalog that comes with the program: `build-catalog.ts FILE [DEFINITION]`; DEFINITION keeps the derived
// OpenAPI document for inspection.
import { createHash } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import { writeCatalogFile } from '../src/catalog/build-catalog.ts';
import { readDefinition } from '../src/catalog/read-definition.ts';
import { storedIndexes } from '../src/search/stored-index.ts';
import { deriveDefinition } from './derive-definition.ts';
import { searchModel } from './finding/search-model.ts';

const [file = 'dist/catalog.db', keep] = process.argv.slice(2);
const document = deriveDefinition();
const text = JSON.stringify(document);
if (keep !== undefined) writeFileSync(keep, text);
const definition = readDefinition(document);
const model = searchModel(definition, console.log);
await writeCatalogFile(definition, createHash('sha256').update(text).digest('hex'), file, {
  searchIndex: (content) => storedIndexes(content, model),
});
// Databases are private to their owner; this one is for everyone who runs the program.
chmodSync(file, 0o644);
console.log(`${file}: ${definition.endpoints.length} endpoints, ${definition.schemas.length} schemas`);

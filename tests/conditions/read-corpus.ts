import { readFileSync } from 'node:fs';
import type { OpenedCatalog } from '../../src/catalog/catalog.ts';
import type { CheckOptions } from '../../src/conditions/check-conditions.ts';
import { createZone } from '../../src/core/zone.ts';

/** One parameter as a person or a model wrote it, for an endpoint that answers with `schema`. */
export interface CorpusCase {
  schema?: string;
  kind: CheckOptions['kind'];
  text: string;
}

/** What is wrong is either repaired to this text or refused, then with this correction or with none. */
export interface WrongCase extends CorpusCase {
  repaired?: string;
  refused?: string | null;
  /** Texts that belong into other parameters. */
  move?: Record<string, string>;
}

export function readCorpus<Case extends CorpusCase>(name: string): readonly Case[] {
  const lines = readFileSync(new URL(name, import.meta.url), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as Case);
}

/** A Wednesday morning in New York, three days after its clocks went forward. */
export function optionsFor({ schema, kind }: Omit<CorpusCase, 'text'>, { findSchema }: OpenedCatalog): CheckOptions {
  return {
    kind,
    schema: schema === undefined ? undefined : findSchema(schema),
    findSchema,
    zone: createZone('America/New_York'),
    nowMs: Date.parse('2025-03-12T15:00:00Z'),
  };
}

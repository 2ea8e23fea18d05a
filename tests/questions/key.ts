import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonValue } from '../../sandbox/json.ts';

/** The frozen answers by the question's id. */
export const key: ReadonlyMap<string, JsonValue> = new Map(
  readFileSync(join(import.meta.dirname, 'answers.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
    .map(({ id, answer }) => [id, answer]),
);

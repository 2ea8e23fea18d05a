import * as z from 'zod';
import { GatewayError } from '../../core/errors.ts';
import {
  describeGaps,
  type ExportFormat,
  exportFormats,
  exportTable,
  firstRows,
  fitRows,
  mapBatches,
  maxExportRows,
  pickColumns,
  shownColumns,
} from '../../results/index.ts';
import { type Call, requireEndpoint } from '../calls/call.ts';
import { callEndpoint } from '../calls/call-endpoint.ts';
import { readForEach } from '../calls/for-each.ts';
import { wordsForModel } from '../calls/reader-words.ts';
import { renderCall } from '../calls/render.ts';
import { forEachSchema } from './execute-api-call.ts';
import { pathSchema, sqlSchema } from './inputs.ts';
import { describeTables, rowCount } from './query-results.ts';
import { defineTool, type ToolContext } from './tool.ts';

const previewRows = 5;

const outputSchema = z.looseObject({ outcome: z.string(), next: z.string().optional() });

type Output = z.infer<typeof outputSchema>;

export const saveFile = defineTool({
  name: 'save_file',
  title: 'Save a file on this computer',
  description:
    'Saves into the download folder what a path answers (document, PDF, picture), or the rows of a SELECT over stored answers.',
  access: 'save',
  input: z.strictObject({
    path: pathSchema.optional().describe('As /finance/invoices/12/pdf'),
    for_each: forEachSchema.optional().describe('Fills {id} of path'),
    sql: sqlSchema.optional(),
    format: z.enum(exportFormats).default('csv'),
  }),
  output: outputSchema,
  async run({ path, for_each, sql, format }, context, signal) {
    if ((path === undefined) === (sql === undefined)) {
      throw new GatewayError('invalid_argument', 'save_file takes a path or sql, and one of the two.', {
        details: { field: path === undefined ? 'path' : 'sql' },
      });
    }
    if (sql !== undefined) return exportRows(sql, format, context, signal);
    const target = await requireEndpoint(context, 'GET', path ?? '');
    const asked = for_each !== undefined && (for_each.length > 0 || target.path.includes('{'));
    const each = asked ? await readForEach(context, target, for_each, signal) : {};
    const call = {
      target,
      params: {},
      strict: true,
      scope: { allPages: false, ...each },
    } satisfies Call;
    return renderCall(await callEndpoint(context, call, signal), wordsForModel);
  },
});

async function exportRows(
  sql: string,
  format: ExportFormat,
  context: ToolContext,
  signal: AbortSignal,
): Promise<Output> {
  const store = await context.results();
  const found = await store.rows(sql, { maxRows: maxExportRows, signal });
  try {
    const { rows, tables, complete } = found;
    const shown = shownColumns(found.columns, sql, found.areSame);
    let written = 0;
    const source = mapBatches(pickColumns(found, shown), (batch) => {
      written += batch.length;
      context.progress(written, rows, `${written} rows written`);
      return batch;
    });
    const name = tables[0]?.name ?? 'query';
    const file = exportTable(source, format);
    const saved = await context.downloads().save({ path: `/${name}`, ...file, fileName: `${name}.${format}` });
    const preview = fitRows(await firstRows(pickColumns(found, shown), previewRows), 1_500);
    const gaps = describeGaps(tables);
    const where = `${rowCount(rows)} written to ${saved.path}`;
    const state = complete ? `COMPLETE: ${where}.` : `PARTIAL: the first ${where}; the query has more.`;
    const lost = [context.takeFallback() ?? []].flat();
    const notes = [...store.takeNotices(), ...lost, ...found.notes, ...file.notes()];
    return {
      outcome: gaps === undefined ? state : `${gaps} ${where}.`,
      ...(notes.length > 0 && { notes }),
      file: { path: saved.path, type: saved.mediaType, bytes: saved.bytes },
      ...(preview.rows.length > 0 && { table: { columns: preview.columns, rows: preview.rows } }),
      rests_on: describeTables(found, context),
      ...(!complete && { next: 'Filter in the SQL: a file holds 200,000 rows.' }),
    };
  } finally {
    found.release();
  }
}

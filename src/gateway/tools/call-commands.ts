import type { Method } from '../../catalog/index.ts';
import { exportTable } from '../../results/export/export-table.ts';
import { renderTextTable } from '../../results/export/render-table.ts';
import type { Table } from '../../results/table.ts';
import { parseMethod, requireEndpoint } from '../calls/call.ts';
import { callEndpoint } from '../calls/call-endpoint.ts';
import { type CommandRun, confirmForTerminal, everyRow, mostRows, runForTerminal } from './command-run.ts';
import type { ToolContext } from './tool.ts';

export type { CommandRun } from './command-run.ts';

/** A call as the command line gives it. */
export interface TerminalCall {
  method: string;
  path: string;
  params: Readonly<Record<string, string>>;
  data?: unknown;
  /** Reads a list to its end. */
  all: boolean;
  maxRecords?: number | undefined;
  sql?: string | undefined;
  /** Sends a change that is otherwise only prepared. */
  confirm: boolean;
}

export type RowFormat = 'csv' | 'json' | 'table' | 'xlsx';

/** What the command line does with endpoints. */
export interface CallCommands {
  run(call: TerminalCall, signal: AbortSignal): Promise<CommandRun>;
  /** Sends a prepared change; one of many records to its end. */
  confirm(changeId: string, signal: AbortSignal): Promise<CommandRun>;
  /** Rows as the bytes of a file, or as text for a terminal of so many characters. */
  render(table: Table, format: RowFormat, width: number): Promise<Uint8Array>;
}

export function createCallCommands(context: ToolContext): CallCommands {
  return {
    run: (call, signal) => run({ ...context, calledAs: 'call' }, call, signal),
    confirm: (changeId, signal) => confirmForTerminal(context, changeId, signal),
    async render(table, format, width) {
      if (format === 'table') return Buffer.from(renderTextTable(table, width));
      return (await exportTable(table, format)).content;
    },
  };
}

/** The way of the tool `execute_api_call`, without the limits that its replies have. */
async function run(context: ToolContext, call: TerminalCall, signal: AbortSignal): Promise<CommandRun> {
  const { path, params, data, all, maxRecords, sql = everyRow, confirm } = call;
  const method: Method = parseMethod(call.method);
  const target = await requireEndpoint(context, method, path);
  const fields = Object.entries({ ...target.query, ...params }).find(([name]) => name.toLowerCase() === 'fields')?.[1];
  const most = maxRecords ?? (all ? mostRows : undefined);
  return runForTerminal({ context, sql, fields, confirm, signal }, () =>
    callEndpoint(
      context,
      {
        target,
        // Never absent: what is not given must not be filled in from a saved query.
        params,
        ...(data === undefined ? {} : { data }),
        strict: true,
        whole: true,
        sql,
        scope: { allPages: all, ...(most === undefined ? {} : { maxRecords: most }) },
      },
      signal,
    ),
  );
}

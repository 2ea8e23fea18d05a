import type * as z from 'zod';
import type { Catalog } from '../../catalog/index.ts';
import type { Changes, WriteMode } from '../../changes/index.ts';
import type { ConnectWiseClient, Downloads, Lookups, Site } from '../../connectwise/index.ts';
import type { Log } from '../../core/log.ts';
import type { Zone } from '../../core/zone.ts';
import type { FastMemory, Learning } from '../../memory/index.ts';
import type { ResultStore } from '../../results/index.ts';
import type { SearchIndex } from '../../search/index.ts';
import type { OwnRecords } from '../calls/own-records.ts';
import type { LocalEndpoints } from '../local/local-endpoints.ts';
import type { Readings } from '../local/readings.ts';

/**
 * What a tool may do, from harmless to not: annotations, what a call may keep and the docs follow from it.
 * `prepare` reads ConnectWise and prepares writes without sending them; `save` reads it and saves files on this computer.
 */
export type Access = 'local' | 'local-write' | 'read' | 'prepare' | 'save' | 'write';

/** Whether clients may take a tool of this access for one that changes nothing, and let it run without asking. */
export const isReadOnly = (access: Access): boolean => access === 'local' || access === 'read' || access === 'prepare';

/** Who is asked by the client and not by the model. */
export interface Person {
  /**
   * The answer to a question. Undefined where it was not put yet: the call then ends, the client puts it, and calls again
   * with the answer.
   * @param key what the question is about: an answer counts for the same key only
   */
  ask(key: string, question: string): 'accept' | 'decline' | 'cancel' | undefined;
}

/** What a running tool or call may use. Everything is opened on first use. */
export interface ToolContext {
  log: Log;
  now(): Date;
  /** The user's: the setting, else what they said of themselves, else the computer's. */
  zone(): Promise<Zone>;
  /** The user's member identifier: the setting, else what they said of themselves. */
  me(): Promise<string | undefined>;
  /** @throws GatewayError `configuration_invalid` */
  mode(): WriteMode;
  /** The configured site; an empty host while none is set. */
  site(): Pick<Site, 'host' | 'codebase'>;
  catalog(): Promise<Catalog>;
  searchIndex(): Promise<SearchIndex>;
  /** @throws GatewayError `not_configured` naming the setting that is missing */
  client(): Promise<ConnectWiseClient>;
  /** Names of set-up records, cached for a while. */
  lookups(): Promise<Lookups>;
  memory(): Promise<FastMemory>;
  /** The same for calls that work without it too: an empty one where the data folder cannot be used. */
  remembered(): Promise<FastMemory>;
  /** What of the data folder cannot be used, in sentences that were not said yet. */
  takeFallback(): string | undefined;
  changes(): Promise<Changes>;
  /** Answers of this process as tables. */
  results(): Promise<ResultStore>;
  downloads(): Downloads;
  local: LocalEndpoints;
  /** Lists that are read on after their call was answered. */
  readings: Pick<Readings, 'add'>;
  learning: Learning;
  ownRecords: OwnRecords;
  /**
   * Whether the call may keep something beyond it, other than a prepared change: a file, or who the user is. A tool that is
   * annotated as only reading may not; a command may, because a person typed it.
   */
  keeps(): boolean;
  /** The person at the client, where the client can put a question to them itself; absent where it cannot. */
  person?: Person;
  /** Name of the tool that is running, for the journal. */
  calledAs?: string;
  /** Reports the progress of a call to a client that asked for it; `total` where it is known. */
  progress(done: number, total: number | undefined, message: string): void;
}

export interface Tool<
  Input extends z.ZodObject = z.ZodObject,
  Output extends z.ZodObject = z.ZodObject,
  Result = unknown,
> {
  name: string;
  title: string;
  description: string;
  access: Access;
  /** Whether it removes something. */
  removes?: true;
  input: Input;
  output: Output;
  /** Returns plain data; a call of an endpoint its `CallResult`. */
  run(input: z.infer<Input>, context: ToolContext, signal: AbortSignal): Promise<Result> | Result;
  /** Turns what `run` returned into the data of the reply; only `reply.ts` makes text of it. */
  render(result: Result): z.infer<Output>;
}

type Written<Input extends z.ZodObject, Output extends z.ZodObject, Result> = Omit<
  Tool<Input, Output, Result>,
  'render'
>;

/**
 * A tool is a value; this lets TypeScript infer `run`'s arguments from the schemas. `render` is left out where `run`
 * returns the reply's data itself.
 */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject, Result>(
  tool: Tool<Input, Output, Result>,
): Tool<Input, Output, Result>;
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: Written<Input, Output, z.infer<Output>>,
): Tool<Input, Output, z.infer<Output>>;
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: Written<Input, Output, z.infer<Output>>,
): Tool<Input, Output, z.infer<Output>> {
  return { render: (result) => result, ...tool };
}

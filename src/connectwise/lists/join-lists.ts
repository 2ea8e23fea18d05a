import { basename } from 'node:path';
import { GatewayError } from '../../core/errors.ts';
import { defined, isRecord } from '../../core/json.ts';
import type { AnsweredFile, ConnectWiseAnswer, ConnectWiseClient, ConnectWiseRequest } from '../client.ts';
import type { Downloads } from '../documents/downloads.ts';
import type { ListEnd, Pages } from './list-pages.ts';
import { listPages, readPages } from './list-pages.ts';
import { pagesInFlight } from './read-pages.ts';

/** What fills the last `{…}` of the path: the id of a record. */
export type ParentId = string | number;

export interface JoinOptions {
  /** Path with one `{…}` left, such as `/service/tickets/{id}/notes`. */
  path: string;
  parents: readonly ParentId[];
  query?: Readonly<Record<string, string>>;
  /** Over all lists; 10,000 by default. */
  maxRecords?: number;
  hasCount?: boolean;
  /** As of one list: see `listPages`. */
  isList?: boolean;
  /** Keeps the records' files. */
  downloads: Pick<Downloads, 'save'>;
  /** Lists read at the same time: four, and one where files are expected, each of which may be large. */
  atOnce?: number;
  /** Of all files together; 500 MB by default. */
  maxFileBytes?: number;
  signal?: AbortSignal;
  onProgress?(progress: JoinProgress): void;
}

export interface JoinProgress {
  /** Lists read to their end, of how many; a file counts as one of them. */
  lists: number;
  of: number;
  rows: number;
  files: number;
  fileBytes: number;
}

/** A list that was not read, or not to its end. */
export interface OpenList {
  parent: ParentId;
  reason: string;
  failure?: GatewayError;
}

export interface JoinEnd extends JoinProgress {
  state: 'complete' | 'partial';
  /** In the order of the parents. */
  open: readonly OpenList[];
}

/** The member that holds the parent's id of a row; it replaces a member of the same name. */
const parentColumn = 'parentId';

const maxParents = 500;
/** The largest page of ConnectWise (CW 3.1). */
const firstPage = 1000;
const defaultMaxRecords = 10_000;
/** Ten of the largest that the transport accepts; more disk space than that is for the user to decide. */
const defaultMaxFileBytes = 500_000_000;

/**
 * The lists below many records as one: four read at a time, each to its end, every row with its parent's id. Rows come
 * in the order of the parents. A list that fails is named at the end, and the others are kept. Where the path of a
 * record answers a file, the file is saved, and its row holds the place.
 * @throws GatewayError `invalid_argument` for no parents, too many, or a path without a `{…}` for them
 */
export async function* joinLists(
  client: Pick<ConnectWiseClient, 'send'>,
  options: JoinOptions,
): AsyncGenerator<readonly unknown[], JoinEnd, void> {
  const parents = [...new Set(options.parents)];
  checkParents(parents);
  const requests = parents.map((parent) => requestFor(options, parent));
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);
  try {
    return yield* readLists(client, parents, requests, { ...options, signal });
  } finally {
    stop.abort();
  }
}

type FileAnswer = AnsweredFile & Pick<ConnectWiseAnswer, 'contentType'>;

interface ReadList {
  rows: readonly unknown[];
  end: ListEnd | GatewayError;
}

async function* readLists(
  client: Pick<ConnectWiseClient, 'send'>,
  parents: readonly ParentId[],
  requests: readonly ConnectWiseRequest[],
  options: JoinOptions,
): AsyncGenerator<readonly unknown[], JoinEnd, void> {
  const { maxRecords = defaultMaxRecords, atOnce = pagesInFlight, signal, onProgress } = options;
  const open: OpenList[] = [];
  const flying: Promise<ReadList>[] = [];
  let progress: JoinProgress = { lists: 0, of: parents.length, rows: 0, files: 0, fileBytes: 0 };
  let asked = 0;
  /** Why no more requests are made. */
  let stopped: string | undefined;
  const ask = () => {
    for (; flying.length < atOnce && asked < requests.length; asked += 1) {
      const request = requests[asked];
      if (request !== undefined) flying.push(readList(client, request, options));
    }
  };
  for (const [index, parent] of parents.entries()) {
    stopped ??= signal?.aborted ? 'cancelled' : progress.rows >= maxRecords ? 'max-records' : undefined;
    if (stopped === undefined) ask();
    const list = flying.shift();
    if (list === undefined) {
      open.push({ parent, reason: stopped ?? 'cancelled' });
      continue;
    }
    const read = await list;
    if (stopped === undefined) ask();
    const file = fileOf(read);
    const part =
      file === undefined
        ? takeRows(parent, read, maxRecords - progress.rows)
        : stopped === undefined
          ? await takeFile(options, { parent, path: requests[index]?.path ?? '', file }, progress.fileBytes)
          : { rows: [], open: { parent, reason: stopped } };
    if (part.open !== undefined) open.push(part.open);
    // The next file would fail like this one, after it was downloaded.
    if (file !== undefined) stopped ??= part.open?.reason;
    progress = {
      ...progress,
      lists: progress.lists + (part.open === undefined ? 1 : 0),
      rows: progress.rows + part.rows.length,
      files: progress.files + (part.fileBytes === undefined ? 0 : 1),
      fileBytes: progress.fileBytes + (part.fileBytes ?? 0),
    };
    onProgress?.(progress);
    if (part.rows.length > 0) yield part.rows;
  }
  return { ...progress, state: open.length === 0 ? 'complete' : 'partial', open };
}

/** All of one list. Nearly all end within a page, which is requested in the caller's own order. */
async function readList(
  client: Pick<ConnectWiseClient, 'send'>,
  request: ConnectWiseRequest,
  { hasCount = true, isList = false, maxRecords = defaultMaxRecords, signal }: JoinOptions,
): Promise<ReadList> {
  const options = defined({ hasCount, isList, maxRecords, signal });
  try {
    const first = await collect(listPages(client, request, { ...options, maxRecords: firstPage }));
    const goesOn = first.end.state === 'partial' && first.end.reason === 'more';
    return goesOn ? await collect(listPages(client, request, { ...options, allPages: true })) : first;
  } catch (error) {
    if (error instanceof GatewayError) return { rows: [], end: error };
    throw error;
  }
}

async function collect(pages: Pages): Promise<{ rows: readonly unknown[]; end: ListEnd }> {
  const rows: unknown[] = [];
  const end = await readPages(pages, (page) => {
    for (const row of page) rows.push(row);
  });
  // A path of one record instead of a list: the record is the row. A file has no body.
  return end.state === 'not-a-list' && end.answer.body !== undefined ? { rows: [end.answer.body], end } : { rows, end };
}

const fileOf = ({ end }: ReadList): FileAnswer | undefined => {
  if (end instanceof GatewayError || end.state !== 'not-a-list') return undefined;
  const { file, contentType } = end.answer;
  return file && { ...file, contentType };
};

/** The result of one list. */
interface Part {
  rows: readonly unknown[];
  open?: OpenList;
  fileBytes?: number;
}

function takeRows(parent: ParentId, { rows, end }: ReadList, atMost: number): Part {
  const taken = rows.slice(0, atMost);
  const open = findOpen(parent, end, taken.length < rows.length);
  return defined({ rows: taken.map((row) => withParent(row, parent)), open });
}

async function takeFile(
  { downloads, maxFileBytes = defaultMaxFileBytes }: JoinOptions,
  { parent, path, file }: { parent: ParentId; path: string; file: FileAnswer },
  bytesBefore: number,
): Promise<Part> {
  if (bytesBefore + file.content.byteLength > maxFileBytes) return { rows: [], open: { parent, reason: 'max-bytes' } };
  try {
    const { path: saved, mediaType: type, bytes: size } = await downloads.save({ path, ...file });
    return { rows: [{ [parentColumn]: parent, name: basename(saved), path: saved, type, size }], fileBytes: size };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { rows: [], open: { parent, reason: error.code, failure: error } };
  }
}

function findOpen(parent: ParentId, end: ListEnd | GatewayError, isCut: boolean): OpenList | undefined {
  if (end instanceof GatewayError) return { parent, reason: end.code, failure: end };
  if (isCut) return { parent, reason: 'max-records' };
  if (end.state !== 'partial') return undefined;
  return defined({ parent, reason: end.reason, failure: end.failure });
}

function withParent(row: unknown, parent: ParentId): unknown {
  return { ...(isRecord(row) ? row : { value: row }), [parentColumn]: parent };
}

function checkParents(parents: readonly ParentId[]): void {
  if (parents.length > 0 && parents.length <= maxParents) return;
  const message =
    parents.length === 0
      ? 'for_each names no record, so there is nothing to read.'
      : `for_each names ${parents.length} records; one call reads the lists of up to ${maxParents}.`;
  throw new GatewayError('invalid_argument', message, { details: { field: 'for_each' } });
}

function requestFor({ path, query }: JoinOptions, parent: ParentId): ConnectWiseRequest {
  const place = /\{[^{}/]*\}(?=[^{}]*$)/.exec(path);
  if (place === null) {
    throw new GatewayError('invalid_argument', `The path ${path} has no {…} for the ids of for_each.`, {
      details: { field: 'path' },
    });
  }
  const filled = `${path.slice(0, place.index)}${encodeURIComponent(parent)}${path.slice(place.index + place[0].length)}`;
  return defined<ConnectWiseRequest>({ method: 'GET', path: filled, query });
}

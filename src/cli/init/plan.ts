import type { ClientFile, Place } from '../clients/find-clients.ts';
import { type JsonText, readJsonText } from '../clients/json-text.ts';
import { findDifference } from './difference.ts';
import { type Entry, findEntry, listEntries, settingsOf } from './entry.ts';
import type { InitOptions } from './init-options.ts';
import { readIfThere } from './rewrite-file.ts';

/** A file as it was read; `bytes` are undefined while it does not exist. */
export interface ReadFile {
  bytes: Uint8Array | undefined;
  json: JsonText;
}

export interface ReadClient extends ReadFile {
  client: ClientFile;
  entries: readonly Entry[];
  /** What this program has there already. */
  entry: Entry | undefined;
}

/** One file that may change. */
export interface FilePlan {
  title: string;
  before: ReadFile;
  after: JsonText;
  /** The part of the file whose values may be shown. */
  shown: readonly string[];
  /** Its client, and the name of the entry; absent for the settings file. */
  client?: ClientFile;
  name?: string;
  /** A copy of what it was holds keys. */
  heldKeys: boolean;
}

export function readFile(file: string): ReadFile {
  const bytes = readIfThere(file);
  return { bytes, json: readJsonText(bytes, file) };
}

/** @throws GatewayError for a file that does not parse: it is not touched */
export function readClient(client: ClientFile, place: Place, options: InitOptions): ReadClient {
  const { bytes, json } = readFile(client.file);
  const entries = listEntries(json, place);
  return { client, bytes, json, entries, entry: findEntry(entries, options) };
}

export const isChanged = ({ before, after }: FilePlan) => before.json.text !== after.text;

export const differenceOf = ({ before, after, shown }: FilePlan) => findDifference(before.json, after, shown);

/** Whether keys stand in an entry, so that a copy of the file would keep them. */
export function holdsKeys(entry: Entry | undefined): boolean {
  if (entry === undefined) return false;
  const { publicKey, privateKey } = settingsOf(entry);
  return publicKey !== undefined || privateKey !== undefined;
}

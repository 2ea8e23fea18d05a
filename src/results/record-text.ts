import { isRecord } from '../core/json.ts';
import { cleanName, cleanText, isPlain } from '../core/text.ts';

const mask = '[redacted]';

// Members whose name says that they hold a secret; flags and counts about one are not masked. Reports write the same
// names as their columns: `License_Key`.
const secretName =
  /(password|passwd|secret|token|(private|api|signing|encryption|license)[\s_-]?key|initialization[\s_-]?vector)$/i;

/** Longer texts take too long to clean; those of plain characters need none. */
const maxCleaned = 500_000;

const cutText = (text: string): string =>
  text.length <= maxCleaned || isPlain(text)
    ? text
    : `${text.slice(0, maxCleaned)}… (${text.length - maxCleaned} more characters)`;

export interface TidyOptions {
  /** Keep nulls, empty values and `_info`, because they were asked for. */
  keepEmpty?: boolean;
}

/** A record for a reader: without nulls, empty values and `_info`, secret members masked, texts cleaned. A copy. */
export function tidyRecord(value: unknown, options: TidyOptions = {}): unknown {
  if (typeof value === 'string') return cleanText(cutText(value));
  if (Array.isArray(value)) return value.map((item) => tidyRecord(item, options));
  if (!isRecord(value)) return value;
  const tidy: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const member = value[name];
    if (name === '_info' && !options.keepEmpty) continue;
    const kept = isSecret(name, member, value) ? mask : tidyRecord(member, options);
    if (options.keepEmpty || !isEmpty(kept)) tidy[cleanName(name)] = kept;
  }
  return tidy;
}

/** Whether `tidyRecord` with `keepEmpty` would change nothing, as for most records, which then need no copy. */
export function isTidy(value: unknown): boolean {
  if (typeof value === 'string') return cleanText(cutText(value)) === value;
  if (Array.isArray(value)) return value.every(isTidy);
  if (!isRecord(value)) return true;
  for (const name of Object.keys(value)) {
    if (cleanName(name) !== name || isSecret(name, value[name], value) || !isTidy(value[name])) return false;
  }
  return true;
}

/** A custom field row is secret by its `type` (CW 5.13), an operation of a PATCH by its `path`, all else by its name. */
function isSecret(name: string, member: unknown, owner: Record<string, unknown>): boolean {
  if (typeof member !== 'string' || member === '') return false;
  if (secretName.test(name)) return true;
  if (name !== 'value') return false;
  if (owner.type === 'Password' && 'caption' in owner) return true;
  return typeof owner.path === 'string' && 'op' in owner && secretName.test(owner.path);
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isRecord(value) && Object.keys(value).length === 0;
}

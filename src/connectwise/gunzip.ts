import { promisify } from 'node:util';
import { gunzip as unzip } from 'node:zlib';
import { GatewayError } from '../core/errors.ts';

const unzipAsync = promisify(unzip);

/**
 * Unpacked bytes, or undefined when they are more than `maxBytes`: a small gzip can hold gigabytes.
 * @throws GatewayError `unreadable_answer` for damaged or cut off data
 */
export async function gunzip(packed: Uint8Array, maxBytes: number): Promise<Buffer | undefined> {
  try {
    return await unzipAsync(packed, { maxOutputLength: maxBytes });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE') return undefined;
    throw new GatewayError('unreadable_answer', 'The answer is packed with gzip and damaged or cut off.', { cause });
  }
}

import { basename } from 'node:path';
import { GatewayError } from '../../core/errors.ts';
import { allowedExtensions, extensionOf } from './file-kinds.ts';
import { renderSize } from './file-text.ts';
import type { Places } from './locate-file.ts';

/** Every reason why a file is not sent, in the words of a person who wanted it sent. */

/** Above what mail systems let through, and so above what tickets hold. */
export const maxUploadBytes = 25_000_000;

const pasted =
  'A picture pasted into the chat never reaches this computer: save it to Desktop or Downloads first, then give its name, or "newest".';

const details = { field: 'data/file' };

export function missingFile(wanted: string, places: Places, newest: readonly string[]): GatewayError {
  const what = wanted.toLowerCase() === 'newest' ? 'no picture' : `no file ${show(wanted)}`;
  return new GatewayError('invalid_argument', `There is ${what} in ${renderFolders(places)}.`, {
    details: { ...details, candidates: newest },
    hint: pasted,
  });
}

export function outsideFile(wanted: string, places: Places): GatewayError {
  return new GatewayError('invalid_argument', `${show(wanted)} is not sent: it is not in ${renderFolders(places)}.`, {
    details,
    hint: 'The user can copy the file there, or allow its folder in the setting CONNECTWISE_UPLOAD_DIRS.',
  });
}

export function ambiguousFile(wanted: string, paths: readonly string[]): GatewayError {
  return new GatewayError('invalid_argument', `${show(wanted)} is in several folders.`, {
    details: { ...details, candidates: paths.slice(0, 5) },
    hint: 'Give the whole path.',
  });
}

export function notAPath(wanted: string): GatewayError {
  return new GatewayError('invalid_argument', `data/file is a path, a file name or "newest", not ${show(wanted)}.`, {
    details,
    hint: pasted,
  });
}

export function notAFile(path: string): GatewayError {
  return new GatewayError('invalid_argument', `${show(basename(path))} is not a file: folders are not sent.`, {
    details,
    hint: 'Put several files into one ZIP archive, or send them one by one.',
  });
}

export function wrongKind(path: string): GatewayError {
  const extension = extensionOf(basename(path));
  const what = extension === '' ? 'files without an extension' : `files of the kind .${extension}`;
  return new GatewayError('invalid_argument', `${show(basename(path))} is not sent: ${what} are not for tickets.`, {
    details: { ...details, candidates: allowedExtensions },
    hint: 'If the user wants it there all the same, they can attach it in ConnectWise themselves.',
  });
}

export function tooLarge(path: string, bytes: number): GatewayError {
  const problem =
    bytes === 0 ? 'it is empty' : `it has ${renderSize(bytes)}, and at most ${renderSize(maxUploadBytes)} are`;
  return new GatewayError('invalid_argument', `${show(basename(path))} is not sent: ${problem}.`, { details });
}

export function unreadableFile(path: string, cause: unknown): GatewayError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  if (code === 'EISDIR') return notAFile(path);
  if (code === 'ENOENT' || code === 'ELOOP') {
    return new GatewayError('invalid_argument', `${show(basename(path))} is not there any more.`, { details, cause });
  }
  return new GatewayError('storage_failed', `${show(basename(path))} cannot be read (${code}).`, {
    cause,
    details,
    hint: 'Close the program that holds it. On macOS, allow the app to read this folder: Privacy & Security > Files and Folders.',
  });
}

const renderFolders = ({ folders }: Places): string =>
  folders.map(({ path }) => path).join(', ') || 'Downloads, Desktop or Pictures, which are not there';

const show = (wanted: string): string => JSON.stringify(wanted.length > 80 ? `${wanted.slice(0, 79)}…` : wanted);

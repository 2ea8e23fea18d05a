import { findKind } from './file-kinds.ts';

/** The first bytes of kinds that are known by them; a dot stands for any byte. */
const signatures: readonly (readonly [start: RegExp, mediaType: string])[] = [
  [/^\x89PNG\r\n/, 'image/png'],
  [/^\xFF\xD8\xFF/, 'image/jpeg'],
  [/^GIF8[79]a/, 'image/gif'],
  [/^RIFF....WEBP/s, 'image/webp'],
  [/^%PDF-/, 'application/pdf'],
];

/** A type by the content alone, where the first bytes tell it. */
export function sniffMediaType(content: Uint8Array): string | undefined {
  const start = Buffer.from(content.subarray(0, 16)).toString('latin1');
  return signatures.find(([signature]) => signature.test(start))?.[1];
}

/**
 * What a downloaded file is. Downloads are announced as octets whatever they hold (CW 5.8.2), so content and name are
 * asked too.
 */
export function findMediaType(content: Uint8Array, announced: string, name: string | undefined): string {
  const type = announced.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const says = type !== '' && type !== 'application/octet-stream' && type !== 'application/force-download';
  return sniffMediaType(content) ?? (says ? type : (findKind(name ?? '')?.mediaType ?? 'application/octet-stream'));
}

/** A text of at most so many characters; undefined for anything longer, and for what is no text. */
export function findShortText(content: Uint8Array, mediaType: string, maxCharacters: number): string | undefined {
  const isText = mediaType.startsWith('text/') || mediaType === 'application/json' || mediaType === 'application/xml';
  // No character takes more than four bytes in UTF-8 or UTF-16.
  if (!isText || content.byteLength > maxCharacters * 4) return undefined;
  const encoding = content[0] === 0xff && content[1] === 0xfe ? 'utf-16le' : 'utf-8';
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(content);
    return text.length <= maxCharacters && !text.includes('\0') ? text : undefined;
  } catch {
    return undefined;
  }
}

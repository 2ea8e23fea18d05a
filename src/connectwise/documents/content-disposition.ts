/** What a `Content-Disposition` header (RFC 6266) says of a file. */
export interface Disposition {
  /** To be saved, whatever its type is. */
  isAttachment: boolean;
  /** As the sender wrote it: not safe as the name of a file. */
  fileName?: string;
}

/** Reads the header, of which only the file name may be in any character set. Never throws. */
export function readDisposition(header: string | undefined): Disposition {
  if (header === undefined) return { isAttachment: false };
  const isAttachment = /^\s*attachment\s*(;|$)/i.test(header);
  const fileName = readExtended(header) ?? readPlain(header);
  return { isAttachment, ...(fileName === undefined || fileName.trim() === '' ? {} : { fileName }) };
}

/** `filename*=UTF-8''na%C3%AFve.txt` (RFC 8187), which wins where both are given. */
function readExtended(header: string): string | undefined {
  const [, charset = '', encoded = ''] = /;\s*filename\*\s*=\s*"?([\w-]+)'[\w-]*'([^;"\s]+)/i.exec(header) ?? [];
  if (encoded === '') return undefined;
  const bytes = Buffer.from(
    encoded.replace(/%([\dA-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
  return decode(bytes, charset);
}

function readPlain(header: string): string | undefined {
  const [, quoted, token] = /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]+))/i.exec(header) ?? [];
  // A backslash before anything but a quote is one of a Windows path that was not escaped.
  const name = quoted?.replace(/\\(["\\])/g, '$1') ?? token?.trim();
  if (name === undefined) return undefined;
  return decodeWords(repairUtf8(name));
}

/** Headers are read byte by byte, and many senders write UTF-8 there all the same. */
function repairUtf8(name: string): string {
  if (!/^[\0-\xFF]*$/.test(name) || !/[\x80-\xFF]/.test(name)) return name;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(name, 'latin1'));
  } catch {
    return name;
  }
}

/** `=?utf-8?B?…?=` (RFC 2047): not meant for HTTP, but what .NET writes for a name beyond ASCII. */
function decodeWords(name: string): string {
  return name
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?([\w-]+)\?([BQ])\?([^?]*)\?=/gi, (whole, charset: string, encoding: string, text: string) => {
      const bytes =
        encoding.toUpperCase() === 'B'
          ? Buffer.from(text, 'base64')
          : Buffer.from(
              text
                .replaceAll('_', ' ')
                .replace(/=([\dA-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
              'latin1',
            );
      return decode(bytes, charset) ?? whole;
    });
}

function decode(bytes: Buffer, charset: string): string | undefined {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return undefined;
  }
}

import { createHash } from 'node:crypto';

/** The one file of a form. */
export interface FormFile {
  name: string;
  mediaType: string;
  content: Uint8Array;
}

/** What goes as multipart/form-data in the place of JSON (CW 1.4.2). */
export interface Form {
  fields: Readonly<Record<string, string>>;
  /** Sent as the field `file`. */
  file?: FormFile;
}

/** A form as bytes (RFC 7578), written as browsers write it: names as UTF-8 in plain quotes, the file last. */
export function encodeForm({ fields, file }: Form): { contentType: string; body: Uint8Array } {
  const head = Object.entries(fields).map(
    ([name, value]) => `Content-Disposition: form-data; name="${escapeName(name)}"\r\n\r\n${value}\r\n`,
  );
  const fileHead =
    file === undefined
      ? undefined
      : `Content-Disposition: form-data; name="file"; filename="${escapeName(file.name)}"\r\nContent-Type: ${file.mediaType}\r\n\r\n`;
  const content = file?.content ?? new Uint8Array();
  const boundary = boundaryFor([...head, fileHead ?? ''], content);
  const parts: Uint8Array[] = head.map((part) => Buffer.from(`--${boundary}\r\n${part}`));
  if (fileHead !== undefined) parts.push(Buffer.from(`--${boundary}\r\n${fileHead}`), content, Buffer.from('\r\n'));
  parts.push(Buffer.from(`--${boundary}--\r\n`));
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: Buffer.concat(parts) };
}

/** A hash of all there is between the boundaries: nothing can hold the hash of itself. */
function boundaryFor(texts: readonly string[], content: Uint8Array): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text).update('\0');
  return `----form-${hash.update(content).digest('hex').slice(0, 32)}`;
}

const escapeName = (name: string) =>
  name.replace(/[\r\n"]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);

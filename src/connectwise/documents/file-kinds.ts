/** A kind of file that may leave this computer, by its extension. */
export interface FileKind {
  /** As a person says it: `PNG image`. */
  label: string;
  mediaType: string;
  isImage: boolean;
}

/**
 * What people attach to tickets, and why it is allowed. Other files are never sent: keys, certificates, password stores, databases,
 * settings and programs are never what a ticket wants, and a text that talks a model into sending one must fail.
 */
const groups: readonly { why: string; kinds: Readonly<Record<string, readonly [label: string, mediaType: string]>> }[] =
  [
    {
      why: 'pictures of screens and devices',
      kinds: {
        png: ['PNG image', 'image/png'],
        jpg: ['JPEG image', 'image/jpeg'],
        jpeg: ['JPEG image', 'image/jpeg'],
        gif: ['GIF image', 'image/gif'],
        webp: ['WebP image', 'image/webp'],
        bmp: ['BMP image', 'image/bmp'],
        tif: ['TIFF image', 'image/tiff'],
        tiff: ['TIFF image', 'image/tiff'],
        heic: ['HEIC image', 'image/heic'],
      },
    },
    {
      why: 'quotes, orders, contracts, manuals',
      kinds: {
        pdf: ['PDF document', 'application/pdf'],
        doc: ['Word document', 'application/msword'],
        docx: ['Word document', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
        xls: ['Excel workbook', 'application/vnd.ms-excel'],
        xlsx: ['Excel workbook', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
        ppt: ['PowerPoint presentation', 'application/vnd.ms-powerpoint'],
        pptx: ['PowerPoint presentation', 'application/vnd.openxmlformats-officedocument.presentationml.presentation'],
        odt: ['OpenDocument text', 'application/vnd.oasis.opendocument.text'],
        ods: ['OpenDocument spreadsheet', 'application/vnd.oasis.opendocument.spreadsheet'],
        vsdx: ['Visio drawing', 'application/vnd.ms-visio.drawing'],
        rtf: ['RTF document', 'application/rtf'],
      },
    },
    {
      why: 'notes, exports, what a device or a program logged',
      kinds: {
        txt: ['text file', 'text/plain'],
        md: ['text file', 'text/markdown'],
        log: ['log file', 'text/plain'],
        csv: ['CSV table', 'text/csv'],
        tsv: ['TSV table', 'text/tab-separated-values'],
        json: ['JSON file', 'application/json'],
        xml: ['XML file', 'application/xml'],
        evtx: ['Windows event log', 'application/octet-stream'],
        etl: ['Windows trace', 'application/octet-stream'],
        pcap: ['network capture', 'application/vnd.tcpdump.pcap'],
        pcapng: ['network capture', 'application/octet-stream'],
      },
    },
    {
      why: 'mail, as mail programs save it',
      kinds: {
        eml: ['mail', 'message/rfc822'],
        msg: ['Outlook mail', 'application/vnd.ms-outlook'],
        ics: ['calendar entry', 'text/calendar'],
      },
    },
    {
      why: 'several files in one, and recordings of a fault',
      kinds: {
        zip: ['ZIP archive', 'application/zip'],
        '7z': ['7-Zip archive', 'application/x-7z-compressed'],
        mp4: ['video', 'video/mp4'],
        mov: ['video', 'video/quicktime'],
        wav: ['sound', 'audio/wav'],
        mp3: ['sound', 'audio/mpeg'],
      },
    },
  ];

const kinds: ReadonlyMap<string, FileKind> = new Map(
  groups.flatMap((group) =>
    Object.entries(group.kinds).map(([extension, [label, mediaType]]) => [
      extension,
      { label, mediaType, isImage: mediaType.startsWith('image/') },
    ]),
  ),
);

/** Extensions that may be uploaded, for a message. */
export const allowedExtensions: readonly string[] = [...kinds.keys()];

/** Lower case without the dot; empty for none, for a hidden file, and where the dot belongs to a sentence or number. */
export function extensionOf(name: string): string {
  return /.\.(?=[\w-]*[a-z])([a-z0-9][\w-]{0,24})$/is.exec(name)?.[1]?.toLowerCase() ?? '';
}

export const findKind = (name: string): FileKind | undefined => kinds.get(extensionOf(name));

/** The extension of files of a type; undefined for a generic type. */
export function findExtension(mediaType: string): string | undefined {
  if (mediaType === 'application/octet-stream') return undefined;
  for (const [extension, kind] of kinds) if (kind.mediaType === mediaType) return extension;
  return undefined;
}

/** The first bytes of kinds that are recognised by them; a dot matches any byte. */
const signatures: readonly (readonly [start: RegExp, mediaType: string])[] = [
  [/^\x89PNG\r\n/, 'image/png'],
  [/^\xFF\xD8\xFF/, 'image/jpeg'],
  [/^GIF8[79]a/, 'image/gif'],
  [/^RIFF....WEBP/s, 'image/webp'],
  [/^%PDF-/, 'application/pdf'],
];

/** A type by the first bytes alone; undefined where they are not those of a known type. */
export function sniffMediaType(content: Uint8Array): string | undefined {
  const start = Buffer.from(content.subarray(0, 16)).toString('latin1');
  return signatures.find(([signature]) => signature.test(start))?.[1];
}

/**
 * What a downloaded file is. Downloads are announced as octets whatever they hold (CW 5.8.2), so content and name count
 * too.
 */
export function findMediaType(content: Uint8Array, announced: string, name: string | undefined): string {
  const type = announced.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const says = type !== '' && type !== 'application/octet-stream' && type !== 'application/force-download';
  return sniffMediaType(content) ?? (says ? type : (findKind(name ?? '')?.mediaType ?? 'application/octet-stream'));
}

/** A text of at most so many characters; undefined for a longer one, and for anything else. */
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

import { singular } from '../../core/english.ts';
import { extensionOf, findExtension } from './file-kinds.ts';

/** Far below every limit of a file system: Windows counts the whole path, and its limit is 260. */
const maxCharacters = 120;
const maxBytes = 200;

/** Devices of Windows, whatever follows a dot: opening `NUL.txt` opens the device. */
const reserved = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$|clock\$)\s*(\.|$)/i;

/**
 * Files that a system acts on as soon as their folder is shown, for example by sending the user's password hash to a
 * server: shortcuts, libraries and themes of Windows, and starters of Linux.
 */
const actsAlone =
  /(^desktop\.ini|^autorun\.inf|\.(lnk|url|website|scf|pif|library-ms|search-ms|searchconnector-ms|theme|themepack|deskthemepack|desktop))$/i;

/**
 * A name for a downloaded file that is one plain file in every folder on every system, whoever wrote it: no path, no
 * device, no invisible or direction-changing characters, nothing hidden.
 * @param given the name that came with the file
 * @param path the path that answered it, from which a name is made where none came
 */
export function toSafeFileName(given: string | undefined, path: string, mediaType: string): string {
  const own = clean(given ?? '');
  const name = own === '' ? clean(nameOfPath(path)) || 'file' : own;
  const extension = extensionOf(name) === '' ? findExtension(mediaType) : undefined;
  const whole = shorten(extension === undefined ? name : `${name}.${extension}`);
  return `${reserved.test(whole) ? '_' : ''}${whole}${actsAlone.test(whole) ? '.txt' : ''}`;
}

/** The same name with a number before its extension: `report (2).pdf`. */
export function numberFileName(name: string, number: number): string {
  if (number < 2) return name;
  const extension = extensionOf(name);
  const stem = extension === '' ? name : name.slice(0, -extension.length - 1);
  return `${stem} (${number})${name.slice(stem.length)}`;
}

function clean(given: string): string {
  const [last = ''] = given.toWellFormed().normalize('NFC').split(/[/\\]/).slice(-1);
  return (
    last
      .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\uFFFD]/gu, '')
      .replace(/[<>:"|?*]/g, '_')
      .replace(/\s+/g, ' ')
      // A leading dot hides a file; Windows drops dots and spaces at the end, so that the name would differ from the one that was checked.
      .replace(/^[. ]+|[. ]+$/g, '')
  );
}

function shorten(name: string): string {
  const extension = extensionOf(name);
  const tail = extension === '' ? '' : name.slice(-extension.length - 1);
  const stem: string[] = [];
  let bytes = Buffer.byteLength(tail);
  let length = tail.length;
  for (const character of name.slice(0, name.length - tail.length)) {
    bytes += Buffer.byteLength(character);
    length += character.length;
    if (bytes > maxBytes || length > maxCharacters) break;
    stem.push(character);
  }
  return `${stem.join('').replace(/[. ]+$/, '')}${tail}`;
}

/** `/finance/invoices/12/pdf` is `invoice-12`, `/company/contacts/5/image` is `contact-5-image`. */
function nameOfPath(path: string): string {
  const [, ...segments] = path.split('/').filter(Boolean);
  const words = segments.map((segment, index) =>
    /^\d+$/.test(segments[index + 1] ?? '') ? singular(segment) : segment,
  );
  const plain = words.filter((word) => !/^(download|pdf)$/i.test(word));
  return plain.join('-').replace(/%[\dA-Fa-f]{2}/g, '_');
}

import { realpath } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ambiguousFile, notAPath, outsideFile } from './refuse-file.ts';
import { isBelow, type UploadFolder } from './upload-folders.ts';

export interface Places {
  home: string;
  folders: readonly UploadFolder[];
}

/**
 * The real path of a file that a person named: absolute, below `~`, as a `file:` URL, or by name in one of the
 * folders. Undefined where there is none.
 * @throws GatewayError `invalid_argument` for one outside the folders, or that several folders have
 */
export async function locateFile(wanted: string, places: Places): Promise<string | undefined> {
  const { folders } = places;
  // By the text first: only looking at a path of another computer already tells that computer the user's password hash.
  const candidates = candidatesFor(wanted, places).filter((path) =>
    folders.some((folder) => isBelow(folder.path, path) || isBelow(folder.real, path)),
  );
  if (candidates.length === 0) throw outsideFile(wanted, places);
  const found = new Set<string>();
  for (const path of candidates) {
    const real = await realpath(path).catch(() => undefined);
    if (real !== undefined) found.add(real);
  }
  // Then by where it really is: links are followed, and must not lead out.
  const inside = [...found].filter((path) => folders.some(({ real }) => isBelow(real, path)));
  if (inside.length === 0 && found.size > 0) throw outsideFile(wanted, places);
  if (inside.length > 1) throw ambiguousFile(wanted, inside);
  return inside[0];
}

function candidatesFor(wanted: string, { home, folders }: Places): string[] {
  // Content in the place of a path is what a model tries that has seen a picture in the chat.
  if (wanted === '' || wanted.length > 1_000 || /^data:|[\p{Cc}]/iu.test(wanted)) throw notAPath(wanted);
  const path = /^file:/i.test(wanted) ? fromUrl(wanted) : wanted;
  if (/^~[/\\]/.test(path)) return [join(home, path.slice(2))];
  if (isAbsolute(path)) return [resolve(path)];
  return [home, ...folders.map((folder) => folder.path)].map((folder) => join(folder, path));
}

function fromUrl(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    throw notAPath(url);
  }
}

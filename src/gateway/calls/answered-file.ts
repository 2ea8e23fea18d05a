import {
  type AnsweredFile,
  type ConnectWiseAnswer,
  type ConnectWiseRequest,
  findMediaType,
  findShortText,
  sniffMediaType,
} from '../../connectwise/index.ts';
import { defined } from '../../core/json.ts';
import { renderSize } from '../../core/text.ts';
import type { ToolContext } from '../tools/tool.ts';
import type { About, FileResult } from './result.ts';

/** Longer texts are read from the file. */
const maxTextCharacters = 2_000;
/** A larger picture costs a conversation more than it shows; hosts also refuse large replies. */
const maxImageBytes = 200_000;
/** Pictures that models can see. */
const imageTypes: readonly string[] = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

/**
 * Saves a file that ConnectWise answered on this computer, if the call may keep one; a small text or picture is shown
 * either way.
 */
export async function saveAnsweredFile(
  context: ToolContext,
  { path, query = {} }: Pick<ConnectWiseRequest, 'path' | 'query'>,
  { file, contentType }: Pick<ConnectWiseAnswer, 'contentType'> & { file: AnsweredFile },
): Promise<FileResult & About> {
  const { content } = file;
  const kept = context.keeps() ? await context.downloads().save({ path, contentType, ...file }) : undefined;
  const bytes = content.byteLength;
  const kind = kept?.mediaType ?? findMediaType(content, contentType, file.fileName);
  // The type by the bytes, not by the header: a model fails on a picture that is something else, and its conversation too.
  const mediaType = imageTypes.find((type) => type === sniffMediaType(content));
  const isSmall = bytes <= maxImageBytes;
  const tooLarge = `The picture is larger than ${renderSize(maxImageBytes)}, so it is not shown here.`;
  return defined<FileResult & About>({
    what: 'file',
    state: 'complete',
    path: kept?.path,
    mediaType: kind,
    bytes,
    text: findShortText(content, kind, maxTextCharacters),
    image: mediaType !== undefined && isSmall ? { mediaType, content } : undefined,
    notes: mediaType !== undefined && !isSmall ? [tooLarge] : [],
    advice:
      kept === undefined
        ? [
            {
              kind: 'save_file',
              path: Object.keys(query).length === 0 ? path : `${path}?${new URLSearchParams(query)}`,
            },
          ]
        : [],
  });
}

import {
  type AnsweredFile,
  type ConnectWiseAnswer,
  type ConnectWiseRequest,
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

/** Saves a file that ConnectWise answered on this computer; a small text or picture is shown too. */
export async function saveAnsweredFile(
  context: ToolContext,
  { path }: Pick<ConnectWiseRequest, 'path'>,
  { file, contentType }: Pick<ConnectWiseAnswer, 'contentType'> & { file: AnsweredFile },
): Promise<FileResult & About> {
  const { content } = file;
  const saved = await context.downloads().save({ path, contentType, ...file });
  // The type by the bytes, not by the header: a model fails on a picture that is something else, and its conversation too.
  const mediaType = imageTypes.find((type) => type === sniffMediaType(content));
  const isSmall = saved.bytes <= maxImageBytes;
  const tooLarge = `The picture is larger than ${renderSize(maxImageBytes)}, so it is not shown here.`;
  return defined<FileResult & About>({
    what: 'file',
    state: 'complete',
    path: saved.path,
    mediaType: saved.mediaType,
    bytes: saved.bytes,
    text: findShortText(content, saved.mediaType, maxTextCharacters),
    image: mediaType !== undefined && isSmall ? { mediaType, content } : undefined,
    notes: mediaType !== undefined && !isSmall ? [tooLarge] : [],
    advice: [],
  });
}

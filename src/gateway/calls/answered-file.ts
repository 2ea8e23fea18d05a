import type { AnsweredFile, ConnectWiseAnswer, ConnectWiseRequest } from '../../connectwise/client.ts';
import { renderSize } from '../../connectwise/documents/file-text.ts';
import { findShortText, sniffMediaType } from '../../connectwise/documents/media-type.ts';
import type { ToolContext } from '../tools/tool.ts';
import type { FileResult, Told } from './result.ts';

/** Longer texts are read from the file. */
const maxTextCharacters = 2_000;
/** A larger picture costs a conversation more than it tells; hosts also refuse large replies. */
const maxImageBytes = 200_000;
/** What models see. */
const imageTypes: readonly string[] = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

/** A file that ConnectWise answered: kept on this computer, and shown where it is small. */
export async function fileOutput(
  context: ToolContext,
  { path }: Pick<ConnectWiseRequest, 'path'>,
  { file: answered, contentType }: Pick<ConnectWiseAnswer, 'contentType'> & { file: AnsweredFile },
): Promise<FileResult & Told> {
  const { content } = answered;
  const file = await context.downloads().save({ path, contentType, ...answered });
  const text = findShortText(content, file.mediaType, maxTextCharacters);
  // By its bytes alone: a model that is given something else as a picture fails, and its conversation with it.
  const imageType = imageTypes.find((type) => type === sniffMediaType(content));
  const isSmall = file.bytes <= maxImageBytes;
  const tooLarge = `The picture is larger than ${renderSize(maxImageBytes)}, so it is not shown here.`;
  return {
    what: 'file',
    state: 'complete',
    path: file.path,
    mediaType: file.mediaType,
    bytes: file.bytes,
    ...(text === undefined ? {} : { text }),
    ...(imageType !== undefined && isSmall ? { image: { mediaType: imageType, content } } : {}),
    notes: imageType !== undefined && !isSmall ? [tooLarge] : [],
    advice: [],
  };
}

import { isRecord, parseObject } from './chat.ts';

/** The last JSON object in a text that has the member, with or without a fence around it. */
export function findFinalJson(text: string, member: string): Record<string, unknown> | undefined {
  let found: Record<string, unknown> | undefined;
  for (let start = text.indexOf('{'); start >= 0; start = text.indexOf('{', start + 1)) {
    const end = endOfObject(text, start);
    if (end === undefined) continue;
    const value = parseObject(text.slice(start, end));
    if (isRecord(value) && Object.hasOwn(value, member)) {
      found = value;
      start = end - 1;
    }
  }
  return found;
}

/** The index after the brace that closes the one at `start`; braces in texts do not count. */
function endOfObject(text: string, start: number): number | undefined {
  let depth = 0;
  let inText = false;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (inText && character === '\\') at += 1;
    else if (character === '"') inText = !inText;
    else if (!inText && character === '{') depth += 1;
    else if (!inText && character === '}') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}

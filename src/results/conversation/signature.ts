/**
 * Lines of a mail without its signature and the notices of lawyers and filters. What is no signature beyond doubt stays:
 * a line too many is read over, one too few is missed.
 */
export function cutSignature(lines: readonly string[]): { lines: string[]; isCut: boolean } {
  const kept = withoutNotices(lines);
  const from = signatureStart(kept);
  return { lines: kept.slice(0, from), isCut: from < kept.length || kept.length < lines.length };
}

const longest = 300;
/** A signature of more lines is a mail that happens to hold two dashes. */
const mostLines = 20;

function signatureStart(lines: readonly string[]): number {
  const marked = lines.findIndex((line, at) => /^\s*(?:--|—)\s*$/.test(line) && lines.length - at <= mostLines);
  const end = marked < 0 ? lines.length : marked;
  const sent = lines.findIndex((line, at) => at < end && lines.length - at <= mostLines && isDeviceLine(line));
  const before = sent < 0 ? end : sent;
  return closingEnd(lines.slice(0, before)) ?? before;
}

const device =
  /^(?:(?:Sent|Gesendet|Envoyé|Enviado|Verzonden)\s(?:from|von|depuis|de|desde|vanaf)\s|Get Outlook for\s)\S.{0,50}$/i;

const isDeviceLine = (line: string) => line.length < 80 && device.test(line.trim());

const closing =
  /^(?:(?:kind|best|warm|many)?\s?(?:regards|wishes)|best|thanks?(?: you)?(?: again| so much| very much| in advance)?|many thanks|cheers|sincerely|yours(?: truly| sincerely)?|mit freundlichen grüßen|viele grüße|cordialement|saludos|met vriendelijke groet)[\s,.!]*$/i;
const contact = /@|\bwww\.|https?:|\+?\d[\d\s().-]{6,}\d|\s\|\s/;

/** After `Kind regards,` and a name, if only short lines with a way to reach someone follow. */
function closingEnd(lines: readonly string[]): number | undefined {
  const at = lines.findLastIndex((line) => line.length < 60 && closing.test(line.trim()));
  if (at < 0) return undefined;
  const after = lines.slice(at + 1);
  const isShort = after.length <= mostLines && after.every((line) => line.length <= 100);
  if (!isShort || !after.some((line) => contact.test(line))) return undefined;
  const name = after.findIndex((line) => line.trim() !== '');
  const isName = name >= 0 && !contact.test(after[name] ?? '');
  return at + 1 + (isName ? name + 1 : 0);
}

const noticeStart =
  /^\W{0,5}(?:this (?:e-?mail|message|communication)|confidentiality notice|disclaimer|caution|warning|external|the information (?:contained )?in this|diese e-?mail|ce message)\b/i;
const noticeWord =
  /confidential|intended (?:only |solely )?for|privileged|addressee|originated (?:from )?outside|outside (?:of )?(?:the|your) organi[sz]ation|vertraulich|confidentiel/i;

/** Paragraphs that say only who may read the mail, or where it came from. */
function withoutNotices(lines: readonly string[]): string[] {
  return lines.filter((line) => {
    const start = line.slice(0, longest);
    return !(noticeStart.test(start) && noticeWord.test(start));
  });
}

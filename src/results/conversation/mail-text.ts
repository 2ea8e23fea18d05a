import { cleanText } from '../../core/text.ts';
import { type LeftOut, looksLikeHtml, renderHtml, shortenLinks } from './html-text.ts';

export interface MailText {
  text: string;
  /** What was in the text and is not shown. */
  leftOut: ReadonlySet<LeftOut>;
}

/**
 * What the writer of a note or mail says: without HTML, hidden text, quoted mail and signature. A text that is nothing
 * else stays, without what is hidden.
 */
export function readMailText(sent: string): MailText {
  const raw = sent.slice(0, longestRead);
  const html = looksLikeHtml(raw);
  const read = html ? renderHtml(raw) : { text: raw, leftOut: new Set<LeftOut>() };
  const leftOut = new Set(read.leftOut);
  const quoted = cutQuotedMail(toLines(read.text));
  if (quoted.isCut) leftOut.add('quoted mail');
  const signed = cutSignature(quoted.lines);
  if (signed.isCut) leftOut.add('signature');
  const text = joinLines(signed.lines);
  if (text !== '' || leftOut.size === 0) return { text, leftOut };
  const whole = html ? renderHtml(raw, { keepMail: true }) : { text: raw, leftOut: new Set<LeftOut>() };
  return { text: joinLines(toLines(whole.text)), leftOut: whole.leftOut };
}

// Three times what the largest reply holds; nested deeper than a mail ever is, the parser's time grows with the square.
const longestRead = 100_000;

// Joiners (U+200C, U+200D) belong to scripts and to emoji; these three are only there to be invisible.
const invisible = /[\u200B\u2060\uFEFF]/g;

function toLines(text: string): string[] {
  const plain = shortenLinks(
    cleanText(text)
      .replace(invisible, '')
      .replace(/\u00A0/g, ' '),
  );
  return plain.split(/\r\n|\r|\n/).map((line) => line.replace(/[ \t]+$/, ''));
}

/** Lines as one text, paragraphs one empty line apart. */
const joinLines = (lines: readonly string[]) =>
  lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();

/** Lines of a mail without those it quotes; a forwarded mail is no quote. */
function cutQuotedMail(lines: readonly string[]): { lines: string[]; isCut: boolean } {
  const kept: string[] = [];
  let isCut = false;
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (isForward(line)) return { lines: [...kept, ...lines.slice(at)], isCut };
    const length = line.startsWith('>') ? 1 : attributionLength(lines, at);
    // The answer may stand below what it quotes, line by line.
    if (line.startsWith('>') || (length > 0 && nextLine(lines, at + length).startsWith('>'))) {
      isCut = true;
      at += length - 1;
      continue;
    }
    if (length > 0 || isSeparator(line) || isMailHead(lines, at)) return { lines: dropRule(kept), isCut: true };
    kept.push(line);
  }
  return { lines: kept, isCut };
}

// Longer lines are prose: not looked at, so that no expression meets a long input.
const longest = 300;

const opener = /^(?:On|Am|Le|El|Op|Il|Em|Den)\s/;
const verb = /\s(?:wrote|schrieb|a écrit|escribió|schreef|ha scritto|escreveu|skrev)\b.{0,80}:\s*$/i;

/** Lines that `On Monday, Dana <dana@…> wrote:` takes from here on, at most three; 0 where there is none. */
function attributionLength(lines: readonly string[], at: number): number {
  const line = lines[at] ?? '';
  if (line.length > longest || !opener.test(line)) return 0;
  for (const length of [1, 2, 3]) {
    const joined = lines.slice(at, at + length).join(' ');
    if (joined.length <= longest && verb.test(joined)) return length;
  }
  return 0;
}

const separator =
  /^\s*-{2,}\s*(?:Original Message|Ursprüngliche Nachricht|Message d['’]origine|Mensaje original|Oorspronkelijk bericht|Messaggio originale)\s*-{2,}\s*$/i;

const isSeparator = (line: string) => line.length <= longest && separator.test(line);

const forward = /^\s*(?:-{2,}\s*(?:Forwarded message|Weitergeleitete Nachricht)\s*-{2,}|Begin forwarded message:)\s*$/i;

const isForward = (line: string) => line.length <= longest && forward.test(line);

const sender = /^\*{0,2}(?:From|Von|De|Da|Van)\s?:\*{0,2}\s*\S/i;
const otherHead =
  /^\*{0,2}(?:Sent|Date|To|Cc|Subject|Gesendet|Datum|An|Betreff|Envoyé|Objet|À|Enviado|Fecha|Para|Asunto|Verzonden|Aan|Onderwerp)\s?:/i;

/** `From:` with at least two of `Sent:`, `To:`, `Subject:` in the next lines, as Outlook puts above what it quotes. */
function isMailHead(lines: readonly string[], at: number): boolean {
  const line = lines[at] ?? '';
  if (line.length > longest || !sender.test(line)) return false;
  return lines.slice(at + 1, at + 6).filter((next) => otherHead.test(next.slice(0, longest))).length >= 2;
}

const nextLine = (lines: readonly string[], from: number) => lines.slice(from).find((line) => line.trim() !== '') ?? '';

/** Without the rule that mail programs draw above a quoted mail. */
function dropRule(lines: string[]): string[] {
  const last = lines.findLastIndex((line) => line.trim() !== '');
  return /^[_-]{5,}$/.test(lines[last]?.trim() ?? '') ? lines.slice(0, last) : lines;
}

/**
 * Lines of a mail without its signature and the notices of lawyers and filters. What is not a signature beyond doubt stays:
 * a reader skips a line too many, but misses one too few.
 */
function cutSignature(lines: readonly string[]): { lines: string[]; isCut: boolean } {
  const kept = withoutNotices(lines);
  const from = signatureStart(kept);
  return { lines: kept.slice(0, from), isCut: from < kept.length || kept.length < lines.length };
}

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

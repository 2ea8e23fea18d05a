import { cleanText } from '../../core/text.ts';
import { type LeftOut, looksLikeHtml, renderHtml } from './html-text.ts';
import { shortenLinks } from './links.ts';
import { cutQuotedMail } from './quoted-mail.ts';
import { cutSignature } from './signature.ts';

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

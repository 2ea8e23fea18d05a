import { Parser } from 'htmlparser2';
import { cleanText } from '../../core/text.ts';

/** A kind of text that is not shown. */
export type LeftOut = 'signature' | 'quoted mail' | 'hidden text';

export interface MailText {
  text: string;
  /** What was in the text and is not shown. */
  leftOut: ReadonlySet<LeftOut>;
}

/**
 * The text that the writer of a note or mail wrote: without HTML, hidden text, quoted mail and signature. Where nothing
 * would be left, quoted mail and signature stay.
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

// Three times the largest reply. A limit is needed: for deeply nested HTML the parser's time grows with the square.
const longestRead = 100_000;

function toLines(text: string): string[] {
  const plain = shortenLinks(cleanText(text).replace(/\u00A0/g, ' '));
  return plain.split(/\r\n|\r|\n/).map((line) => line.replace(/[ \t]+$/, ''));
}

/** Lines as one text, paragraphs one empty line apart. */
const joinLines = (lines: readonly string[]) =>
  lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();

/** Lines of a mail without those it quotes; a forwarded mail is not a quote. */
function cutQuotedMail(lines: readonly string[]): { lines: string[]; isCut: boolean } {
  const kept: string[] = [];
  let isCut = false;
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (isForward(line)) return { lines: [...kept, ...lines.slice(at)], isCut };
    const length = line.startsWith('>') ? 1 : attributionLength(lines, at);
    // The reply may follow each quoted line.
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

// Longer lines are prose and not matched, so that no regular expression runs on a long input.
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

/** Without the line of dashes that mail programs put above a quoted mail. */
function dropRule(lines: string[]): string[] {
  const last = lines.findLastIndex((line) => line.trim() !== '');
  return /^[_-]{5,}$/.test(lines[last]?.trim() ?? '') ? lines.slice(0, last) : lines;
}

/**
 * Lines of a mail without its signature and without legal and filter notices. Where it is not certainly a signature it
 * stays: a line too many does no harm, a missing line does.
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

/** Without paragraphs that only say who may read the mail, or where it came from. */
function withoutNotices(lines: readonly string[]): string[] {
  return lines.filter((line) => {
    const start = line.slice(0, longest);
    return !(noticeStart.test(start) && noticeWord.test(start));
  });
}

interface HtmlText {
  text: string;
  leftOut: ReadonlySet<LeftOut>;
}

/** A tag that a browser knows; `<dana@example.com>` in plain text is not one. */
const anyTag =
  /<\/?(?:html|head|body|div|p|br|span|b|i|u|em|strong|font|table|tr|td|ul|ol|li|a|img|blockquote|pre|hr)\b[^<>]*>/i;

const looksLikeHtml = (text: string): boolean => anyTag.test(text);

const silent = new Set(['script', 'style', 'head', 'title', 'template', 'object', 'svg']);
const blocks = new Set(
  'address article blockquote body div dl dt dd footer form h1 h2 h3 h4 h5 h6 header hr li ol p pre section table tr ul'.split(
    ' ',
  ),
);

// Classes and ids that mail programs give to quoted mail and signatures.
const quoteClass = /\b(?:gmail_quote|yahoo_quoted|protonmail_quote|moz-cite-prefix)\b/;
const quoteId = /^(?:x_)*(?:divRplyFwdMsg|appendonsend|reply-intro)$/i;
const signatureMark = /\b(?:gmail_signature|moz-signature|ms-outlook-mobile-signature)\b|^(?:x_)*Signature$/i;

/** The state of the text inside one open element. */
interface Scope {
  /** Why its text is not shown. */
  without?: LeftOut | 'silent';
  /** Letters of no size are hidden until an inner element gives them one. */
  tiny: boolean;
  /** Where the text of a link begins. */
  link?: { start: number; href: string };
}

/**
 * The text of an HTML mail as a person sees it, in lines. Hidden text is left out, and what the mail program marked as
 * quoted or as a signature, unless `keepMail`. Accepts any input: the HTML of mails is often invalid.
 */
function renderHtml(html: string, { keepMail = false } = {}): HtmlText {
  const leftOut = new Set<LeftOut>();
  const scopes: Scope[] = [];
  let text = '';
  // Outlook marks only the start of the quoted mail.
  let quotedToTheEnd = false;
  const scope = (): Scope => scopes.at(-1) ?? { tiny: false };
  const newLine = () => {
    if (text !== '' && !text.endsWith('\n')) text = `${text.trimEnd()}\n`;
  };
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (!keepMail && quoteId.test(attributes.id ?? '')) quotedToTheEnd = true;
        const opened = openScope(scope(), name, attributes, keepMail);
        const isShown = opened.without === undefined && !quotedToTheEnd;
        if (isShown && blocks.has(name)) newLine();
        if (isShown) text += markOf(name, attributes);
        if (name === 'a' && isShown) opened.link = { start: text.length, href: attributes.href ?? '' };
        scopes.push(opened);
      },
      ontext(part) {
        const { without, tiny } = scope();
        const reason = quotedToTheEnd ? 'quoted mail' : (without ?? (tiny ? 'hidden text' : undefined));
        const isBlank = part.trim() === '';
        if (reason === undefined) text += isBlank && text.endsWith('\n') ? '' : part.replace(/[ \t\r\n\f]+/g, ' ');
        else if (reason !== 'silent' && !isBlank) leftOut.add(reason);
      },
      onclosetag(name) {
        const { link, without } = scopes.pop() ?? { tiny: false };
        if (link !== undefined) text = text.slice(0, link.start) + renderLink(text.slice(link.start), link.href);
        if (without !== undefined || quotedToTheEnd) return;
        if (blocks.has(name)) newLine();
        if (name === 'p') text += '\n';
        if (name === 'td' || name === 'th') text += ' ';
      },
    },
    { decodeEntities: true },
  );
  parser.write(html);
  parser.end();
  return { text: text.trim(), leftOut };
}

/** The text of an element that has none of its own. */
function markOf(name: string, { alt }: Record<string, string>): string {
  if (name === 'br') return '\n';
  if (name === 'li') return '- ';
  if (name === 'img') return alt ? `[image: ${alt}]` : '[image]';
  // An address in angle brackets reads as a tag.
  return name.includes('@') ? `<${name}>` : '';
}

function openScope(outer: Scope, name: string, attributes: Record<string, string>, keepMail: boolean): Scope {
  const { id = '', class: classes = '', style = '', type, hidden } = attributes;
  const size = /font-size\s*:\s*([\d.]+)/i.exec(style)?.[1];
  const tiny = size === undefined ? outer.tiny : Number(size) === 0;
  if (outer.without !== undefined) return { without: outer.without, tiny };
  if (silent.has(name)) return { without: 'silent', tiny };
  if (hidden !== undefined || isHidden(style)) return { without: 'hidden text', tiny };
  if (keepMail) return { tiny };
  if (quoteClass.test(classes) || (name === 'blockquote' && type === 'cite')) return { without: 'quoted mail', tiny };
  return signatureMark.test(classes) || signatureMark.test(id) ? { without: 'signature', tiny } : { tiny };
}

const isHidden = (style: string) =>
  /(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|(?:opacity|max-height)\s*:\s*0(?:\.0+)?(?![.\d]))/i.test(
    style,
  );

// Microsoft's mail filter replaces each link by a very long one of its own (CW 10.2).
const safeLink = /https:\/\/[\w.-]{1,80}\.safelinks\.protection\.outlook\.com\/[^\s<>")\]]*/gi;
const markdownImage = /!\[([^\]\n]{0,200})\]\([^)\s]+\)/g;
const maxLength = 120;

/** A text with wrapped links unwrapped, and Markdown images replaced by their description. */
function shortenLinks(text: string): string {
  return text
    .replace(markdownImage, (_whole, alt: string) => (alt === '' ? '[image]' : `[image: ${alt}]`))
    .replace(safeLink, unwrap);
}

/** The text of a link, with its target where the text does not show it. */
function renderLink(text: string, href: string): string {
  const target = unwrap(href.trim());
  const shown = text.trim();
  if (!/^https?:/i.test(target) || shown.includes('[image')) return text;
  if (shown === '') return clip(target);
  return withoutScheme(shown) === withoutScheme(target) ? text : `${text.trimEnd()} (${clip(target)})`;
}

function unwrap(link: string): string {
  if (!/safelinks\.protection\.outlook\.com/i.test(link)) return link;
  const target = URL.canParse(link) ? new URL(link).searchParams.get('url') : null;
  return target !== null && /^https?:\/\//i.test(target) ? clip(target) : link;
}

const clip = (link: string) => (link.length > maxLength ? `${link.slice(0, maxLength - 1)}…` : link);

const withoutScheme = (link: string) => link.replace(/^https?:\/\/(?:www\.)?|^www\.|\/$/gi, '').toLowerCase();

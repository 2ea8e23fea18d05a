import { Parser } from 'htmlparser2';

/** What was in a text and is not shown. */
export type LeftOut = 'signature' | 'quoted mail' | 'hidden text';

export interface HtmlText {
  text: string;
  leftOut: ReadonlySet<LeftOut>;
}

/** A tag that a browser knows; `<dana@example.com>` in plain text is none. */
const anyTag =
  /<\/?(?:html|head|body|div|p|br|span|b|i|u|em|strong|font|table|tr|td|ul|ol|li|a|img|blockquote|pre|hr)\b[^<>]*>/i;

export const looksLikeHtml = (text: string): boolean => anyTag.test(text);

const silent = new Set(['script', 'style', 'head', 'title', 'template', 'object', 'svg']);
const blocks = new Set(
  'address article blockquote body div dl dt dd footer form h1 h2 h3 h4 h5 h6 header hr li ol p pre section table tr ul'.split(
    ' ',
  ),
);

// Marks that mail programs set around what they quote and sign.
const quoteClass = /\b(?:gmail_quote|yahoo_quoted|protonmail_quote|moz-cite-prefix)\b/;
const quoteId = /^(?:x_)*(?:divRplyFwdMsg|appendonsend|reply-intro)$/i;
const signatureMark = /\b(?:gmail_signature|moz-signature|ms-outlook-mobile-signature)\b|^(?:x_)*Signature$/i;

/** What holds for the text inside one open element. */
interface Scope {
  /** Why its text is not shown. */
  without?: LeftOut | 'silent';
  /** Letters of no size are hidden until an inner element gives them one. */
  tiny: boolean;
  /** Where the text of a link begins. */
  link?: { start: number; href: string };
}

/**
 * The text of an HTML mail as a person sees it, in lines; what nobody sees is left out, and what the mail program marked
 * as quoted or as a signature, unless `keepMail`. Takes any input: HTML of mails is rarely right.
 */
export function renderHtml(html: string, { keepMail = false } = {}): HtmlText {
  const leftOut = new Set<LeftOut>();
  const scopes: Scope[] = [];
  let text = '';
  // Outlook marks where the quoted mail begins, and not where it ends.
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

/** What an element that holds no text shows. */
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

// Mail filters of Microsoft put an address of theirs, many lines long, in place of each link (CW 10.2).
const safeLink = /https:\/\/[\w.-]{1,80}\.safelinks\.protection\.outlook\.com\/[^\s<>")\]]*/gi;
const markdownImage = /!\[([^\]\n]{0,200})\]\([^)\s]+\)/g;
const maxLength = 120;

/** A text with wrapped links unwrapped, and pictures of Markdown named instead of held. */
export function shortenLinks(text: string): string {
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

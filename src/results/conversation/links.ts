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
export function renderLink(text: string, href: string): string {
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

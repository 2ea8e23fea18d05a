/** Lines of a mail without those it quotes; a forwarded mail is no quote. */
export function cutQuotedMail(lines: readonly string[]): { lines: string[]; isCut: boolean } {
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

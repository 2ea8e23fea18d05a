import { createBlanking } from '../core/log.ts';
import type { HttpAnswer } from './client.ts';
import { type Credentials, secrets } from './credentials.ts';

/**
 * A function that blanks the keys in an answer: a server or proxy that gives back what it was sent must not bring them
 * into tables, files and replies. Bodies are looked through for the keys as they are and as a request carries them,
 * which costs little; every other form is blanked where a text leaves the process.
 */
export function createAnswerBlanking(credentials: Credentials): (answer: HttpAnswer) => HttpAnswer {
  const known = secrets(credentials);
  const blank = createBlanking(known);
  const needles = [...known, encodedName(credentials)]
    .filter((text) => blank(text) !== text)
    .map((text) => Buffer.from(text));
  return (answer) => {
    const headers = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, blank(value)]));
    const { buffer, byteOffset, byteLength } = answer.body;
    const body = Buffer.from(buffer, byteOffset, byteLength);
    const isHit = needles.some((needle) => body.includes(needle));
    // Byte for byte, so that neither the character set nor the kind of file matters: by chance no file holds a key.
    return { ...answer, headers, body: isHit ? Buffer.from(blank(body.toString('latin1')), 'latin1') : answer.body };
  };
}

/** How the header begins, without the characters that what follows has a part in. */
function encodedName({ userName }: Credentials): string {
  const bytes = Buffer.from(userName);
  return bytes.toString('base64').slice(0, Math.floor((bytes.length * 4) / 3));
}

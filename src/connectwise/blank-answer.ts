import { createBlanking } from '../log.ts';
import type { HttpAnswer } from './client.ts';

/** What is read as text; a picture that holds a key by chance stays whole. */
const textType = /^(?:text\/|application\/(?:[\w.-]+\+)?(?:json|xml)\b)|^$/i;

/**
 * A function that blanks the keys in an answer: a server or proxy that gives back what it was sent must not bring them
 * into tables, files and replies. Bodies are looked through for the keys as a request carries them, which costs little;
 * every other form is blanked where a text leaves the process.
 */
export function createAnswerBlanking(secrets: readonly string[]): (answer: HttpAnswer) => HttpAnswer {
  const blank = createBlanking(secrets);
  const needles = secrets.filter((secret) => blank(secret) !== secret).map((secret) => Buffer.from(secret));
  return (answer) => {
    const headers = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, blank(value)]));
    const { buffer, byteOffset, byteLength } = answer.body;
    const body = Buffer.from(buffer, byteOffset, byteLength);
    const isHit = textType.test(headers['content-type'] ?? '') && needles.some((needle) => body.includes(needle));
    // Byte for byte, so that the character set of the body does not matter.
    return { ...answer, headers, body: isHit ? Buffer.from(blank(body.toString('latin1')), 'latin1') : answer.body };
  };
}

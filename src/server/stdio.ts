import type { Readable, Writable } from 'node:stream';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { createServer, type ServerParts } from './create-server.ts';

export interface StdioServer {
  close(): Promise<void>;
}

/** Where messages come from and go to: those of the process, unless a test serves elsewhere. */
export interface StdioStreams {
  stdin: Readable;
  stdout: Writable;
}

export interface StdioEvents {
  /** Something came that is none of the protocol; what it was is not told. */
  onError(message: string): void;
  /** The connection has ended, also where stdin has not: a line too long to read is the end of it. */
  onClose(): void;
}

/** Serves every protocol version on stdin and stdout; nothing is opened before a tool is called. */
export function openStdioServer(
  parts: ServerParts,
  { stdin, stdout }: StdioStreams,
  { onError, onClose }: StdioEvents,
): StdioServer {
  const wire = new StdioServerTransport(stdin, stdout);
  const served = serveStdio(() => createServer(parts), {
    transport: wire,
    onerror: (error) => onError(withoutContent(error.message)),
  });
  // Set by the library when it began to serve; it has no event of its own for the end.
  const endServing = wire.onclose;
  wire.onclose = () => {
    endServing?.();
    onClose();
  };
  return served;
}

/** The library quotes what it received, and lists every way in which it is none of the protocol: a log holds neither. */
function withoutContent(message: string): string {
  const [words = ''] = message.split(/[[{"']/, 1);
  return words.trim().slice(0, 200) || 'a message that is none of the protocol';
}

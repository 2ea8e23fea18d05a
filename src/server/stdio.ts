import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { createServer, type ServerParts } from './create-server.ts';

export interface StdioServer {
  close(): Promise<void>;
}

/** Serves every protocol version on stdin and stdout; nothing is opened before a tool is called. */
export function openStdioServer(parts: ServerParts, onError: (message: string) => void): StdioServer {
  return serveStdio(() => createServer(parts), { onerror: (error) => onError(withoutContent(error.message)) });
}

/** The library quotes what it received, and lists every way in which it is none of the protocol: a log holds neither. */
function withoutContent(message: string): string {
  const [words = ''] = message.split(/[[{"']/, 1);
  return words.trim().slice(0, 200) || 'a message that is none of the protocol';
}

import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { createServer, type ServerParts } from './create-server.ts';

export interface StdioServer {
  close(): Promise<void>;
}

/** Serves every protocol version on stdin and stdout; nothing is opened before a tool is called. */
export function openStdioServer(parts: ServerParts, onError: (message: string) => void): StdioServer {
  return serveStdio(() => createServer(parts), { onerror: (error) => onError(error.message) });
}

import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Log } from '../log.ts';
import { createServer, type ServerParts } from './create-server.ts';

export interface StdioServer {
  close(): Promise<void>;
}

/** Serves every protocol version on stdin and stdout; nothing is opened before a tool is called. */
export function openStdioServer(parts: ServerParts, log: Log): StdioServer {
  return serveStdio(() => createServer(parts), {
    onerror: (error) => log.warn('protocol', { error: error.message }),
  });
}

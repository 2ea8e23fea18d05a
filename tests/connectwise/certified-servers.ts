import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Certificate } from './make-certificate.ts';

/** Servers on loopback that show the certificates they are given, and a folder for the files of their authorities. */
export interface CertifiedServers {
  /** Answers the port; every request is kept and answered with an empty list. */
  serve(certificate: ServerOptions & Certificate): Promise<number>;
  folder: string;
  /** Answers the path of a new file in the folder. */
  write(name: string, text: string): Promise<string>;
  /** Requests that arrived at any of them. */
  seen: { url: string; headers: IncomingHttpHeaders }[];
  close(): Promise<void>;
}

export async function openCertifiedServers(): Promise<CertifiedServers> {
  const folder = await mkdtemp(join(tmpdir(), 'certificates-'));
  const servers: Server[] = [];
  const opened: CertifiedServers = {
    folder,
    seen: [],
    async serve(certificate) {
      const server = createServer(certificate, ({ url = '', headers }, response) => {
        opened.seen.push({ url, headers });
        response.writeHead(200, { 'content-type': 'application/json' }).end('[]');
      });
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return (server.address() as AddressInfo).port;
    },
    async write(name, text) {
      const path = join(folder, name);
      await writeFile(path, text);
      return path;
    },
    async close() {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
      await rm(folder, { recursive: true });
    },
  };
  return opened;
}

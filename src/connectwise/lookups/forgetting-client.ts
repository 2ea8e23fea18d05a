import type { ConnectWiseClient } from '../client.ts';
import { isWrite } from '../is-write.ts';
import type { Lookups } from './lookups.ts';

/** A client whose writes make names that were looked up be read again, also where the answer was lost. */
export function forgettingClient(
  client: ConnectWiseClient,
  lookups: () => Promise<Lookups> | undefined,
): ConnectWiseClient {
  return {
    ...client,
    async send(request, signal) {
      try {
        return await client.send(request, signal);
      } finally {
        if (isWrite(request.method, request.path)) (await lookups()?.catch(() => undefined))?.dropped(request.path);
      }
    },
  };
}

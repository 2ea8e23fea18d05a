import { type ConnectWiseClient, isWrite } from '../../connectwise/index.ts';
import { GatewayError } from '../../core/errors.ts';
import type { WriteMode } from '../changes.ts';
import { type Policy, refuseDenied } from './policy.ts';

/** A client that reads: whoever asks it to write is refused where the request would leave, whatever the mode. */
export function readingClient(client: ConnectWiseClient): ConnectWiseClient {
  return {
    ...client,
    async send(request, signal) {
      if (!isWrite(request.method, request.path)) return client.send(request, signal);
      throw new GatewayError(
        'read_only',
        `${request.method} ${request.path} was not sent: writes go by prepared changes.`,
      );
    },
  };
}

/** The one client that writes, for prepared changes: mode and policy are asked once more where the request leaves. */
export function writingClient(client: ConnectWiseClient, mode: WriteMode, policy: () => Policy): ConnectWiseClient {
  return {
    ...client,
    async send(request, signal) {
      if (isWrite(request.method, request.path)) refuseDenied(mode, policy(), request);
      return client.send(request, signal);
    },
  };
}

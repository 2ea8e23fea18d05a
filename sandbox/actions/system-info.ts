import { jsonAnswer } from '../answer.ts';
import { sandboxVersion } from '../company-info.ts';

/** CW 5.11. */
export function systemInfo(): Response {
  return jsonAnswer(200, {
    version: sandboxVersion.number,
    isCloud: true,
    serverTimeZone: 'Eastern Standard Time',
    licenseBits: [{ name: 'ServiceTicket', activeFlag: true }],
    cloudRegion: 'NA',
  });
}

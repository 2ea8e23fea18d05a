import { resolve } from 'node:path';
import type { OptionName } from '../../config/index.ts';
import type { TestedSettings } from '../../gateway/connection-test.ts';
import type { JsonText } from '../clients/json-text.ts';
import { setMember } from './edit-json.ts';

/** Settings of the connection; the prefix says the same as the company. */
export const connectionSettings = [
  'apiUrl',
  'companyId',
  'publicKey',
  'privateKey',
  'authPrefix',
  'clientId',
] as const satisfies readonly OptionName[];

/** Settings that the settings file cannot hold, or that are about one start only. */
const neverKept: readonly OptionName[] = ['dataDir', 'sandbox', 'now'];
const files: readonly OptionName[] = ['caFile', 'catalogFile', 'auditFile', 'downloadDir'];

type Texts = Readonly<Partial<Record<OptionName, string>>>;

/**
 * The keys lie in one place, the settings file in the data folder: every client and every terminal finds them there, and
 * no file that clients rewrite, sync or keep copies of has them.
 */
export function setSettings(json: JsonText, connection: TestedSettings, given: Texts): JsonText {
  const texts: Record<string, string | undefined> = { ...connection, authPrefix: undefined, ...keptOf(given) };
  return Object.entries(texts).reduce((edited, [name, text]) => setMember(edited, [name], text), json);
}

/** Without the connection; what else was set stays. */
export function forgetConnection(json: JsonText): JsonText {
  return connectionSettings.reduce((edited, name) => setMember(edited, [name], undefined), json);
}

/** Settings given as flags, as the file keeps them: a client starts the program in another folder than this one. */
function keptOf(given: Texts): Record<string, string> {
  const kept = (Object.entries(given) as [OptionName, string][]).filter(([name, text]) => {
    const isConnection = connectionSettings.some((one) => one === name);
    // The file may not send writes at once (ARCHITECTURE.md, decisions).
    return !isConnection && !neverKept.includes(name) && !(name === 'mode' && text === 'allow');
  });
  return Object.fromEntries(
    kept.map(([name, text]) => [name, files.includes(name) && !text.startsWith('~') ? resolve(text) : text]),
  );
}

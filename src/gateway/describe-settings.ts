import { type LoadedConfig, optionNames, options } from '../config.ts';
import { readConnection } from '../connectwise/connection.ts';
import { GatewayError } from '../errors.ts';
import type { StatusLine } from '../local/status.ts';

/** The settings that were found and whence; keys as set, never shown. */
export function describeSettings({ config, origins, file }: LoadedConfig): StatusLine[] {
  const found = optionNames.flatMap((name) => {
    const origin = origins[name];
    // How the settings came here says nothing of what they are.
    if (origin === undefined || origin === 'default' || name === 'extensionFields') return [];
    // A site may be written with a password in it, which the client then refuses.
    const shown = 'secret' in options[name] ? 'set' : String(config[name]).replace(/\/\/[^/@]*@/, '//…@');
    return [`${options[name].variable} = ${shown} (${origin})`];
  });
  const detail = found.length > 0 ? found.join('; ') : `none set; the settings file is ${file}`;
  if (config.sandbox)
    return [{ check: 'settings', state: 'ok', detail: `${detail}; the sandbox needs no credentials` }];
  try {
    // The client's own reading: it knows which setting may stand for another.
    readConnection(config);
    return [{ check: 'settings', state: 'ok', detail }];
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return [{ check: 'settings', state: 'warning', detail, fix: error.message }];
  }
}

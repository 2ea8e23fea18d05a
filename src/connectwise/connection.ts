import { type CredentialSettings, type Credentials, notConfigured, readCredentials } from './credentials.ts';
import { settingNames } from './setting-names.ts';
import { parseSite, type Site } from './site.ts';

/**
 * Site and credentials out of the settings; everything that is missing is named at once.
 * @throws GatewayError `not_configured`, `configuration_invalid`
 */
export function readConnection(settings: CredentialSettings & { apiUrl?: string | undefined }): {
  site: Site;
  credentials: Credentials;
} {
  const apiUrl = settings.apiUrl?.trim();
  if (!apiUrl) throw notConfigured(settings, [settingNames.apiUrl]);
  return { credentials: readCredentials(settings), site: parseSite(apiUrl) };
}

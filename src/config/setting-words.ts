import { GatewayError } from '../core/errors.ts';
import { isSet, type Option, optionNames, options } from './settings.ts';

/** The name of the one-click extension in its client. */
export const extensionTitle = 'ConnectWise PSA';

const place = `The fields are in Claude Desktop: Settings > Extensions > ${extensionTitle}; turning it off and on there starts it again.`;

/** Names settings as this user finds them: fields of the one-click extension by title, others by variable. */
export interface SettingWords {
  inText(text: string): string;
  /** The same for a next step, which then also says where the fields are. */
  inHint(text: string): string;
  inError(error: GatewayError): GatewayError;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @param environment says in CONNECTWISE_EXTENSION_FIELDS that an extension started this, and what it asks for */
export function createSettingWords(environment: Environment): SettingWords {
  const listed = environment[options.extensionFields.variable];
  if (!isSet(listed)) return { inText: (text) => text, inHint: (text) => text, inError: (error) => error };
  const fields = new Set(listed.split(/\s+/));
  const names = new Map(optionNames.map((name) => [options[name].variable as string, name]));
  const fieldOf = (variable: string) => fields.has(names.get(variable) ?? '');
  // What asks for all settings names none of them.
  const mentionsField = (text: string) =>
    text.includes(askedByInit) || (text.match(variablePattern) ?? []).some(fieldOf);
  const inText = (text: string) =>
    text
      .replace(variablePattern, (variable) => {
        const name = names.get(variable);
        if (name === undefined) return variable;
        const { title = name }: Option = options[name];
        if (fields.has(name)) return `“${title}”`;
        if (isSet(environment[variable])) return `“${title}” (built into this extension)`;
        return name === 'dataDir' ? variable : `${name} in config.json of the data folder`;
      })
      // Users of the extension set no variables and use no terminal.
      .replace(' (from environment)', '')
      .replace(`${askedByInit}; or set`, 'Set')
      .replaceAll('`doctor`', '`GET /gateway/status`');
  const withPlace = (text: string, ...among: string[]) =>
    among.some(mentionsField) ? `${inText(text)} ${place}` : inText(text);
  return {
    inText,
    inHint: (text) => withPlace(text, text),
    inError({ code, message, hint, details, cause }) {
      return new GatewayError(code, inText(message), { hint: withPlace(hint, message, hint), details, cause });
    },
  };
}

const askedByInit = '`init` in a terminal asks for them';

const variablePattern = /\bCONNECTWISE_[A-Z_]+\b/g;

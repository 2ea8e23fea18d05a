import { type CredentialSettings, isGuid } from './credentials.ts';
import { settingNames } from './setting-names.ts';

/** What is odd about a setting that is there, said without its value. */
export interface CredentialTrap {
  setting: string;
  problem: string;
  fix: string;
}

type Name = 'companyId' | 'publicKey' | 'privateKey' | 'authPrefix' | 'clientId';
interface Given {
  name: Name;
  setting: string;
  text: string;
}

const isKey = (name: Name) => name === 'publicKey' || name === 'privateKey';

/** What people copy wrongly; each is a guess from the form alone, since only ConnectWise knows whether keys are right. */
export function findCredentialTraps(settings: CredentialSettings): CredentialTrap[] {
  const names: readonly Name[] = ['companyId', 'publicKey', 'privateKey', 'authPrefix', 'clientId'];
  const given = names.flatMap((name): Given[] => {
    const text = settings[name]?.trim();
    return text ? [{ name, setting: settingNames[name], text }] : [];
  });
  return [...given.flatMap((one) => findFormTrap(one) ?? []), ...findMixUps(given)];
}

function findFormTrap(given: Given): CredentialTrap | undefined {
  const { name, setting, text } = given;
  const found = (problem: string, fix: string) => ({ setting, problem, fix });
  if (/^["'`“”‘’«»]|["'`“”‘’«»]$/.test(text)) return found('has quotes around it', 'Write it without quotes.');
  if (/^your\b|example|^<.*>$|xxxx|^0{8}-/i.test(text)) return found('is a placeholder', 'Put your own in its place.');
  if (name === 'companyId' && /^https?:|\.(?:com|net)\b|@/i.test(text))
    return found('is an address', 'Write the company as you type it when you log in; the site has its own setting.');
  if (name === 'companyId' && /\+./.test(text))
    return found('holds more than the company', 'Write what stands before the plus sign only.');
  if (isKey(name) && text.includes('+'))
    return found('holds a plus sign', 'Write the key alone, without the company and the plus sign before it.');
  if (/\s/.test(text) && (isKey(name) || name === 'clientId'))
    return found('has white space within it', 'Copy it again, in one piece.');
  return undefined;
}

function findMixUps(given: readonly Given[]): CredentialTrap[] {
  const textOf = (name: Name) => given.find((one) => one.name === name)?.text;
  const keys = given.filter(({ name }) => isKey(name));
  const traps: CredentialTrap[] = [];
  const [first, second] = keys;
  if (first !== undefined && second !== undefined && first.text === second.text) {
    const fix = 'Copy each from ConnectWise; the private one is shown once, when the key is made.';
    traps.push({ setting: second.setting, problem: `is the same as ${first.setting}`, fix });
  }
  for (const { setting, text } of keys) {
    if (!isGuid(text)) continue;
    traps.push({ setting, problem: 'is a GUID, as client ids are', fix: `Put it into ${settingNames.clientId}.` });
  }
  const clientId = textOf('clientId');
  if (clientId !== undefined && !isGuid(clientId)) {
    const fix = 'Copy it from developer.connectwise.com/ClientID: eight, four, four, four and twelve characters.';
    traps.push({ setting: settingNames.clientId, problem: 'is no GUID', fix });
  }
  return traps;
}

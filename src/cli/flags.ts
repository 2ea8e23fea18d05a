import { GatewayError } from '../core/errors.ts';
import type { CommandCall } from './command.ts';

/**
 * The whole number that a flag gives; undefined without the flag.
 * @throws GatewayError `usage` that names the flag, its value and what is allowed
 */
export function readWhole(
  flags: CommandCall['flags'],
  name: string,
  [least, most]: readonly [number, number],
): number | undefined {
  const text = flags[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(String(text)) && value >= least && value <= most) return value;
  const range = [least, most].map((end) => end.toLocaleString('en')).join(' to ');
  throw new GatewayError('usage', `--${name} ${String(text)} is not a whole number from ${range}.`);
}

/**
 * The values of a repeatable flag `NAME=VALUE`, by name.
 * @throws GatewayError `usage`
 */
export function readPairs(flag: string, texts: readonly string[] = []): Record<string, string> {
  const pairs = texts.map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1) throw new GatewayError('usage', `--${flag} ${JSON.stringify(pair)} is not NAME=VALUE.`);
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  return Object.fromEntries(pairs);
}

import { existsSync, readFileSync } from 'node:fs';
import * as z from 'zod';
import { GatewayError } from '../../core/errors.ts';
import { parsePattern } from './pattern.ts';
import type { Policy } from './policy.ts';

const patternsSchema = z.array(z.string()).default([]);
export const policySchema = z.strictObject({ deny: patternsSchema, confirm: patternsSchema, allow: patternsSchema });

/** The policy of a file; without the file nothing is refined. Never throws: what cannot be read allows no writing. */
export function readPolicy(file: string): Policy {
  try {
    const text = readFileSync(file, 'utf8');
    // Editors of Windows put a byte order mark before the text.
    const { deny, confirm, allow } = policySchema.parse(JSON.parse(text.replace(/^\uFEFF/, '')));
    return { deny: deny.map(parsePattern), confirm: confirm.map(parsePattern), allow: allow.map(parsePattern) };
  } catch (error) {
    const nothing = { deny: [], confirm: [], allow: [] };
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return nothing;
    return { ...nothing, unreadable: `${file} cannot be read: ${reasonOf(error)}` };
  }
}

/**
 * The policy of the file that a setting names, made stricter by the one in the data folder: whoever hands out the
 * former answers for what is allowed. Without the setting the one in the data folder rules.
 */
export function readPolicies(named: string | undefined, own: string): Policy {
  const ours = readPolicy(own);
  if (named === undefined) return ours;
  const given = readPolicy(named);
  // What was meant to rule and is gone must not leave everything allowed.
  const lost = existsSync(named) ? undefined : `${named} is not there.`;
  const unreadable = given.unreadable ?? ours.unreadable ?? lost;
  return {
    named: true,
    deny: [...given.deny, ...ours.deny],
    confirm: [...given.confirm, ...ours.confirm],
    allow: given.allow,
    ...(unreadable === undefined ? {} : { unreadable }),
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) return `${z.prettifyError(error).replace(/\s*\n\s*/g, ' ')}.`;
  if (error instanceof GatewayError) return `${error.message} ${error.hint}`;
  return `${error instanceof Error ? error.message : String(error)}.`;
}

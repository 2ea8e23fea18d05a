import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { parsePattern } from '../../src/changes/policy/pattern.ts';
import { policySchema } from '../../src/changes/policy/read-policy.ts';
import { options } from '../../src/config/settings.ts';
import { parseSite } from '../../src/connectwise/site.ts';
import { GatewayError } from '../../src/core/errors.ts';

/** Adds what `parse` throws to the faults of a preset. */
const parsedBy = (parse: (text: string) => unknown) => (text: string, context: z.RefinementCtx) => {
  try {
    parse(text);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    context.addIssue({ code: 'custom', message: `${error.message} ${error.hint}` });
  }
};

const parsePolicyPatterns = ({ deny, confirm, allow }: z.infer<typeof policySchema>, context: z.RefinementCtx) => {
  for (const text of [...deny, ...confirm, ...allow]) parsedBy(parsePattern)(text, context);
};

// A host would fill in what it takes for a placeholder of its own.
const textSchema = z
  .string()
  .trim()
  .min(1, 'is empty')
  .refine((text) => !text.includes('${'), 'may not contain ${');

const presetSchema = z.strictObject({
  apiUrl: textSchema.superRefine(parsedBy(parseSite)).optional(),
  companyId: textSchema.optional(),
  clientId: z.guid('is not a GUID').optional(),
  // Said in any case: what is not built in, the computer of the technician could say.
  mode: options.mode.schema.default('confirm'),
  timeZone: options.timeZone.schema.optional(),
  policy: policySchema.superRefine(parsePolicyPatterns).optional(),
});

/** What one bundle for a whole team has built in, under the names of `config.json`. */
export type Preset = z.infer<typeof presetSchema>;

/**
 * Reads the file given with `--preset`.
 * @throws GatewayError `configuration_invalid` naming every fault, and for keys, which belong to one person each
 */
export function readPreset(file: string): Preset {
  const value = parseFile(file);
  const keys = Object.keys(value ?? {}).filter((name) => /key|password|secret|token/i.test(name));
  if (keys.length > 0) {
    throw new GatewayError('configuration_invalid', `The preset ${file} holds ${keys.join(', ')}.`, {
      hint: 'Take it out: everyone who gets the bundle could read it. Each technician types keys of their own.',
    });
  }
  const parsed = presetSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`);
  throw new GatewayError('configuration_invalid', `The preset ${file} is wrong:\n${faults.join('\n')}`, {
    hint: `It may hold ${Object.keys(presetSchema.shape).join(', ')}.`,
  });
}

function parseFile(file: string): unknown {
  try {
    // Editors of Windows put a byte order mark before the text.
    return JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GatewayError('configuration_invalid', `The preset ${file} cannot be read: ${reason}.`, {
      hint: 'Name a JSON file.',
      cause,
    });
  }
}

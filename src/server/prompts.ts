import {
  type GetPromptResult,
  ProtocolError,
  ProtocolErrorCode,
  type Prompt as ProtocolPrompt,
} from '@modelcontextprotocol/server';
import { GatewayError } from '../core/errors.ts';
import { agreementsExpiring, boardHealth, clientOverview, technicianWorkload, unbilledTime } from './prompt-texts.ts';
import type { Prompt } from './write-prompt.ts';

const prompts: readonly Prompt[] = [boardHealth, technicianWorkload, clientOverview, unbilledTime, agreementsExpiring];

/** The prompts as `prompts/list` carries them. */
export function listPrompts(): ProtocolPrompt[] {
  return prompts.map(({ write, ...listed }) => ({ ...listed, arguments: listed.arguments.map((one) => ({ ...one })) }));
}

/** @throws ProtocolError for a prompt that is unknown, an argument that is unknown, missing or wrong */
export function getPrompt(name: string, given: Readonly<Record<string, string>>): GetPromptResult {
  const prompt = prompts.find((one) => one.name === name);
  if (prompt === undefined) {
    const names = prompts.map((one) => one.name).join(', ');
    throw invalid(`There is no prompt ${JSON.stringify(name.slice(0, 100))}. Prompts: ${names}.`);
  }
  try {
    const text = prompt.write(readArguments(prompt, given));
    return { description: prompt.description, messages: [{ role: 'user', content: { type: 'text', text } }] };
  } catch (error) {
    if (error instanceof GatewayError) throw invalid(`${error.message} ${error.hint}`);
    throw error;
  }
}

const invalid = (message: string) => new ProtocolError(ProtocolErrorCode.InvalidParams, message);

/**
 * Clients send '' for a field of a form that was left empty. Some cut an argument at its first space: `_` is one, in words
 * without spaces. Identifiers of members may have a `_` of their own.
 */
function readArguments(prompt: Prompt, given: Readonly<Record<string, string>>): Record<string, string> {
  const values = Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) =>
      value.trim() === '' ? [] : [[name, name === 'member' ? value.trim() : withSpaces(value.trim())]],
    ),
  );
  const unknown = Object.keys(values).find((name) => !prompt.arguments.some((one) => one.name === name));
  const missing = prompt.arguments.find(({ name, required }) => required && values[name] === undefined);
  const described = () =>
    prompt.arguments.map(
      ({ name, description, required }) => `${name}${required ? '' : ' (optional)'}: ${description}`,
    );
  if (unknown !== undefined || missing !== undefined) {
    const problem =
      missing === undefined
        ? `${prompt.name} has no argument ${JSON.stringify(unknown?.slice(0, 100))}`
        : `${prompt.name} needs the argument ${missing.name}`;
    throw invalid(`${problem}. Arguments: ${described().join('; ')}.`);
  }
  return values;
}

const withSpaces = (value: string) =>
  /\s/.test(value) ? value : value.replace(/(?<=[\p{L}\p{N}])_(?=[\p{L}\p{N}])/gu, ' ');

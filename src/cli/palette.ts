import { stripVTControlCharacters, styleText } from 'node:util';
import type { Terminal } from './command.ts';

type Style = Parameters<typeof styleText>[0];

/** Colours where the terminal has them; NO_COLOR and pipes get plain text. */
export function createPalette({ stdout, environment }: Pick<Terminal, 'stdout' | 'environment'>) {
  const coloured = (stdout.isTTY === true || isSet(environment.FORCE_COLOR)) && !isSet(environment.NO_COLOR);
  const paint = (style: Style) => (text: string) =>
    coloured ? styleText(style, text, { validateStream: false }) : stripVTControlCharacters(text);
  return {
    green: paint('green'),
    yellow: paint('yellow'),
    red: paint('red'),
    dim: paint('dim'),
    bold: paint('bold'),
    cyan: paint('cyan'),
  };
}

/** The state of a check in its colour, padded so that what follows stands below each other. */
export function stateMarks({ green, yellow, red }: ReturnType<typeof createPalette>) {
  return { ok: green('ok     '), warning: yellow('warning'), failure: red('failure') } as const;
}

// https://no-color.org: present and not empty.
const isSet = (text: string | undefined) => text !== undefined && text !== '';

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

// https://no-color.org: present and not empty.
const isSet = (text: string | undefined) => text !== undefined && text !== '';

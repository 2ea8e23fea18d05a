import { GatewayError } from '../core/errors.ts';
import type { Expression } from './expression.ts';
import { applyEdits, conditionsError, editsOf, type Mistake, withCorrection } from './mistake.ts';
import { parseExpression } from './parse-expression.ts';
import { TokenReader } from './token-reader.ts';
import { lex } from './tokens.ts';

export interface Reading {
  expression: Expression;
  /** In the order of the text; empty for a text in ConnectWise's own spelling. */
  mistakes: readonly Mistake[];
}

/** Faults that are put right one after the other before a correction is given up. */
const correctionRounds = 6;

function readOnce(text: string): Reading {
  const { tokens, mistakes } = lex(text);
  const expression = parseExpression(new TokenReader(text, tokens, mistakes));
  return { expression, mistakes: mistakes.sort((a, b) => a.span.start - b.span.start) };
}

/** The text without any fault, or undefined where a fault has no certain correction. */
function correct(text: string): string | undefined {
  let candidate = text.trim();
  for (let round = 0; round < correctionRounds; round += 1) {
    try {
      const { mistakes } = readOnce(candidate);
      if (mistakes.length === 0) return candidate;
      if (mistakes.some((mistake) => mistake.replacement === undefined)) return undefined;
      candidate = applyEdits(candidate, editsOf(mistakes)).trim();
    } catch (error) {
      const corrected = error instanceof GatewayError ? error.details.corrected : undefined;
      if (corrected === undefined || corrected === candidate) return undefined;
      candidate = corrected.trim();
    }
  }
  return undefined;
}

/** A query string pasted as it stands in a URL: `status%2Fname%3D%22New%22`. */
function decoded(text: string): string | undefined {
  if (!/%[0-9a-f]{2}/i.test(text)) return undefined;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

/**
 * Reads a text that may hold mistakes whose meaning is plain, and lists them.
 * @throws GatewayError `invalid_conditions` where no meaning can be read
 */
export function readConditions(text: string): Reading {
  try {
    return readOnce(text);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const plain = decoded(text) ?? error.details.corrected;
    const corrected = plain === undefined ? undefined : correct(plain);
    throw withCorrection(error.message, error.details.position ?? 0, corrected);
  }
}

/**
 * Parses `conditions`, `childConditions` or `customFieldConditions` (docs/connectwise.md 2.2) as ConnectWise does.
 * @throws GatewayError `invalid_conditions` with `details.position`, and `details.corrected` where that is certain
 */
export function parseConditions(text: string): Expression {
  const { expression, mistakes } = readConditions(text);
  const [first] = mistakes;
  if (first !== undefined) throw conditionsError(text, first.span.start, first.reason, correct(text));
  return expression;
}

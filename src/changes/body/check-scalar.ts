import { dateKindOf, type Member } from '../../catalog/index.ts';
import { simplified } from '../../core/text.ts';
import { checkDate } from './check-date.ts';
import { type BodyContext, shown } from './findings.ts';

/** A longer list of values is counted: an error is short. */
const maxListed = 20;

/** Checks a value that is neither object nor array; what it is sent as comes back. */
export function checkScalar(context: BodyContext, member: Member, owner: string, value: unknown, path: string) {
  if (member.enum !== undefined && member.enum.length > 0) return checkEnum(context, member.enum, value, path);
  if (member.type === 'boolean') return checkBoolean(context, value, path);
  if (member.type === 'integer') return checkInteger(context, value, path);
  if (member.type === 'number') return checkNumber(context, value, path);
  const kind = dateKindOf(owner, member);
  // A definition that says string is guessed to mean a date by the name: not enough to refuse what is none.
  if (kind !== undefined) return checkDate(context, value, { path, kind, certain: member.format !== undefined });
  return checkText(context, value, path, member.maxLength);
}

function checkEnum({ findings }: BodyContext, values: readonly string[], value: unknown, path: string): unknown {
  if (typeof value === 'string' && values.includes(value)) return value;
  const wanted = typeof value === 'string' ? simplified(value) : '';
  const [same, ...others] = values.filter((known) => wanted !== '' && simplified(known) === wanted);
  if (same !== undefined && others.length === 0) {
    findings.repairs.push(`${path}: ${shown(path, value)} is spelt ${same}`);
    return same;
  }
  const rest = values.length - maxListed;
  const allowed = `${values.slice(0, maxListed).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  findings.faults.push({ path, problem: `${shown(path, value)} is not among its values`, allowed });
  return value;
}

function checkBoolean({ findings }: BodyContext, value: unknown, path: string): unknown {
  if (typeof value === 'boolean') return value;
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  if (word !== 'true' && word !== 'false') {
    findings.faults.push({ path, problem: `${shown(path, value)} is no boolean`, allowed: 'true or false' });
    return value;
  }
  findings.repairs.push(`${path}: ${shown(path, value)} is sent as ${word}`);
  return word === 'true';
}

/** Integers are 32 bits wide in every definition. Ids of references may come as text (CW 5.1.4). */
export function checkInteger({ findings }: BodyContext, value: unknown, path: string): unknown {
  const isDigits = typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value);
  const number = isDigits ? Number(value) : value;
  if (typeof number !== 'number' || (number | 0) !== number) {
    findings.faults.push({ path, problem: `${shown(path, value)} is no whole number`, allowed: 'digits, such as 12' });
    return value;
  }
  if (isDigits) findings.repairs.push(`${path}: ${shown(path, value)} is sent as ${number}`);
  return number;
}

function checkNumber({ findings }: BodyContext, value: unknown, path: string): unknown {
  const isDigits = typeof value === 'string' && /^\s*[+-]?\d+(\.\d+)?\s*$/.test(value);
  const number = isDigits ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) {
    const allowed = 'digits with an optional point, such as 1.5';
    findings.faults.push({ path, problem: `${shown(path, value)} is no number`, allowed });
    return value;
  }
  if (isDigits) findings.repairs.push(`${path}: ${shown(path, value)} is sent as ${number}`);
  return number;
}

/** A number where text is due loses nothing as text: zip codes and order numbers are often written so. */
export function checkText({ findings }: BodyContext, value: unknown, path: string, maxLength?: number): unknown {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') {
    findings.faults.push({ path, problem: `${shown(path, value)} is no text` });
    return value;
  }
  if (text !== value) findings.repairs.push(`${path}: ${shown(path, value)} is sent as text`);
  if (maxLength !== undefined && text.length > maxLength) {
    findings.faults.push({
      path,
      problem: `has ${text.length} characters`,
      allowed: `at most ${maxLength} characters`,
    });
  }
  return text;
}

import type { Member, Schema } from '../catalog/endpoint.ts';
import { isRecord } from '../results/record-text.ts';
import { findNearestName } from './nearest-name.ts';

export interface Fault {
  path: string;
  problem: string;
  allowed?: string;
}

export interface Findings {
  /** What ConnectWise is certain to refuse. */
  faults: Fault[];
  /** What it may refuse: live systems are newer than any definition. */
  warnings: string[];
}

/** Checks one given value against its member, and the name against those of the schema. */
export function checkMember(name: string, value: unknown, schema: Schema, path = name): Findings {
  const member = schema.members.find((candidate) => candidate.name === name);
  if (member === undefined) return { faults: [], warnings: [describeUnknown(name, schema, path)] };
  if (value === null || value === undefined) return { faults: [], warnings: [] };
  const fault = findFault(member, value);
  if (fault !== undefined) return { faults: [{ path, ...fault }], warnings: [] };
  return { faults: [], warnings: findWarnings(member, value, path) };
}

function describeUnknown(name: string, schema: Schema, path: string): string {
  const nearest = findNearestName(
    name,
    schema.members.map((member) => member.name),
  );
  const advice = nearest === undefined ? '' : ` Is ${nearest} meant?`;
  return `${path} is no known member of ${schema.name}: ConnectWise refuses what it does not know.${advice}`;
}

// A text where a reference is due is refused as if the member did not exist (CW 5.2.8).
function findFault(member: Member, value: unknown): Omit<Fault, 'path'> | undefined {
  if (member.type === 'object' && !isRecord(value)) {
    return { problem: 'must be an object', allowed: '{"id": 1}, {"identifier": "…"} or {"name": "…"}' };
  }
  if (member.type === 'array' && !Array.isArray(value)) return { problem: 'must be an array' };
  if (member.type !== 'object' && member.type !== 'array' && typeof value === 'object') {
    return { problem: `must be of type ${member.type}` };
  }
  return undefined;
}

function findWarnings(member: Member, value: unknown, path: string): string[] {
  const warnings: string[] = [];
  if (member.readOnly) warnings.push(`${path} is read-only: ConnectWise may ignore it.`);
  if (typeof value !== 'string') return warnings;
  if (member.maxLength !== undefined && value.length > member.maxLength) {
    warnings.push(`${path} has ${value.length} characters; ConnectWise takes ${member.maxLength}.`);
  }
  if (member.enum !== undefined && !member.enum.includes(value)) {
    warnings.push(`${path} is not one of ${member.enum.slice(0, 12).join(', ')}.`);
  }
  return warnings;
}

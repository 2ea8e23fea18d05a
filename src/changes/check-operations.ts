import type { Schema } from '../catalog/endpoint.ts';
import { invalidBody } from './check-body.ts';
import { checkMember, type Fault } from './check-member.ts';
import { type Operation, segmentsOf } from './to-operations.ts';

/**
 * Checks the operations of a PATCH against the schema of the record.
 * @throws GatewayError `invalid_body` with every fault
 */
export function checkOperations(operations: readonly Operation[], schema: Schema | undefined, path: string): string[] {
  if (schema === undefined) return [];
  const faults: Fault[] = [];
  const warnings: string[] = [];
  for (const operation of operations) {
    const [name = '', ...rest] = segmentsOf(operation);
    const member = schema.members.find((candidate) => candidate.name === name);
    const value = rest.length === 0 ? (operation.value ?? null) : undefined;
    const found = checkMember(name, value, schema);
    faults.push(...found.faults);
    warnings.push(...found.warnings);
    if (value === null && (member?.required || member?.requiredOnUpdate)) {
      warnings.push(`${name} must have a value after an update: ConnectWise may refuse this.`);
    }
    if (rest.length > 0 && member?.type === 'object') {
      warnings.push(`${operation.path}: ConnectWise may answer 200 and change nothing; replace the whole ${name}.`);
    }
  }
  if (faults.length > 0) throw invalidBody(`The body of PATCH ${path} is wrong`, faults);
  return warnings;
}

import { sandboxAccess } from './access.ts';
import { type Role, roles } from './roles.ts';

/** One pair of keys: the member it acts as (CW 1.3.1, 1.3.2) and the security role of that member. */
export interface Login {
  publicKey: string;
  privateKey: string;
  /** Identifier of the member, which `_info` names. */
  member: string;
  role: Role;
}

const { publicKey, privateKey } = sandboxAccess;

export const logins: readonly Login[] = [
  // The API member: all rights.
  { publicKey, privateKey, member: 'apigateway', role: roles.everything },
  // The account manager's own keys: reads all, changes nothing.
  { publicKey: 'reader', privateKey, member: 'fnovak', role: roles['read-only'] },
  // A technician's own keys: sees what is his.
  { publicKey: 'mine', privateKey, member: 'asmith', role: roles.mine },
];

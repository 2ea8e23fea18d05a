import { forbidden } from '../roles.ts';

/** Keys to act as somebody else are for integrator logins; an API member is refused (CW 1.3.3). */
export function refuseTokens(): Response {
  throw forbidden();
}

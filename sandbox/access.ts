/** How any client reaches the sandbox: as settings of the gateway name these things. */
export const sandboxAccess = {
  apiUrl: 'http://127.0.0.1/v4_6_release/apis/3.0',
  companyId: 'sandbox',
  publicKey: 'public',
  privateKey: 'private',
  clientId: '00000000-0000-4000-8000-000000000000',
} as const;

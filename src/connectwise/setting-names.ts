/** The settings of a connection, as a person who must correct one finds them. */
export const settingNames = {
  apiUrl: 'CONNECTWISE_API_URL',
  companyId: 'CONNECTWISE_COMPANY_ID',
  publicKey: 'CONNECTWISE_PUBLIC_KEY',
  privateKey: 'CONNECTWISE_PRIVATE_KEY',
  authPrefix: 'CONNECTWISE_AUTH_PREFIX',
  clientId: 'CONNECTWISE_CLIENT_ID',
  caFile: 'CONNECTWISE_CA_FILE',
  codebase: 'CONNECTWISE_CODEBASE',
} as const;

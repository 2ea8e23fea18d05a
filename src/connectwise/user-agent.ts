/** What every request says of its sender. */
export const userAgent = 'cwm-api-gateway-mcp';

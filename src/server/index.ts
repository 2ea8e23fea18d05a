// MCP: the list of tools, calls and prompts over stdio.
export type { CallTool } from './call-tool.ts';
export { loadCallTool, openStdioServer } from './create-server.ts';
export { listedTools } from './listed-tools.ts';

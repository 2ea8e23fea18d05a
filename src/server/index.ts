// MCP: the list of tools, calls and prompts over stdio.
export { type CallTool, loadCallTool, openStdioServer } from './create-server.ts';
export { listedTools } from './listed-tools.ts';

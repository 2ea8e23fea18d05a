import { listTools } from './list-tools.ts';

/**
 * What `tools/list` answers, by whether writes are only prepared or sent at once. The build replaces this module by the
 * finished JSON, so that listing loads no tool.
 */
export const listedTools = { prepares: listTools(false), sends: listTools(true) };

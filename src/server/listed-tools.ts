import { listTools } from './list-tools.ts';

/**
 * What `tools/list` answers, by whether writes are only prepared or sent at once. The build puts the finished JSON in
 * the place of this module, so that listing loads no tool.
 */
export const listedTools = { prepares: listTools(false), sends: listTools(true) };

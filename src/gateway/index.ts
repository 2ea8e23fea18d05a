/** The gateway as one object, its tools, and the parts that calls are made of. */
export { parseMethod, requireEndpoint } from './calls/call.ts';
export { callEndpoint } from './calls/call-endpoint.ts';
export { readForEach } from './calls/for-each.ts';
export { wordsForTerminal } from './calls/reader-words.ts';
export { renderCall } from './calls/render.ts';
export { type Reply, renderErrorReply, renderReply, toGatewayError } from './calls/reply.ts';
export type { CallResult, CallState } from './calls/result.ts';
export { describeCandidates, findSavedQuery, runSavedQuery } from './calls/run-saved-query.ts';
export { findProblem } from './calls/saved-query.ts';
export { confirmedResult, orUnchanged } from './calls/write.ts';
export { isRejected, loginPath } from './local/status/check-connectwise.ts';
export { failureLine, okLine, overallState, type StatusLine, warningLine } from './local/status/status-line.ts';
export { type Gateway, type GatewayParts, openGateway } from './open-gateway.ts';
export { tools } from './tools/index.ts';
export { type Access, isReadOnly, type Person, type Tool, type ToolContext } from './tools/tool.ts';

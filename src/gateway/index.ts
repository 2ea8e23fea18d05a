// What the server and the commands use: the gateway as one object, its tools, and the parts that calls are made of.
export { isRejected, loginPath } from './local/status/check-connectwise.ts';
export { failureLine, okLine, overallState, type StatusLine, warningLine } from './local/status/status-line.ts';
export { type Gateway, openGateway } from './open-gateway.ts';
export { callEndpoint } from './tools/call-endpoint.ts';
export type { CallResult, CallState } from './tools/call-result.ts';
export { findProblem } from './tools/check-saved-query.ts';
export { describeCandidates, findSavedQuery } from './tools/find-saved-query.ts';
export { tools } from './tools/index.ts';
export { checkDepth, parseMethod } from './tools/inputs.ts';
export { wordsForTerminal } from './tools/reader-words.ts';
export { renderCall } from './tools/render-call.ts';
export { type Reply, renderErrorReply, renderReply, toGatewayError } from './tools/reply.ts';
export { requireEndpoint } from './tools/require-endpoint.ts';
export { runSavedQuery } from './tools/run-saved-query.ts';
export type { Access, Tool, ToolContext } from './tools/tool.ts';
export { confirmedResult } from './tools/write-output.ts';

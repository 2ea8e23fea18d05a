// What serves MCP over HTTP. Only tests do: the product speaks over stdio, so its own dependencies lack this.
export {
  localhostHostValidation,
  localhostOriginValidation,
  type NodeIncomingMessageLike,
  NodeStreamableHTTPServerTransport,
  toNodeHandler,
  toWebRequest,
} from '@modelcontextprotocol/node';

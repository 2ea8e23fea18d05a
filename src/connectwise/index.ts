/** ConnectWise as an HTTP API: site and credentials, requests and answers, lists, names, documents, failures. */

export { findCount } from './answer.ts';
export { inspectCertificate, readCertificates, type SeenCertificate } from './certificates.ts';
export {
  type AnsweredFile,
  type ConnectWiseAnswer,
  type ConnectWiseClient,
  type ConnectWiseRequest,
  type Form,
  isWrite,
  type Tenant,
  type Transport,
} from './client.ts';
export {
  askCompanyInfo,
  type CompanyInfoAnswer,
  companyInfoPath,
  createCodebaseFinder,
  isCloudSite,
  isCodebaseOpen,
  readCodebase,
} from './codebase.ts';
export {
  type Credentials,
  findCredentialMistakes,
  isGuid,
  readCredentialParts,
  secretsOf,
  settingNames,
} from './credentials.ts';
export { createDownloads, type Downloads } from './documents/downloads.ts';
export { findMediaType, findShortText, sniffMediaType } from './documents/file-kinds.ts';
export { createUploads, type UploadFile, type Uploads } from './documents/uploads.ts';
export { unexpectedAnswer } from './failure.ts';
export { readByIds, shortenRequest } from './lists/by-ids.ts';
export { type JoinEnd, joinLists, type ParentId } from './lists/join-lists.ts';
export { type ListEnd, listPages, type PartialReason, readPages } from './lists/list-pages.ts';
export {
  countPath,
  filterNames,
  findFilter,
  findQueryMember,
  type Query,
  withFilter,
  withQuery,
} from './lists/list-request.ts';
export type { EmptyList } from './lookups/explain-empty.ts';
export type { Identity } from './lookups/identify.ts';
export { createLookups, forgettingClient, type KindInfo, type Lookups, type Resolved } from './lookups/lookups.ts';
export { foldLabel, type Named } from './lookups/match-names.ts';
export { createReadCache, type ReadCache } from './lookups/read-cache.ts';
export { findTableOfList, type Parents } from './lookups/tables.ts';
export { failureOfError } from './network-failure.ts';
export { openClient, type Patience } from './open-client.ts';
export { checkPathText, type ParsedPath, parsePath } from './parse-path.ts';
export { parseRawRequest } from './parse-raw-request.ts';
export { type Probed, type ProbeOptions, runProbes } from './probe/run-probes.ts';
export { findRecordLink, parseSite, parseWrittenSite, readConnection, type Site, withCodebase } from './site.ts';
export { createFetchTransport, createUndiciTransport } from './transport.ts';
export { createWire, type Wire, type WireAnswer } from './wire.ts';

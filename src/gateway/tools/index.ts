import { clearFastMemory } from './clear-fast-memory.ts';
import { confirmApiWrite } from './confirm-api-write.ts';
import { deleteFromFastMemory } from './delete-from-fast-memory.ts';
import { executeApiCall } from './execute-api-call.ts';
import { getApiEndpointDetails } from './get-api-endpoint-details.ts';
import { getCategoryEndpoints } from './get-category-endpoints.ts';
import { listApiCategories } from './list-api-categories.ts';
import { listFastMemory } from './list-fast-memory.ts';
import { naturalLanguageApiSearch } from './natural-language-api-search.ts';
import { queryResults } from './query-results.ts';
import { runFastMemory } from './run-fast-memory.ts';
import { saveFile } from './save-file.ts';
import { saveToFastMemory } from './save-to-fast-memory.ts';
import { searchApiEndpoints } from './search-api-endpoints.ts';
import { sendRawApiRequest } from './send-raw-api-request.ts';
import type { Tool } from './tool.ts';

/** What a client may call, in the order in which it is listed. */
export const tools: readonly Tool[] = [
  naturalLanguageApiSearch,
  searchApiEndpoints,
  getApiEndpointDetails,
  executeApiCall,
  queryResults,
  saveFile,
  confirmApiWrite,
  runFastMemory,
  sendRawApiRequest,
  listApiCategories,
  getCategoryEndpoints,
  listFastMemory,
  saveToFastMemory,
  deleteFromFastMemory,
  clearFastMemory,
];

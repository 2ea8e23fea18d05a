/** An emulator of the ConnectWise PSA REST API: docs/sandbox.md says what it does and what it does not. */

export { parseFaults, parseLatency } from './faults/fault-settings.ts';
export { openPersistentStore, type PersistentOptions, type PersistentStore } from './persistent-store.ts';
export { createSandbox, type Sandbox, type SandboxData, type SandboxOptions } from './sandbox.ts';
export { credentialAnswers, sandboxAccess } from './server/authenticate.ts';
export { listenSandbox } from './server/listen.ts';

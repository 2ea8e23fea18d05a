export interface BundledLibrary {
  name: string;
  version: string;
  licence: string;
  text: string;
  /** Brought inside itself by another library, rather than installed. */
  carried: boolean;
}

export function bundledLibraries(root: string): BundledLibrary[];
export function renderLicences(libraries: readonly BundledLibrary[]): string;

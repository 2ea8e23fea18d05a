const unreleased = /^## Unreleased\n([\s\S]*?)(?=^## |(?![\s\S]))/m;

/**
 * Moves what is under *Unreleased* under a version.
 * @param day of the release, as `2026-11-30`
 * @throws Error where nothing is unreleased, or the version has notes already
 */
export function giveVersion(changelog: string, version: string, day: string): string {
  const [section = '', notes = ''] = unreleased.exec(changelog) ?? [];
  if (notes.trim() === '') throw new Error('CHANGELOG.md has nothing under Unreleased.');
  if (findNotes(changelog, version) !== undefined) throw new Error(`CHANGELOG.md has notes of ${version} already.`);
  return changelog.replace(section, () => `## Unreleased\n\n## ${version} (${day})\n${notes}`);
}

/** The notes of a version in CHANGELOG.md; undefined if there are none. */
export function findNotes(changelog: string, version: string): string | undefined {
  const [, ...sections] = changelog.split(/^## /m);
  const section = sections.find((text) => text.startsWith(`${version} (`));
  return section?.slice(section.indexOf('\n')).trim() || undefined;
}

/** Whether there are notes for the next version. */
export function hasUnreleased(changelog: string): boolean {
  return (unreleased.exec(changelog)?.[1] ?? '').trim() !== '';
}

import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findNotes, giveVersion, hasUnreleased } from '../../scripts/changelog.ts';
import { ownerOf, type PackageFile, withOwner, withOwnerEverywhere } from '../../scripts/repository.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const packageFile: PackageFile = JSON.parse(read('package.json'));

describe('CHANGELOG.md at a release', () => {
  const before = '# Changes\n\n## Unreleased\n\n### Added\n\n- A tool.\n\n## 0.1.0 (2026-11-01)\n\n- The first.\n';

  test('gets the version above the unreleased notes, and keeps the rest', () => {
    const after = giveVersion(before, '0.2.0', '2026-12-01');
    expect(after).toBe(before.replace('## Unreleased\n', '## Unreleased\n\n## 0.2.0 (2026-12-01)\n'));
    expect([hasUnreleased(before), hasUnreleased(after)]).toEqual([true, false]);
    expect(findNotes(after, '0.2.0')).toBe('### Added\n\n- A tool.');
    expect(findNotes(after, '0.1.0')).toBe('- The first.');
  });

  test('has no notes of other versions, nor of one with the same prefix', () => {
    expect(findNotes(before, '0.2.0')).toBeUndefined();
    expect(findNotes(before, '0.1')).toBeUndefined();
  });

  test('is not written where nothing is unreleased, or twice for one version', () => {
    const after = giveVersion(before, '0.2.0', '2026-12-01');
    expect(() => giveVersion(after, '0.3.0', '2026-12-02')).toThrow(/nothing under Unreleased/);
    expect(() => giveVersion(before, '0.1.0', '2026-12-02')).toThrow(/notes of 0\.1\.0 already/);
  });

  test('has a place for the next changes', () => {
    expect(read('CHANGELOG.md')).toMatch(/^## Unreleased$/m);
  });
});

describe('the owner of the repository', () => {
  // Files as Git has them, or would. Tests name owners of their own.
  const listed = spawnSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' }).stdout;
  const paths = listed.split('\n').filter((path) => path !== '' && !path.startsWith('tests/'));
  const mentions = paths
    .filter((path) => statSync(join(root, path), { throwIfNoEntry: false })?.isFile())
    .flatMap((path) =>
      [...read(path).matchAll(/(?:github\.com\/|github:|io\.github\.)([\w-]+)\/cwm-api-gateway-mcp\b/g)].map(
        ([, owner]) => ({ path, owner }),
      ),
    );

  test('is the one of package.json wherever the repository is named', () => {
    expect(mentions.length).toBeGreaterThan(5);
    expect(mentions.filter(({ owner }) => owner !== ownerOf(packageFile))).toEqual([]);
  });

  test('is set in one line: every other mention is in a file that npm run docs writes', () => {
    const written = [...Object.keys(withOwnerEverywhere()), 'server.json'];
    expect(mentions.filter(({ path }) => !written.includes(path))).toEqual([]);
  });

  test.each([
    ['git+https://github.com/OWNER/cwm-api-gateway-mcp.git', 'git+https://github.com/acme-msp/cwm-api-gateway-mcp.git'],
    ['io.github.OWNER/cwm-api-gateway-mcp', 'io.github.acme-msp/cwm-api-gateway-mcp'],
    ['"github:old-owner/cwm-api-gateway-mcp"', '"github:acme-msp/cwm-api-gateway-mcp"'],
    ['https://github.com/other/project', 'https://github.com/other/project'],
  ])('in %s becomes %s', (before, after) => {
    expect(withOwner(before, 'acme-msp')).toBe(after);
  });
});

import { spawn } from 'node:child_process';

/**
 * Runs npm in a folder; answers what it wrote to stdout.
 * @throws Error with what npm said, where it failed
 */
export function runNpm(words: readonly string[], folder: string): Promise<string> {
  // What steers an npm that runs this (global, prefix) must not steer the inner one.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(config_(global|prefix|local_prefix|ignore_scripts)|package_|lifecycle_)/i.test(name),
    ),
  );
  const windows = process.platform === 'win32';
  // A shell, which Windows needs for npm, does not quote by itself.
  const args = [...words, '--no-audit', '--no-fund', '--loglevel=error'].map((word) => (windows ? `"${word}"` : word));
  return new Promise((resolve, reject) => {
    const child = spawn('npm', args, { cwd: folder, env, shell: windows });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(stdout) : reject(new Error(`npm ${words[0]}: ${stdout}${stderr}`)),
    );
  });
}

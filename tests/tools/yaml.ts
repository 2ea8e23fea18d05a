// For tests that stand outside this folder.
export { parse as parseYaml } from 'yaml';

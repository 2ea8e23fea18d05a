// For tests outside this folder.
export { parse as parseYaml } from 'yaml';

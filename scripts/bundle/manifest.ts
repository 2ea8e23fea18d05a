import { extensionTitle } from '../../src/config/setting-words.ts';
import { type OptionName, optionNames, options } from '../../src/config/settings.ts';
import { listTools } from '../../src/server/list-tools.ts';
import { listPrompts } from '../../src/server/prompts.ts';
import type { Preset } from './preset.ts';

/** Members of package.json that the manifest repeats. */
export interface PackageFile {
  name: string;
  version: string;
  description: string;
  license: string;
  keywords: readonly string[];
  author: { name: string; url: string };
  repository: { type: string; url: string };
  engines: { node: string };
}

interface Field {
  type: 'string' | 'boolean';
  title: string;
  description: string;
  required: boolean;
  sensitive?: true;
  default?: string | boolean;
}

/**
 * The manifest of the one-click bundle, made from the program: its settings, tools and prompts.
 * @param preset what is built in, and so not asked for
 */
export function createManifest(packageFile: PackageFile, preset?: Preset) {
  const { name, version, description, license, keywords, author, repository, engines } = packageFile;
  const fields = fieldNames(preset);
  return {
    $schema: 'https://raw.githubusercontent.com/anthropics/mcpb/main/dist/mcpb-manifest-v0.3.schema.json',
    manifest_version: '0.3',
    name,
    display_name: extensionTitle,
    version,
    description,
    long_description: renderLongDescription(fields),
    author,
    repository: { type: repository.type, url: repository.url.replace(/^git\+/, '') },
    license,
    keywords,
    server: {
      type: 'node',
      entry_point: 'dist/main.js',
      mcp_config: {
        command: 'node',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the host puts the bundle's folder here
        args: ['${__dirname}/dist/main.js', 'serve'],
        env: createEnvironment(fields, preset),
      },
    },
    tools: listTools(false).map((tool) => ({ name: tool.name, description: tool.title })),
    prompts: listPrompts().map(describePrompt),
    user_config: Object.fromEntries(fields.map((field) => [field, describeField(field)])),
    compatibility: {
      claude_desktop: '>=0.10.0',
      platforms: ['darwin', 'win32', 'linux'],
      runtimes: { node: engines.node },
    },
  };
}

/** The settings that a person fills in: those of the table, but for what is built in or follows from it. */
function fieldNames(preset: Preset | undefined): OptionName[] {
  return optionNames.filter((name) => {
    if (!('field' in options[name]) || (preset && name in preset)) return false;
    return name !== 'readOnly' || preset?.mode !== 'read-only';
  });
}

function describeField(name: OptionName): Field {
  const option = options[name];
  if (!('field' in option)) throw new Error(`${name} is no field`);
  const required = option.field === 'required';
  return {
    type: name === 'readOnly' ? 'boolean' : 'string',
    title: option.title,
    description: option.description,
    required,
    ...('secret' in option ? { sensitive: true } : {}),
    // Without a default, hosts hand over the placeholder of what was left empty.
    ...(required ? {} : { default: name === 'readOnly' ? false : '' }),
  };
}

function createEnvironment(fields: readonly OptionName[], preset: Preset | undefined): Record<string, string> {
  const values: Partial<Record<OptionName, string>> = Object.fromEntries(
    fields.map((name) => [name, `\${user_config.${name}}`]),
  );
  if (preset !== undefined) {
    const { policy, ...builtIn } = preset;
    Object.assign(values, builtIn);
    // Or a line in the technician's config.json could lead to another company.
    if (preset.companyId !== undefined) values.authPrefix = `${preset.companyId}+`;
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the host puts the bundle's folder here
    if (policy !== undefined) values.policyFile = '${__dirname}/policy.json';
  }
  values.extensionFields = fields.join(' ');
  return Object.fromEntries(
    optionNames.flatMap((name) => (values[name] === undefined ? [] : [[options[name].variable, values[name]]])),
  );
}

/** What a host without `prompts/get` would say; the server itself writes each prompt when it is asked for. */
function describePrompt({ name, description = '', arguments: given = [] }: ReturnType<typeof listPrompts>[number]) {
  const names = given.map((one) => one.name);
  const values = names.map((one) => `${one}: \${arguments.${one}}`);
  return { name, description, arguments: names, text: [description, ...values].join('\n') };
}

function renderLongDescription(fields: readonly OptionName[]): string {
  const typed = fields.flatMap((name) => {
    const option = options[name];
    return 'field' in option && option.field === 'required' ? [option.title] : [];
  });
  return `Ask for tickets, time, agreements or invoices of ConnectWise PSA (Manage) in your own words. Nothing is changed before you have seen the change and approved it.

You need: ${typed.join(', ')}. What you may see and change is what your login in ConnectWise may. Tick *${options.readOnly.title}* if nothing shall ever be changed.

Then ask: “Is the ConnectWise connection working?”`;
}

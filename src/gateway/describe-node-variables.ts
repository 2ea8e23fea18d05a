import type { LoadedConfig } from '../config/index.ts';
import { readCertificates, settingNames } from '../connectwise/index.ts';
import { GatewayError } from '../core/errors.ts';
import { type StatusLine, warningLine } from './local/status/status-line.ts';

type Table = readonly (readonly [option: RegExp, consequence: string])[];

/** What the gateway says otherwise on each of its own connections. */
const ignored: Table = [
  [/^--tls-min-v1\.[01]$/, 'nothing below TLS 1.2 is spoken'],
  [/^--tls-cipher-list$/, 'ciphers without encryption or certificate are left out; the others are used'],
  [/^--insecure-http-parser$/, 'damaged answers are refused'],
];

/** What has happened before the first line of the gateway runs, or happens below it. */
const obeyed: Table = [
  [/^(-r|--require|--import|--loader|--experimental-loader)$/, 'other code runs in this process and sees the keys'],
  [/^--inspect(-brk|-wait)?$/, 'other programs can read the keys through the port that it opens'],
  [/^--tls-keylog$/, 'what decrypts the connections is written to its file'],
  [/^--report-(on-fatalerror|uncaught-exception|on-signal)$/, 'reports hold all variables, keys too'],
];

/** Variables by which Node would weaken what SECURITY.md promises; a line each, and none where nothing is set. */
export async function describeNodeVariables({ node }: LoadedConfig): Promise<StatusLine[]> {
  const options = optionsIn(node.options);
  const find = (table: Table) =>
    options.flatMap((option) => table.flatMap(([name, so]) => (name.test(option) ? [[option, so] as const] : [])));
  return [
    ...(node.rejectUnauthorized === '0' ? [unchecked] : []),
    ...find(ignored).map(([option, so]) =>
      warningLine(
        check,
        `NODE_OPTIONS holds ${option}, which is ignored: ${so}`,
        `Remove ${option} from NODE_OPTIONS.`,
      ),
    ),
    ...find(obeyed).map(([option, so]) =>
      warningLine(
        check,
        `NODE_OPTIONS holds ${option}, which Node obeys: ${so}`,
        `Remove ${option}, unless you set it.`,
      ),
    ),
    ...(node.extraCaCerts ? await describeExtra(node.extraCaCerts) : []),
  ];
}

const check = 'environment';

const unchecked = warningLine(
  check,
  'NODE_TLS_REJECT_UNAUTHORIZED=0 is set and ignored: certificates are always checked',
  `Remove it. Put the certificate of your server or of your security software, as a PEM file, into ${settingNames.caFile}.`,
);

/** As Node reads them: `_` stands for `-`, a value follows `=` or a space, and quotes hold words together. */
function optionsIn(text = ''): string[] {
  const words = text.split(/[\s"]+/).filter((word) => word.startsWith('-'));
  return [...new Set(words.map((word) => word.replace(/=.*/s, '').replaceAll('_', '-')))];
}

/** Node prints a warning to stderr and goes on; who reads that? */
async function describeExtra(file: string): Promise<StatusLine[]> {
  try {
    await readCertificates(file, 'NODE_EXTRA_CA_CERTS');
    return [];
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const fix = `Correct NODE_EXTRA_CA_CERTS, or name the file in ${settingNames.caFile}.`;
    return [warningLine(check, `${error.message} Node goes on without it.`, fix)];
  }
}

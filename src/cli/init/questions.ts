import type { TestedSettings } from '../../gateway/connection-test.ts';

export type AnswerName = keyof TestedSettings;

interface Question {
  /** What the line is called on which the answer is typed. */
  label: string;
  /** How to give the answer without a terminal. */
  otherwise: string;
  isHidden: boolean;
}

export const questions: Readonly<Record<AnswerName, Question>> = {
  apiUrl: { label: 'Site', otherwise: '--site', isHidden: false },
  companyId: { label: 'Company', otherwise: '--company', isHidden: false },
  publicKey: { label: 'Public key', otherwise: 'CONNECTWISE_PUBLIC_KEY', isHidden: true },
  privateKey: { label: 'Private key', otherwise: 'CONNECTWISE_PRIVATE_KEY', isHidden: true },
  clientId: { label: 'Client id', otherwise: 'CONNECTWISE_CLIENT_ID', isHidden: true },
};

export const welcome = `This connects Claude with your ConnectWise PSA: four questions, and nothing is
written before you agree. To paste, click with the right mouse button or press
Ctrl+V (Cmd+V on a Mac). Ctrl+C ends this.`;

/** Where each answer is found (CW 1.1.3, 1.3.1, 1.3.2, 1.3.5); what is said of the public key is about both. */
export const explanations: Readonly<Partial<Record<AnswerName, readonly string[]>>> = {
  apiUrl: [
    '1 of 4: your site',
    'Open ConnectWise PSA in the browser and copy the address at the top of the',
    'window, such as https://na.myconnectwise.net',
  ],
  companyId: ['2 of 4: your company', 'What you type as “Company” when you sign in to ConnectWise.'],
  publicKey: [
    '3 of 4: your own API keys',
    'In ConnectWise, click your name at the top right, then My Account > API Keys.',
    'Make a new one with +, describe it as “Claude”, and save. It shows a public and',
    'a private key now, and the private one never again.',
    'Take your own keys, not those of a shared API member: ConnectWise then shows',
    'who did what, and Claude sees only what your security role allows.',
    'No such tab? Ask the person who looks after your ConnectWise.',
    '',
    'What you paste stays hidden: nothing appears. Paste, then press Enter.',
  ],
  clientId: [
    '4 of 4: the client id',
    'Your company needs one only, so a colleague may have it. Otherwise sign in at',
    'https://developer.connectwise.com/ClientID and make one. It stays hidden, too.',
  ],
};

/** What can be corrected after a failed test, in the words of the menu. */
export const corrections = [
  { words: 'the keys', names: ['publicKey', 'privateKey'] },
  { words: 'the client id', names: ['clientId'] },
  { words: 'the company', names: ['companyId'] },
  { words: 'the site', names: ['apiUrl'] },
] as const satisfies readonly { words: string; names: readonly AnswerName[] }[];

/** What people write in tickets. `{first}`, `{device}` and `{company}` are filled in. */
export interface TicketText {
  /** Type and subtype on the board, by number. */
  type: number;
  subType: number;
  summary: string;
  description: string;
  /** The mail as it came, where it is not made from the description. */
  html?: string;
  resolution: string;
}

const text = (type: number, subType: number, summary: string, description: string, resolution: string): TicketText => ({
  type,
  subType,
  summary,
  description,
  resolution,
});

/** Board 1: what users ask for. */
export const deskTexts: readonly TicketText[] = [
  text(
    1,
    1,
    'Laptop will not boot after update',
    'My laptop restarted for updates overnight and now shows a blue screen. I have a client meeting at 2.',
    'Rolled back the cumulative update and paused it on {device}.',
  ),
  text(
    1,
    1,
    'Docking station does not detect second monitor',
    'Since this morning the second screen stays black. Swapping the cable did not help.',
    'Updated dock firmware; both monitors are back.',
  ),
  text(
    1,
    2,
    'Printer offline on the second floor',
    'Nobody on the second floor can print. The display says Ready.',
    'Reserved the IP address in DHCP and re-added the port on the print server.',
  ),
  text(
    1,
    2,
    'Prints come out with streaks',
    'Every page from the front desk printer has a grey line down the middle.',
    'Replaced the drum unit.',
  ),
  text(
    1,
    1,
    'Request for a new workstation',
    'We have a new bookkeeper starting on the 1st and need a computer with two screens.',
    'Workstation {device} delivered and set up.',
  ),
  text(
    2,
    4,
    'Outlook keeps asking for password',
    'Outlook asks for my password every few minutes. Webmail works fine.',
    'Cleared cached credentials and rebuilt the profile.',
  ),
  text(
    2,
    4,
    'Email bouncing to one customer',
    'Messages to our biggest customer come back with 550 5.7.1.',
    'Their filter had us blocked; added DKIM and asked them to release the domain.',
  ),
  text(
    2,
    5,
    'QuickBooks is very slow',
    'Opening the company file takes five minutes since last week.',
    'Moved the company file back to the local server and excluded it from the scanner.',
  ),
  text(
    2,
    5,
    'Dentrix will not open on two workstations',
    'Error 1016 when we open a chart in operatories 3 and 4.',
    'Re-registered the client components and opened the port on the local firewall.',
  ),
  text(
    2,
    6,
    'Teams calls drop after ten minutes',
    'Every call drops at about ten minutes, on wifi and on cable.',
    'SIP ALG was on after the firmware upgrade; turned off.',
  ),
  text(
    2,
    6,
    'OneDrive is not syncing',
    'The cloud icon shows a red cross and my files are from Monday.',
    'Renamed a file with an illegal character and reset the sync client.',
  ),
  text(
    2,
    6,
    'Need access to shared mailbox',
    'Please give me access to the billing mailbox while Denise is on leave.',
    'Granted full access and send-as.',
  ),
  text(
    3,
    7,
    'Internet is down at the warehouse',
    'No internet at the warehouse since 7:40. Phones are down too.',
    'Carrier repaired a cut fiber; failover to LTE worked for data only, opened a follow-up for phones.',
  ),
  text(
    3,
    7,
    'Slow internet every afternoon',
    'Between 2 and 4 everything crawls.',
    'Backup job was running in the daytime; moved to 11 pm.',
  ),
  text(
    3,
    8,
    'WiFi drops in the conference room',
    'People lose wifi as soon as more than six laptops are in the room.',
    'Added access point {device} and rebalanced channels.',
  ),
  text(
    3,
    9,
    'VPN error 809',
    'I cannot connect from home since yesterday.',
    'Re-issued the certificate that had expired.',
  ),
  text(
    3,
    9,
    'VPN connects but no shared drives',
    'The VPN says connected but the S: drive is missing.',
    'Split-tunnel route for the file server was missing; added it.',
  ),
  text(4, 10, 'Password reset', 'I am locked out again, sorry!', 'Identity confirmed by call-back; password reset.'),
  text(
    4,
    10,
    'Account locked out repeatedly',
    'My account locks every morning before I even type the password.',
    'An old phone still had the former password; removed the mail account there.',
  ),
  text(
    4,
    11,
    'New user setup',
    'Please set up a new employee starting Monday: email, phone, same access as her predecessor.',
    'Account, licence and groups created; welcome sheet sent to the manager.',
  ),
  text(
    4,
    12,
    'Employee departure',
    'Please disable access today at 5 pm and forward the mailbox to me.',
    'Account disabled, sessions revoked, mailbox converted to shared.',
  ),
  text(
    5,
    13,
    'Suspicious email, did not click',
    'I received an email from "the CEO" asking for gift cards.',
    'Message purged from all mailboxes; sender blocked.',
  ),
  text(
    5,
    13,
    'Clicked a link in a phishing email',
    'I think I entered my password on a fake page. What should I do?',
    'Password reset, sessions revoked, sign-in logs clean, MFA re-registered.',
  ),
  text(
    5,
    14,
    'Antivirus popup on front desk PC',
    'A red window says 3 threats found and to call a number.',
    'Browser notification spam, not malware; removed the permission.',
  ),
  text(
    1,
    3,
    'Server is making a loud noise',
    'The server in the closet started to beep and the fans are loud.',
    'Replaced the failed power supply of {device} under warranty.',
  ),
];

/** Board 2: what monitoring reports. */
export const alertTexts: readonly TicketText[] = [
  text(
    6,
    15,
    'Backup failed: {device}',
    'Job "Daily image" ended with error: VSS snapshot could not be created (0x80042306).',
    'Freed space on the shadow copy volume; the next run succeeded.',
  ),
  text(
    6,
    16,
    'Backup missed: {device}',
    'No restore point within the last 48 hours.',
    'The agent was stopped after patching; restarted.',
  ),
  text(
    7,
    17,
    'Disk space below 10 % on {device}',
    'Volume C: has 6.2 GB of 120 GB free.',
    'Cleaned the component store and old logs.',
  ),
  text(
    7,
    18,
    'Server offline: {device}',
    'No heartbeat for 15 minutes.',
    'Planned reboot after patches ran long; server is back.',
  ),
  text(
    8,
    19,
    'Endpoint detection: suspicious PowerShell on {device}',
    'Process powershell.exe with an encoded command was blocked.',
    'Script of the line-of-business vendor; allowed by hash.',
  ),
];

/** Tickets that are always there, open and of high priority: the first example of every tutorial. */
export const standingTexts: readonly TicketText[] = [
  text(
    1,
    3,
    'Server is down at main office',
    'Nobody can open the shared drive or the scheduling software. 30 people are waiting.',
    '',
  ),
  text(3, 7, 'No internet at the Newport hotel', 'Guests and the front desk have no internet. Card payments fail.', ''),
  text(
    2,
    4,
    'Executive mailbox not receiving email',
    'Our managing partner has not received any email since 9 am. Please call him on his cell.',
    '',
  ),
  text(
    5,
    14,
    'Possible ransomware on file server',
    'Files on the accounting share end in .locked and will not open!',
    '',
  ),
];

export const followUps: readonly string[] = [
  'Left a voicemail, asked for a good time to connect.',
  'Connected remotely and reproduced the problem.',
  'User reports that it is better, but wants to watch it for a day.',
  'Opened a case with the vendor, reference in the internal notes.',
  'Parts ordered, expected in two days.',
];

const signature =
  '<br><br>--<br><b>{first}</b><br>{company}<br><i>This message may contain confidential information.</i>';

/** A description as it arrives by e-mail: HTML, with a greeting and a signature. */
export function asHtmlMail(description: string): string {
  return `<div>Hi team,<br><br>${description}<br><br>Thanks,<br>{first}${signature}</div>`;
}

export function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

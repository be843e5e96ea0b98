import { simpleParser } from 'mailparser';

/** A mail as the person sees it. */
export interface Letter {
  /** The addresses that the mail server was told to deliver to. */
  to: string[];
  from: string;
  subject: string;
  text: string;
  html: string;
  arrivedAt: number;
}

export async function readLetter(to: string[], raw: Buffer): Promise<Letter> {
  const arrivedAt = Date.now();
  const mail = await simpleParser(raw);
  return {
    to,
    from: mail.from?.text ?? '',
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    html: mail.html || '',
    arrivedAt,
  };
}

/** The reset link, which stands alone on its line so that it can be copied. */
export function linkIn(letter: Letter): string {
  return theLine(letter, /^https?:\/\/\S+\/reset#\S+$/, 'a reset link');
}

/** The link that confirms a new address. */
export function emailLinkIn(letter: Letter): string {
  return theLine(letter, /^https?:\/\/\S+\/confirm-email#\S+$/, 'a link to confirm an address');
}

/** The token of a reset link. */
export function tokenIn(letter: Letter): string {
  return new URL(linkIn(letter)).hash.slice(1);
}

/** The generated password: 18 to 24 letters and digits in groups, alone on its line. */
export function passwordIn(letter: Letter): string {
  const password = theLine(letter, /^[A-Za-z0-9]+(-[A-Za-z0-9]+)+$/, 'a password');
  const letters = password.replaceAll('-', '').length;
  if (letters < 18 || letters > 24) throw new Error(`a password of ${letters} letters`);
  return password;
}

function theLine(letter: Letter, pattern: RegExp, what: string): string {
  const lines = letter.text.split(/\r?\n/).filter((line) => pattern.test(line));
  const [line] = lines;
  if (line === undefined || lines.length > 1) {
    throw new Error(
      `the letter "${letter.subject}" has ${lines.length} lines that are ${what}, not one:\n${letter.text}`,
    );
  }
  return line;
}

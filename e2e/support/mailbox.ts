import { once } from 'node:events';
import { SMTPServer } from 'smtp-server';
import { readLetter, type Letter } from './letter.ts';

/** How long a person waits for a mail before they think that none comes. */
const PATIENCE_MS = 20_000;

/** A real mail server, and everybody's mailbox on it. */
export class Mailbox {
  /** Every letter that ever arrived. */
  readonly letters: Letter[] = [];
  private readonly unread: Letter[] = [];
  private readonly waiting = new Set<() => void>();
  private server: SMTPServer | undefined;

  constructor(readonly port: number) {}

  /** Starts the mail server, also after `shut`, on the same port. */
  async open(): Promise<void> {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      logger: false,
      onData: (stream, session, done) => {
        const to = session.envelope.rcptTo.map((recipient) => recipient.address);
        void stream
          .toArray()
          .then((chunks: Buffer[]) => readLetter(to, Buffer.concat(chunks)))
          .then((letter) => this.receive(letter))
          .then(() => done(), done);
      },
    });
    // A client that goes away in mid-letter is the client's affair.
    server.on('error', () => {});
    await once(server.listen(this.port, '127.0.0.1'), 'listening');
    this.server = server;
  }

  /** Stops the mail server: from now on connections are refused. */
  async shut(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    if (!server) return;
    for (const connection of server.connections) connection.close();
    await new Promise<void>((resolve) => server.close(resolve));
  }

  /** The next letter to this address that the person has not yet read; waits for it. */
  async letterTo(address: string): Promise<Letter> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const at = this.unread.findIndex((letter) => letter.to.includes(address));
      if (at >= 0) return this.unread.splice(at, 1)[0]!;
      if (!(await this.somethingArrives(deadline - Date.now()))) {
        const others = this.letters.map((letter) => `"${letter.subject}" to ${letter.to.join(', ')}`);
        throw new Error(`no new letter to ${address}; arrived so far: ${others.join('; ') || 'none'}`);
      }
    }
  }

  /** Whether anything ever came for this address. */
  hasLetterTo(address: string): boolean {
    return this.letters.some((letter) => letter.to.includes(address));
  }

  private receive(letter: Letter): void {
    this.letters.push(letter);
    this.unread.push(letter);
    for (const wake of this.waiting) wake();
  }

  private somethingArrives(withinMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (arrived: boolean) => {
        clearTimeout(timer);
        this.waiting.delete(wake);
        resolve(arrived);
      };
      const wake = () => end(true);
      const timer = setTimeout(() => end(false), Math.max(0, withinMs));
      this.waiting.add(wake);
    });
  }
}

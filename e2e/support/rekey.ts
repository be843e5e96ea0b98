import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const ROOT = resolve(import.meta.dirname, '../..');
/** The program under test: the release build, unless another is named. */
const PROGRAM = process.env.REKEY_PROGRAM ?? join(ROOT, 'target/release/rekey');
const FRONTEND = process.env.REKEY_FRONTEND_DIR ?? join(ROOT, 'frontend/dist');
const START_MS = 20_000;
const STOP_MS = 20_000;

export type Settings = Readonly<Record<string, string>>;

export interface Account {
  userName: string;
  email: string;
  name: string;
  password: string;
}

interface Setup {
  folder: string;
  /** Its name in the address bar; every name that ends with "localhost" is this machine. */
  host: string;
  port: number;
  databaseUrl: string;
  smtpPort: number;
  settings: Settings;
}

/** A running Rekey, started and commanded like an operator does: by its program, environment and signals. */
export class Rekey {
  readonly url: string;
  private readonly environment: NodeJS.ProcessEnv;
  private readonly logFile: string;
  private server: ChildProcess | undefined;

  constructor(private readonly setup: Setup) {
    this.url = `http://${setup.host}:${setup.port}`;
    this.logFile = join(setup.folder, 'rekey.log');
    this.environment = {
      PATH: process.env.PATH,
      RUST_BACKTRACE: '1',
      DATABASE_URL: setup.databaseUrl,
      REKEY_LISTEN: `127.0.0.1:${setup.port}`,
      REKEY_PUBLIC_URL: this.url,
      REKEY_SMTP_URL: `smtp://127.0.0.1:${setup.smtpPort}?tls=none`,
      REKEY_MAIL_FROM: 'rekey@example.com',
      REKEY_DATA_DIR: setup.folder,
      REKEY_FRONTEND_DIR: FRONTEND,
      ...setup.settings,
    };
  }

  get port(): number {
    return this.setup.port;
  }

  // By number: the name "localhost" may be looked up as ::1 first, where nobody listens.
  private get address(): string {
    return `http://127.0.0.1:${this.setup.port}`;
  }

  /** Everything that the server has said so far. */
  get log(): string {
    return readFileSync(this.logFile, 'utf8');
  }

  /** Starts the server and waits until it is ready. */
  async start(): Promise<void> {
    await mkdir(this.setup.folder, { recursive: true });
    const log = openSync(this.logFile, 'a');
    this.server = spawn(PROGRAM, ['serve'], { cwd: ROOT, env: this.environment, stdio: ['ignore', log, log] });
    closeSync(log);
    await once(this.server, 'spawn');
    const deadline = Date.now() + START_MS;
    while (!(await this.isReady())) {
      if (this.server.exitCode !== null) throw new Error(`rekey serve ended at once:\n${this.log}`);
      if (Date.now() > deadline) throw new Error(`rekey serve is not ready after ${START_MS} ms:\n${this.log}`);
      await pause(20);
    }
  }

  /** Asks the server to stop, as a service manager does. It must end by itself, in time and with exit code 0. */
  async stop(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    if (!server) return;
    const ended = server.exitCode === null ? once(server, 'exit') : [server.exitCode, server.signalCode];
    server.kill('SIGTERM');
    const timer = setTimeout(() => server.kill('SIGKILL'), STOP_MS);
    const [code, signal] = await ended;
    clearTimeout(timer);
    if (code !== 0)
      throw new Error(`rekey serve ended with ${signal ?? code} after SIGTERM:\n${this.log.slice(-4_000)}`);
  }

  async addAccount(account: Account, ...more: string[]): Promise<void> {
    const names = ['--user-name', account.userName, '--email', account.email, '--name', account.name];
    await this.command(['account', 'add', ...names, '--password-stdin', ...more], `${account.password}\n`);
  }

  /** Asks for a reset in no browser at all, as an app does. */
  async requestResetElsewhere(email: string): Promise<void> {
    const answer = await fetch(`${this.address}/password-reset/request`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email }),
    });
    if (answer.status !== 202) throw new Error(`asking for a reset was answered with ${answer.status}`);
  }

  /** Runs one of Rekey's commands on the server's database. */
  private async command(words: string[], input: string): Promise<void> {
    const child = spawn(PROGRAM, words, { cwd: ROOT, env: this.environment });
    const said: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
    child.stdin.end(input);
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`rekey ${words.join(' ')} ended with ${code}: ${Buffer.concat(said).toString()}`);
  }

  private async isReady(): Promise<boolean> {
    const health = await fetch(`${this.address}/health/ready`).catch(() => undefined);
    return health?.ok ?? false;
  }
}

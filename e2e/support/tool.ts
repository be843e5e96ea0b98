import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const CADDYFILE = resolve(import.meta.dirname, '../../deploy/forward-auth/Caddyfile');
const START_MS = 20_000;

interface Ports {
  rekey: number;
  tool: number;
  proxy: number;
}

/** A tool on a host of its own, behind Debian's Caddy with the very file that a site uses. */
export class Tool {
  readonly url: string;
  private readonly tool: Server;
  private caddy: ChildProcess | undefined;

  constructor(
    private readonly folder: string,
    private readonly ports: Ports,
    private readonly host: string,
  ) {
    this.url = `http://${host}:${ports.proxy}`;
    // It says who is there and what was asked for, and knows no more of the login than that.
    this.tool = createServer((request, answer) => {
      answer.setHeader('content-type', 'text/html; charset=utf-8');
      const who = decodeURIComponent(String(request.headers['remote-name']));
      answer.end(
        `<!doctype html><title>Tool</title><link rel="icon" href="data:,"><h1>${who}</h1><p>${request.url}</p>`,
      );
    });
  }

  async start(): Promise<void> {
    this.tool.listen(this.ports.tool, '127.0.0.1');
    const site = readFileSync(CADDYFILE, 'utf8')
      .replace('tool.example.com {', `${this.url} {`)
      .replace('forward_auth 127.0.0.1:8080', `forward_auth 127.0.0.1:${this.ports.rekey}`)
      .replace('reverse_proxy 127.0.0.1:3000', `reverse_proxy 127.0.0.1:${this.ports.tool}`);
    const around = '{\n\tadmin off\n\tauto_https off\n\tdefault_bind 127.0.0.1\n}\n';
    await mkdir(this.folder, { recursive: true });
    await writeFile(join(this.folder, 'Caddyfile'), around + site);
    const words = ['run', '--adapter', 'caddyfile', '--config', 'Caddyfile'];
    const environment = { ...process.env, HOME: this.folder };
    this.caddy = spawn('caddy', words, { cwd: this.folder, env: environment, stdio: 'ignore' });
    await once(this.caddy, 'spawn');
    const deadline = Date.now() + START_MS;
    while (!(await this.isThere())) {
      if (this.caddy.exitCode !== null || Date.now() > deadline) throw new Error('Caddy does not answer');
      await pause(20);
    }
  }

  async stop(): Promise<void> {
    this.tool.close();
    this.tool.closeAllConnections();
    if (this.caddy?.exitCode === null) {
      this.caddy.kill('SIGTERM');
      await once(this.caddy, 'exit');
    }
  }

  private async isThere(): Promise<boolean> {
    const headers = { host: `${this.host}:${this.ports.proxy}` };
    const answer = await fetch(`http://127.0.0.1:${this.ports.proxy}/`, { headers, redirect: 'manual' }).catch(
      () => undefined,
    );
    return answer !== undefined;
  }
}

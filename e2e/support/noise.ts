import { expect, type BrowserContext } from '@playwright/test';

export const POLICY_BREACH = /Content[ -]Security[ -]Policy/;

/**
 * What the browser's console says. A test in which it says anything fails, be it an error, a warning, an exception or a
 * breach of the Content-Security-Policy; only what the test announced may, and then must, be said.
 */
export class Noise {
  private readonly heard: string[] = [];
  private readonly announced: RegExp[] = [];

  listen(context: BrowserContext): void {
    context.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') {
        this.hear(`${message.text()} (${message.location().url})`);
      }
    });
    context.on('weberror', (error) => this.hear(`exception: ${error.error()}`));
  }

  /** What another browser's console says. */
  hear(line: string): void {
    this.heard.push(line);
  }

  /** Whether such a line has come already; some browsers tell it later than what caused it. */
  hasHeard(pattern: RegExp): boolean {
    return this.heard.some((line) => pattern.test(line));
  }

  /** The network line for a browser that does not write it. */
  hearStatus(status: number, url: string): void {
    this.hear(`Failed to load resource: the server responded with a status of ${status} (${url})`);
  }

  /** The network line that the browser writes for an answer with this status. */
  expectStatus(status: number): void {
    this.announced.push(new RegExp(`^Failed to load resource: the server responded with a status of ${status} `));
  }

  /** The network line that the browser writes when no answer came. */
  expectNoConnection(): void {
    this.announced.push(/^Failed to load resource: net::ERR_(INTERNET_DISCONNECTED|CONNECTION_REFUSED|FAILED) /);
  }

  /** What the browser writes when the page's Content-Security-Policy stops something. */
  expectPolicyBreach(): void {
    this.announced.push(POLICY_BREACH);
  }

  /** What the browser writes when a sandbox stops a script. */
  expectSandbox(): void {
    this.announced.push(/^Blocked script execution in .* sandboxed/);
  }

  /** What a script of the page throws and nobody catches. */
  expectException(pattern: RegExp): void {
    this.announced.push(new RegExp(`^exception: .*${pattern.source}`));
  }

  check(): void {
    const unannounced = this.heard.filter((line) => !this.announced.some((pattern) => pattern.test(line)));
    expect(unannounced, 'the browser console says nothing that the test did not provoke').toEqual([]);
    const unheard = this.announced.filter((pattern) => !this.heard.some((line) => pattern.test(line)));
    expect(unheard, 'what the test announced was heard').toEqual([]);
  }
}

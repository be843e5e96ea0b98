import createClient from 'openapi-fetch';
import type { components, paths } from './rekey.js';

type Problem = components['schemas']['Problem'];
type Tokens = components['schemas']['SessionTokens'];

/** The server said no: a problem of RFC 9457. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(`${problem.title} (${problem.code}, request ${problem.request_id})`);
  }
}

/** What was asked for, or the problem as an exception. */
export async function done<T>(call: Promise<{ data?: T; error?: Problem }>): Promise<T> {
  const { data, error } = await call;
  if (error) throw new Refused(error);
  return data as T;
}

/** Calls of the API, in the name of whoever is logged in. */
export class Session {
  #accessToken: string | undefined;
  /** What an app stores, where the system keeps secrets. */
  refreshToken: string | undefined;
  readonly api;
  readonly #asNobody;

  constructor(baseUrl: string) {
    this.#asNobody = createClient<paths>({ baseUrl, fetch: patiently });
    this.api = createClient<paths>({ baseUrl, fetch: (request) => this.#fetch(request) });
  }

  keep(tokens: Tokens) {
    this.#accessToken = tokens.access_token;
    this.refreshToken = tokens.refresh_token;
  }

  /** As a quarter of an hour later. */
  letTheTokenRunOut() {
    this.#accessToken = 'run.out.now';
  }

  async #fetch(request: Request): Promise<Response> {
    const answer = await patiently(this.#signed(request));
    const refresh_token = this.refreshToken;
    if (answer.status !== 401 || refresh_token === undefined) return answer;
    const problem: Problem = await answer.clone().json();
    if (problem.code !== 'unauthenticated') return answer;
    // The access token has run out.
    const tokens = await done(this.#asNobody.POST('/session/refresh', { body: { refresh_token } }));
    if (tokens) this.keep(tokens);
    return patiently(this.#signed(request));
  }

  #signed(request: Request): Request {
    const signed = request.clone();
    if (this.#accessToken) signed.headers.set('Authorization', `Bearer ${this.#accessToken}`);
    return signed;
  }
}

/** Asks once more when the server says when. */
async function patiently(request: Request): Promise<Response> {
  for (;;) {
    const answer = await fetch(request.clone(), { signal: AbortSignal.timeout(15_000) });
    const seconds = answer.headers.get('Retry-After');
    if (seconds === null) return answer;
    console.log(`Too many requests: once more in ${seconds} s.`);
    await new Promise((resolve) => setTimeout(resolve, Number(seconds) * 1000));
  }
}

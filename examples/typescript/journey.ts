// From a forgotten password to a session and out of it again, with openapi-fetch and the types of docs/openapi.json.
//
//   npm ci && npm start -- http://127.0.0.1:8080 demo@example.com

import { createInterface } from 'node:readline';
import { Refused, Session, done } from './session.js';

const [url, email] = process.argv.slice(2);
if (!url || !email) throw new Error('journey URL EMAIL');

const typed = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
async function ask(question: string): Promise<string> {
  console.log(question);
  const line = await typed.next();
  if (line.done) throw new Error('nobody answers');
  return line.value;
}

const session = new Session(url);
const { api } = session;

await done(api.POST('/password-reset/request', { body: { email } }));
const token = await ask(`If ${email} has an account, a mail is on its way. What stands behind the # of its link?`);
await done(api.POST('/password-reset/confirm', { body: { token } }));
const mailed = await ask('A second mail is on its way. The password in it?');

let tokens = await done(api.POST('/login', { body: { user: email, password: mailed } }));
session.keep(tokens);
// A mailed password opens one thing only: choosing one's own.
while (tokens.password_change_required) {
  const own = await ask('A new password of your own?');
  try {
    tokens = await done(api.POST('/me/password', { body: { current_password: mailed, new_password: own } }));
  } catch (refused) {
    if (!(refused instanceof Refused && refused.problem.errors?.length)) throw refused;
    for (const error of refused.problem.errors) console.log(`${error.field}: ${error.code}`);
  }
}
session.keep(tokens);
console.log(`Logged in as ${(await done(api.GET('/me'))).user_name}.`);

session.letTheTokenRunOut();
console.log(`Still logged in as ${(await done(api.GET('/me'))).user_name}, with a new access token.`);

const refresh_token = session.refreshToken!;
await done(api.POST('/logout', { body: { refresh_token } }));
try {
  await done(api.POST('/session/refresh', { body: { refresh_token } }));
} catch (refused) {
  if (!(refused instanceof Refused)) throw refused;
  console.log(`Logged out: ${refused.problem.code}.`);
}
process.exit();

// Holds verify.mjs to a running Rekey: one good token, and all that it must refuse. `../run` starts it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verifier } from './verify.mjs';

const { REKEY_URL: rekey, REKEY_TOOL: tool, REKEY_TOOL_TOKEN: token, REKEY_TOKEN: accessToken } = process.env;
const verify = verifier(rekey, tool);

/** One letter of one part is another one. */
function tampered(part) {
  const parts = token.split('.');
  const letters = [...parts[part]];
  const middle = Math.floor(letters.length / 2);
  letters[middle] = letters[middle] === 'A' ? 'B' : 'A';
  parts[part] = letters.join('');
  return parts.join('.');
}

test('a good token names the person', async () => {
  const person = await verify(token);
  assert.ok(person.preferred_username && person.email);
  assert.deepEqual(person.groups, ['member']);
});

test('a token for another tool is refused', () => assert.rejects(verifier(rekey, 'https://other.example.com')(token)));

test('a token that has expired is refused', () => assert.rejects(verify(token, new Date(Date.now() + 301_000))));

for (const [part, name] of ['header', 'claims', 'signature'].entries())
  test(`a token whose ${name} was changed is refused`, () => assert.rejects(verify(tampered(part))));

test("Rekey's own access token is refused", () => assert.rejects(verify(accessToken)));

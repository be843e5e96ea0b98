// Verifies the Remote-Token that Rekey's proxy hands to a tool, without asking Rekey about each one.

import { createRemoteJWKSet, jwtVerify } from 'jose';

/**
 * `rekey` is Rekey's public URL, `tool` this tool's own origin, such as https://tool.example.com. What comes back tells what
 * a token says, and throws where the token must not be believed.
 */
export function verifier(rekey, tool) {
  // The keys are fetched once and kept; again after ten minutes, and when a token names one that is not known.
  const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', rekey));
  return async (token, now = new Date()) => {
    const { payload } = await jwtVerify(token, keys, {
      // Who may use the token for what is said by its type, its audience and its issuer: all three, or none is worth much.
      typ: 'rekey-tool+jwt',
      audience: tool,
      issuer: rekey,
      // Never the one that the token itself names.
      algorithms: ['EdDSA'],
      requiredClaims: ['exp', 'iat', 'sub'],
      currentDate: now,
    });
    return payload;
  };
}

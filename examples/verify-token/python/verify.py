"""Verifies the Remote-Token that Rekey's proxy hands to a tool, without asking Rekey about each one.

Needs PyJWT with cryptography (requirements.txt).
"""

import jwt

TYPE = "rekey-tool+jwt"


class Verifier:
    def __init__(self, rekey, tool):
        """`rekey` is Rekey's public URL, `tool` this tool's own origin, such as https://tool.example.com."""
        self.rekey, self.tool = rekey, tool
        # The keys are fetched once and kept; again every five minutes, and when a token names one that is not known.
        self.keys = jwt.PyJWKClient(f"{rekey}/.well-known/jwks.json", cache_keys=True)

    def verify(self, token, leeway=0):
        """What the token says. A token that must not be believed raises jwt.PyJWTError."""
        # Who may use the token for what is said by its type, its audience and its issuer: all three, or none is worth much.
        if jwt.get_unverified_header(token).get("typ") != TYPE:
            raise jwt.InvalidTokenError("not a token for a tool")
        return jwt.decode(
            token,
            self.keys.get_signing_key_from_jwt(token),
            # Never the one that the token itself names.
            algorithms=["EdDSA"],
            audience=self.tool,
            issuer=self.rekey,
            leeway=leeway,
            options={"require": ["exp", "iat", "sub"]},
        )

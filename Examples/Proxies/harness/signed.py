"""An issuer whose tokens a second implementation signs (joserfc), good ones and faulty ones."""

import base64
import json
import time
import warnings
from dataclasses import dataclass

from joserfc import jwe, jws
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from .servers import Handler, Server

warnings.simplefilter("ignore")  # joserfc warns of `none` and `EdDSA`, which are what is tried here.

AUDIENCE = "https://api.example"
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]


@dataclass
class Case:
    name: str
    token: str
    # The statuses that a gate may answer.
    statuses: tuple[int, ...] = (401,)


class Issuer(Server):
    """Publishes its metadata and its keys, and signs tokens."""

    def __init__(self):
        self.keys = {
            "RS": RSAKey.generate_key(2048, {"kid": "rsa"}),
            "PS": RSAKey.generate_key(2048, {"kid": "pss"}),
            "ES256": ECKey.generate_key("P-256", {"kid": "p256"}),
            "ES384": ECKey.generate_key("P-384", {"kid": "p384"}),
            "ES512": ECKey.generate_key("P-521", {"kid": "p521"}),
            "Ed": OKPKey.generate_key("Ed25519", {"kid": "ed"}),
        }
        issuer = self

        class Documents(Handler):
            def do_GET(self):
                document = {
                    "/.well-known/openid-configuration": {"issuer": issuer.url, "jwks_uri": issuer.url + "/jwks"},
                    "/jwks": {"keys": [key.as_dict(private=False) for key in issuer.keys.values()]},
                }.get(self.path)
                self.answer(200 if document else 404, json.dumps(document).encode(), {"Content-Type": "application/json"})

        super().__init__(Documents)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def key(self, algorithm: str):
        return self.keys.get(algorithm) or self.keys[algorithm[:2]]

    def claims(self, **changes) -> dict:
        """The claims of a good token; `None` takes one out."""
        now = int(time.time())
        claims = {"iss": self.url, "aud": AUDIENCE, "sub": "alice", "iat": now, "exp": now + 600} | changes
        return {name: value for name, value in claims.items() if value is not None}

    def token(self, algorithm: str = "ES256", header: dict | None = None, payload: bytes | None = None, **changes) -> str:
        key = self.key(algorithm)
        header = {"alg": algorithm, "kid": key.kid} | (header or {})
        return self.signed(header, payload or json.dumps(self.claims(**changes)).encode(), key)

    def signed(self, header: dict, payload: bytes, key) -> str:
        header = {name: value for name, value in header.items() if value is not None}
        registry = jws.JWSRegistry(algorithms=[header["alg"]], strict_check_header=False)
        return jws.serialize_compact(header, payload, key, registry=registry)

    def cases(self) -> list[Case]:
        """What each kind of token must get: 200, 401, or 503 where only new keys could tell."""
        good = [Case(f"{name}", self.token(name), (200,)) for name in ALGORITHMS]
        good += [
            Case("typ at+jwt", self.token(header={"typ": "at+jwt"}), (200,)),
            Case("no kid", self.token(header={"kid": None}), (200,)),
            Case("jku elsewhere, not followed", self.token(header={"jku": "https://evil.example/jwks"}), (200,)),
            Case("several audiences", self.token(aud=["https://other.example", AUDIENCE]), (200,)),
        ]
        head, body, signature = self.token("RS256").split(".")
        now = int(time.time())
        stranger = ECKey.generate_key("P-256", {"kid": "p256"})
        public = OctKey.import_key(base64.urlsafe_b64decode(self.key("RS256").as_dict(private=False)["n"] + "=="))
        claims = json.dumps(self.claims()).encode()
        faulty = [
            Case("expired", self.token(exp=now - 1)),
            Case("no exp", self.token(exp=None)),
            Case("exp as text", self.token(exp=str(now + 600))),
            Case("exp as fraction", self.token(exp=now + 600.5)),
            Case("exp 1e300", self.token(payload=claims.replace(str(now + 600).encode(), b"1e300"))),
            Case("not valid yet", self.token(nbf=now + 600)),
            Case("other issuer", self.token(iss=self.url + "/")),
            Case("no issuer", self.token(iss=None)),
            Case("other audience", self.token(aud=AUDIENCE + "/")),
            Case("no audience", self.token(aud=None)),
            Case("ID token", self.token(at_hash="x")),
            Case("bound to a key (cnf)", self.token(cnf={"jkt": "x"})),
            Case("typ of a refresh token", self.token(header={"typ": "rt+jwt"})),
            Case("token in a token (cty)", self.token(header={"cty": "JWT"})),
            Case("crit", self.token(header={"crit": ["kid"]})),
            Case("b64 false", self.token(header={"b64": False, "crit": ["b64"]})),
            Case("key in the header (jwk)", self.token(header={"jwk": stranger.as_dict(private=False)})),
            Case("name twice", self.token(payload=claims[:-1] + b',"sub":"bob"}')),
            Case("payload is no object", self.token(payload=b'"alice"')),
            Case("none", self.signed({"alg": "none"}, claims, OctKey.generate_key())),
            Case("HS256 with the public key", self.signed({"alg": "HS256", "kid": "rsa"}, claims, public)),
            Case("another key of that name", self.signed({"alg": "ES256", "kid": "p256"}, claims, stranger)),
            Case("key of another type", self.signed({"alg": "ES256", "kid": "rsa"}, claims, self.key("ES256")), (401, 503)),
            Case("changed payload", f"{head}.{encoded(claims.replace(b'alice', b'admin'))}.{signature}"),
            Case("signature of another token", f"{head}.{body}.{self.token('RS256', sub='bob').split('.')[2]}"),
            Case("signature cut off", f"{head}.{body}."),
            Case("encrypted (JWE)", encrypted(claims)),
            Case("unknown key", self.token(header={"kid": "new"}), (401, 503)),
        ]
        return good + faulty


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def encrypted(content: bytes) -> str:
    return jwe.encrypt_compact({"alg": "RSA-OAEP", "enc": "A128GCM"}, content, RSAKey.generate_key(2048))

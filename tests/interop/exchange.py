#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Exchanges keys and tokens between jwtctl and other programs, both ways.

A pair is one peer, one algorithm, one form of key, and who made the key, signed and verified:
whoever made the key, jwtctl signs and the peer verifies, and the peer signs and jwtctl verifies.
In every pair the verifier must return the claims that were signed, and must refuse the token after
it was changed: in its signature when the maker of the key signed, else in its payload.

JWTCTL                 the program under test (default: jwtctl)
JWTCTL_REQUIRE_PEERS   if not empty, a peer that Debian packages must not be missing
JWTCTL_PANVA_JOSE      where the npm package jose is; it must then not be missing either
"""

import base64
import collections
import concurrent.futures
import functools
import importlib
import itertools
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time

RSA_BITS = 2048
PASSPHRASE = "JWTCTL_INTEROP_PASSPHRASE"
NOW = int(time.time())
CLAIMS = {
    "iss": "https://id.example.com/",
    "sub": "alice",
    "name": "Zoë \U0001f511 \"quoted\"",
    "iat": NOW - 60,
    "exp": NOW + 3600,
    "level": -3,
    "roles": ["reader", {"nested": [True, None]}],
}


class Refused(Exception):
    """The verifier says that the signature does not match."""


class Broken(Exception):
    """Anything else that should not happen."""


# --- algorithms ------------------------------------------------------------------------------


class Suite(collections.namedtuple("Suite", "alg kty crv")):
    """A signature algorithm, with the curve where the name leaves it open."""

    @property
    def label(self):
        """What reports call it."""
        return f"{self.alg} ({self.crv})" if self.alg == "EdDSA" else self.alg

    @property
    def kind(self):
        """What a key without an alg is: all RSA algorithms share one kind."""
        return self.crv or (self.alg if self.kty == "oct" else self.kty)

    def leads(self, what):
        """Whether it is the first of its kind or its kty."""
        return self is next(
            suite for suite in SUITES if getattr(suite, what) == getattr(self, what))

    @property
    def digest(self):
        """The name of the hash, for algorithms that leave it to the caller."""
        return "sha" + "".join(filter(str.isdigit, self.alg))


SUITES = (
    [Suite("HS" + bits, "oct", None) for bits in ("256", "384", "512")]
    + [Suite(pad + bits, "RSA", None) for pad in ("RS", "PS") for bits in ("256", "384", "512")]
    + [Suite("ES256", "EC", "P-256"), Suite("ES384", "EC", "P-384"), Suite("ES512", "EC", "P-521")]
    + [Suite("ES256K", "EC", "secp256k1")]
    + [Suite("EdDSA", "OKP", "Ed25519"), Suite("EdDSA", "OKP", "Ed448")]
    + [Suite("Ed25519", "OKP", "Ed25519"), Suite("Ed448", "OKP", "Ed448")]
)


# --- keys and tokens -------------------------------------------------------------------------

# The files of a key; a secret is both halves. The form is one of jwk, raw (the bytes of a secret),
# pem, der, encrypted pem, encrypted der.
Key = collections.namedtuple("Key", "form private public")


class Folder:
    """Where every file goes."""

    def __init__(self, path):
        self._path = pathlib.Path(path)
        self._numbers = itertools.count()

    def new(self):
        """The path of a file that is not there yet."""
        return self._path / f"{next(self._numbers)}"

    def write(self, content):
        """The path of a new file with this text, these bytes, or this as JSON."""
        path = self.new()
        if not isinstance(content, (str, bytes)):
            content = json.dumps(content)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def key(self, form, private, public):
        """A key from the contents of its halves."""
        return Key(form, self.write(private), self.write(public))


def b64(data):
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text):
    """The inverse of b64."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def signing_input(suite, claims):
    """Header and payload, for peers that sign bytes."""
    header = {"alg": suite.alg, "typ": "JWT"}
    return b64(json.dumps(header).encode()) + "." + b64(json.dumps(claims).encode())


def with_other_signature(token):
    """The token with another character in the middle of its signature."""
    message, _, signature = token.rpartition(".")
    middle = len(signature) // 2
    other = "B" if signature[middle] == "A" else "A"
    return f"{message}.{signature[:middle]}{other}{signature[middle + 1:]}"


def with_other_payload(token):
    """The token about somebody else."""
    header, payload, signature = token.split(".")
    other = unb64(payload).replace(b"alice", b"mallo")
    if other == unb64(payload):
        raise Broken("the payload does not name alice")
    return f"{header}.{b64(other)}.{signature}"


def run(*command, data=None):
    """Runs a program to its end; what it says is text."""
    return subprocess.run(
        [str(word) for word in command], input=data, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, universal_newlines=True, encoding="utf-8", check=False)


def must(*command, data=None):
    """The output of a program that must succeed."""
    done = run(*command, data=data)
    if done.returncode != 0:
        raise Broken(said(done))
    return done.stdout


def said(done):
    """A run in one line, for reports."""
    command = " ".join(str(word) for word in done.args)
    text = " ".join((done.stdout + done.stderr).split())
    return f"status {done.returncode} of: {command}: {text}"


# --- the program under test ------------------------------------------------------------------


class Jwtctl:
    """The program under test, with the interface of a peer. All peers get the same keys of it."""

    name = "jwtctl"
    BAD_SIGNATURE = 13

    def __init__(self, folder):
        self._folder = folder
        self._program = os.environ.get("JWTCTL") or "jwtctl"
        self._claims = folder.write(CLAIMS)
        self._keys = {}
        self._tokens = {}
        self._lock = threading.RLock()
        must(self._program, "version")

    def key(self, suite, form):
        """A key by keygen. A JWK names its algorithm, the other forms serve all of their kind."""
        what = (form, suite.label if form in ("jwk", "raw") else suite.kind)
        with self._lock:
            if what not in self._keys:
                self._keys[what] = self._make(suite, form)
            return self._keys[what]

    def _make(self, suite, form):
        if form == "raw":
            secret = unb64(json.loads(self.key(suite, "jwk").private.read_text())["k"])
            path = self._folder.write(secret)
            return Key("raw", path, path)
        if suite.label == "EdDSA (Ed448)" and form == "jwk":
            return self._converted(self.key(suite, "pem"))
        private, public = self._folder.new(), self._folder.new()
        options = ["--encoding", form.split()[-1]]
        if form.startswith("encrypted"):
            options += ["--passphrase", f"env:{PASSPHRASE}"]
        if suite.kty == "RSA":
            options += ["--bits", RSA_BITS]
        if suite.kty != "oct":
            options += ["--out-public", public]
        alg = "Ed448" if suite.crv == "Ed448" else suite.alg
        must(self._program, "keygen", "-a", alg, "--out-private", private, *options)
        return Key(form, private, private if suite.kty == "oct" else public)

    def _converted(self, pem):
        """The key as JWK. Where keygen's JWK would name another algorithm, this names none."""
        private, public = self._folder.new(), self._folder.new()
        show = (self._program, "jwks", "show", "-f", "jwk")
        must(*show, "--private", "-o", private, pem.private)
        must(*show, "-o", public, pem.public)
        return Key("jwk", private, public)

    @staticmethod
    def _options(suite, form, path):
        options = ["--secret" if form == "raw" else "--key", path, "-a", suite.alg]
        if form.startswith("encrypted"):
            options += ["--passphrase", f"env:{PASSPHRASE}"]
        return options

    def sign(self, suite, key):
        """A token with the claims, the same for all peers that use the key."""
        with self._lock:
            if (suite, key) in self._tokens:
                return self._tokens[suite, key]
        options = self._options(suite, key.form, key.private)
        token = must(self._program, "sign", f"@{self._claims}", *options).strip()
        with self._lock:
            return self._tokens.setdefault((suite, key), token)

    def verify(self, suite, key, token):
        """The claims of a good token."""
        form = key.form.split()[-1]
        options = self._options(suite, form, key.public)
        done = run(self._program, "verify", *options, "--print", "payload", "--", token)
        if done.returncode == self.BAD_SIGNATURE and not done.stdout:
            raise Refused(done.stderr)
        if done.returncode != 0:
            raise Broken(said(done))
        return json.loads(done.stdout)


# --- peers -----------------------------------------------------------------------------------


class Peer:
    """Another program or library.

    missing() is why it cannot be used; forms(suite) are the forms of key to exchange; knows(suite)
    asks the peer itself, by its list of algorithms or by making a key, never by signing; key, sign
    and verify are those of Jwtctl.
    """

    def __init__(self, folder):
        self.folder = folder

    def missing(self):
        """Why the peer cannot be used, or nothing."""
        return None

    def required(self):
        """Whether it must not be missing: by default what Debian packages, when asked for."""
        return bool(os.environ.get("JWTCTL_REQUIRE_PEERS"))

    def forms(self, suite):
        """The forms of key to exchange. No PEM names its algorithm: one of each kind will do."""
        return ["jwk", "pem"] if suite.kty != "oct" and suite.leads("kind") else ["jwk"]

    def close(self):
        """Ends what runs."""


class Latchset(Peer):
    """The jose command of latchset."""

    name = "latchset jose"

    def missing(self):
        if not shutil.which("jose"):
            return "jose is not installed"
        return None if self._algorithms() else "this jose lists no signature algorithms"

    @functools.lru_cache(maxsize=None)
    def _algorithms(self):
        done = run("jose", "alg", "-k", "sign")
        return done.stdout.split() if done.returncode == 0 else []

    def forms(self, suite):
        return ["jwk"]

    def knows(self, suite):
        """By its list; a curve that the name leaves open by making a key."""
        if suite.alg not in self._algorithms():
            return False
        return suite.alg != "EdDSA" or self._generated(suite).returncode == 0

    def _generated(self, suite):
        if suite.kty == "RSA":
            template = {"kty": "RSA", "bits": RSA_BITS}
        elif suite.kty == "OKP":
            template = {"kty": "OKP", "crv": suite.crv}
        else:
            template = {"alg": suite.alg}
        return run("jose", "jwk", "gen", "-i", json.dumps(template))

    @functools.lru_cache(maxsize=None)
    def _rsa(self, _kind):
        return self._made(next(suite for suite in SUITES if suite.kty == "RSA"))

    def _made(self, suite):
        done = self._generated(suite)
        if done.returncode != 0:
            raise Broken(said(done))
        private = self.folder.write(done.stdout)
        if suite.kty == "oct":
            return Key("jwk", private, private)
        public = self.folder.write(must("jose", "jwk", "pub", "-i", private))
        return Key("jwk", private, public)

    @functools.lru_cache(maxsize=None)
    def key(self, suite, form):
        """One key of RSA, else one for every algorithm."""
        assert form == "jwk"
        return self._rsa(suite.kind) if suite.kty == "RSA" else self._made(suite)

    def sign(self, suite, key):
        """A token with the claims."""
        template = json.dumps({"protected": {"alg": suite.alg, "typ": "JWT"}})
        payload = self.folder.write(CLAIMS)
        return must("jose", "jws", "sig", "-I", payload, "-k", key.private, "-s", template,
                    "-c").strip()

    def verify(self, suite, key, token):
        """The claims of a good token. jose prints the payload of a bad one, too."""
        del suite
        path = self.folder.write(token)
        done = run("jose", "jws", "ver", "-i", path, "-k", key.public, "-O", "-")
        if done.returncode != 0 and "Signature validation failed!" in done.stderr:
            raise Refused(done.stderr)
        if done.returncode != 0:
            raise Broken(said(done))
        return json.loads(done.stdout)


class PyJwt(Peer):
    """PyJWT, whose keys are those of the package cryptography."""

    name = "PyJWT"

    def missing(self):
        try:
            self._jwt = importlib.import_module("jwt")
            algorithms = importlib.import_module("jwt.algorithms")
            self._algorithms = algorithms.get_default_algorithms()
            if not algorithms.has_crypto:
                return "it does not find the package cryptography"
        except (ImportError, AttributeError) as error:
            return str(error)
        return None

    def forms(self, suite):
        return super().forms(suite) + (["raw"] if suite.kty == "oct" else [])

    def knows(self, suite):
        """By its list of algorithms."""
        return suite.alg in self._algorithms

    @functools.lru_cache(maxsize=None)
    def _keys(self, kind, suite):
        """The key in every form."""
        del kind
        to_jwk = self._algorithms[suite.alg].to_jwk
        if suite.kty == "oct":
            secret = os.urandom(64)
            keys = {"raw": (secret, secret), "jwk": (to_jwk(secret), to_jwk(secret))}
        else:
            private = self._private(suite)
            public = private.public_key()
            keys = {"pem": self._pem(private), "jwk": (to_jwk(private), to_jwk(public))}
        return {form: self.folder.key(form, *halves) for form, halves in keys.items()}

    def _private(self, suite):
        asymmetric = "cryptography.hazmat.primitives.asymmetric."
        if suite.kty == "RSA":
            rsa = importlib.import_module(asymmetric + "rsa")
            return rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
        if suite.kty == "OKP":
            edwards = importlib.import_module(asymmetric + suite.crv.lower())
            return getattr(edwards, suite.crv + "PrivateKey").generate()
        curves = importlib.import_module(asymmetric + "ec")
        curve = {"P-256": curves.SECP256R1, "P-384": curves.SECP384R1,
                 "P-521": curves.SECP521R1, "secp256k1": curves.SECP256K1}[suite.crv]()
        while True:
            private = curves.generate_private_key(curve)
            point = private.public_key().public_numbers()
            numbers = (point.x, point.y, private.private_numbers().private_value)
            # Old versions of PyJWT leave out leading zeros, which RFC 7518 section 6.2 forbids.
            octets = (curve.key_size + 7) // 8
            if all((number.bit_length() + 7) // 8 == octets for number in numbers):
                return private

    @staticmethod
    def _pem(private):
        forms = importlib.import_module("cryptography.hazmat.primitives.serialization")
        pem = forms.Encoding.PEM
        return (private.private_bytes(pem, forms.PrivateFormat.PKCS8, forms.NoEncryption()),
                private.public_key().public_bytes(pem, forms.PublicFormat.SubjectPublicKeyInfo))

    def key(self, suite, form):
        """One key of every kind."""
        leader = next(other for other in SUITES if other.kind == suite.kind)
        return self._keys(suite.kind, leader if self.knows(leader) else suite)[form]

    def _read(self, suite, form, path):
        if form == "jwk":
            return self._algorithms[suite.alg].from_jwk(path.read_text())
        return path.read_bytes()

    def sign(self, suite, key):
        """A token with the claims."""
        key = self._read(suite, key.form, key.private)
        token = self._jwt.encode(CLAIMS, key, algorithm=suite.alg)
        return token if isinstance(token, str) else token.decode()

    def verify(self, suite, key, token):
        """The claims of a good token."""
        key = self._read(suite, key.form, key.public)
        try:
            return self._jwt.decode(token, key, algorithms=[suite.alg])
        except self._jwt.InvalidSignatureError as error:
            raise Refused(str(error)) from error


class JwCrypto(Peer):
    """jwcrypto."""

    name = "jwcrypto"

    def missing(self):
        try:
            self._common, self._jwa, self._jwk, self._jws, self._jwt = (
                importlib.import_module("jwcrypto." + name)
                for name in ("common", "jwa", "jwk", "jws", "jwt"))
        except ImportError as error:
            return str(error)
        return None

    def knows(self, suite):
        """By its list of algorithms, and of curves where the name leaves it open."""
        try:
            self._jwa.JWA.signing_alg(suite.alg)
            if suite.kty == "OKP":
                self._jwk.JWK.generate(kty="OKP", crv=suite.crv)
        except (self._common.JWException, NotImplementedError):
            return False
        return True

    @functools.lru_cache(maxsize=None)
    def _generated(self, kind, kty):
        members = {"oct": {"size": 512}, "RSA": {"size": RSA_BITS}}.get(kty, {"crv": kind})
        return self._jwk.JWK.generate(kty=kty, **members)

    @functools.lru_cache(maxsize=None)
    def key(self, suite, form):
        """One key of every kind."""
        key = self._generated(suite.kind, suite.kty)
        if form == "jwk" and suite.kty == "oct":
            private = self.folder.write(key.export())
            return Key(form, private, private)
        if form == "jwk":
            return self.folder.key(form, key.export_private(), key.export_public())
        return self.folder.key(form, key.export_to_pem(True, None), key.export_to_pem())

    def _read(self, form, path):
        if form == "jwk":
            return self._jwk.JWK.from_json(path.read_text())
        return self._jwk.JWK.from_pem(path.read_bytes())

    def sign(self, suite, key):
        """A token with the claims."""
        token = self._jwt.JWT(header={"alg": suite.alg, "typ": "JWT"}, claims=CLAIMS,
                              algs=[suite.alg])
        token.make_signed_token(self._read(key.form, key.private))
        return token.serialize()

    def verify(self, suite, key, token):
        """The claims of a good token."""
        key = self._read(key.form, key.public)
        try:
            return json.loads(self._jwt.JWT(jwt=token, key=key, algs=[suite.alg]).claims)
        except self._jws.InvalidJWSSignature as error:
            raise Refused(str(error)) from error


class Panva(Peer):
    """The npm package jose of panva, in one process of node that answers lines of JSON."""

    name = "panva jose (npm)"
    _node = None

    def required(self):
        """No package of Debian has it: it must be there when it was pointed at."""
        return bool(os.environ.get("JWTCTL_PANVA_JOSE"))

    def missing(self):
        if not shutil.which("node"):
            return "node is not installed"
        helper = pathlib.Path(__file__).resolve().with_name("panva.mjs")
        self._node = subprocess.Popen(
            ["node", str(helper)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            universal_newlines=True, encoding="utf-8")
        return None if self._answer().get("ready") else "node cannot import it"

    def _answer(self):
        line = self._node.stdout.readline()
        if not line:
            raise Broken("node ended")
        return json.loads(line)

    def _ask(self, do, suite, **members):
        request = {"do": do, "alg": suite.alg, "kty": suite.kty, "crv": suite.crv, **members}
        print(json.dumps(request), file=self._node.stdin, flush=True)
        answer = self._answer()
        if "refused" in answer:
            raise Refused(answer["refused"])
        if "error" in answer:
            raise Broken(answer["error"])
        return answer

    @functools.lru_cache(maxsize=None)
    def _generated(self, suite):
        return self._ask("generate", suite, bits=RSA_BITS)

    def knows(self, suite):
        """By making a key."""
        return "unknown" not in self._generated(suite)

    def key(self, suite, form):
        """One key for every algorithm, in every form."""
        halves = self._generated(suite)[form]
        return self.folder.key(form, halves["private"], halves["public"])

    def sign(self, suite, key):
        """A token with the claims."""
        text = key.private.read_text()
        return self._ask("sign", suite, form=key.form, key=text, claims=CLAIMS)["token"]

    def verify(self, suite, key, token):
        """The claims of a good token."""
        text = key.public.read_text()
        return self._ask("verify", suite, form=key.form, key=text, token=token)["claims"]

    def close(self):
        if self._node:
            self._node.stdin.close()
            self._node.wait()
            self._node.stdout.close()


class OpenSsl(Peer):
    """openssl, which knows keys and signatures; the token is put together here."""

    name = "openssl"
    HALF = {"P-256": 32, "P-384": 48, "P-521": 66, "secp256k1": 32}

    def missing(self):
        return None if shutil.which("openssl") else "openssl is not installed"

    def forms(self, suite):
        """Encrypted forms are slow by design."""
        if suite.kty == "oct":
            return []
        return (["pem"] + (["der", "encrypted pem"] if suite.leads("kind") else [])
                + (["encrypted der"] if suite.leads("kty") else []))

    @functools.lru_cache(maxsize=None)
    def _makes(self, algorithm):
        return run(*self._genpkey(algorithm), "-out", self.folder.new()).returncode == 0

    def knows(self, suite):
        """By making a key. It has no keys for secrets."""
        return suite.kty == "oct" or self._makes(self._algorithm(suite))

    @staticmethod
    def _algorithm(suite):
        if suite.kty == "RSA":
            return ("RSA", f"rsa_keygen_bits:{RSA_BITS}")
        if suite.kty == "EC":
            return ("EC", f"ec_paramgen_curve:{suite.crv}")
        return (suite.crv.upper(),)

    @staticmethod
    def _genpkey(algorithm):
        options = ["-pkeyopt", algorithm[1]] if algorithm[1:] else []
        return ["openssl", "genpkey", "-algorithm", algorithm[0], *options]

    @functools.lru_cache(maxsize=None)
    def _made(self, algorithm, form):
        private, public = self.folder.new(), self.folder.new()
        encoding = form.split()[-1].upper()
        command = self._genpkey(algorithm)
        if form == "encrypted der":
            must("openssl", "pkcs8", "-topk8", "-v2", "aes-256-cbc", "-outform", "DER", "-passout",
                 f"env:{PASSPHRASE}", "-out", private, data=must(*command))
        else:
            if form == "encrypted pem":
                command += ["-aes-256-cbc", "-pass", f"env:{PASSPHRASE}"]
            must(*command, "-outform", encoding, "-out", private)
        must("openssl", "pkey", "-in", private, "-inform", encoding, "-passin",
             f"env:{PASSPHRASE}", "-pubout", "-outform", encoding, "-out", public)
        return Key(form, private, public)

    def key(self, suite, form):
        """One key of every kind and form."""
        return self._made(self._algorithm(suite), form)

    def _pkeyutl(self, suite, key, path, message):
        command = ["openssl", "pkeyutl", "-rawin", "-in", self.folder.write(message), "-inkey",
                   path, "-keyform", key.form.split()[-1].upper(),
                   "-passin", f"env:{PASSPHRASE}"]
        if suite.kty != "OKP":
            command += ["-digest", suite.digest]
        if suite.alg.startswith("PS"):
            command += ["-pkeyopt", "rsa_padding_mode:pss", "-pkeyopt", "rsa_pss_saltlen:digest"]
        return command

    def sign(self, suite, key):
        """A token with the claims."""
        message = signing_input(suite, CLAIMS)
        path = self.folder.new()
        must(*self._pkeyutl(suite, key, key.private, message), "-sign", "-out", path)
        signature = path.read_bytes()
        if suite.kty == "EC":
            signature = ecdsa_raw(signature, self.HALF[suite.crv])
        return message + "." + b64(signature)

    def verify(self, suite, key, token):
        """The claims of a good token."""
        message, _, signature = token.rpartition(".")
        signature = unb64(signature)
        if suite.kty == "EC":
            if len(signature) != 2 * self.HALF[suite.crv]:
                raise Broken(f"a signature of {len(signature)} bytes")
            signature = ecdsa_der(signature)
        done = run(*self._pkeyutl(suite, key, key.public, message), "-verify", "-pubin",
                   "-sigfile", self.folder.write(signature))
        if done.returncode != 0 and "Signature Verification Failure" in done.stdout:
            raise Refused(done.stdout)
        if done.returncode != 0:
            raise Broken(said(done))
        return json.loads(unb64(message.split(".")[1]))


def ecdsa_raw(der, half):
    """The two numbers of a signature in DER, side by side."""
    if der[0] != 0x30:
        raise Broken("no ECDSA signature in DER")
    numbers = der[3:] if der[1] == 0x81 else der[2:]
    raw = b""
    while numbers:
        end = 2 + numbers[1]
        raw += int.from_bytes(numbers[2:end], "big").to_bytes(half, "big")
        numbers = numbers[end:]
    return raw


def ecdsa_der(raw):
    """The inverse of ecdsa_raw."""
    half = len(raw) // 2
    body = b""
    for number in (int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big")):
        octets = number.to_bytes(number.bit_length() // 8 + 1, "big")
        body += bytes([2, len(octets)]) + octets
    return (b"\x30" if len(body) < 0x80 else b"\x30\x81") + bytes([len(body)]) + body


# --- the exchange ----------------------------------------------------------------------------


def check_pair(suite, form, maker, signer, verifier):
    """One pair: the good token is accepted, the forged one is refused."""
    key = maker.key(suite, form)
    token = signer.sign(suite, key)
    alg = json.loads(unb64(token.split(".")[0]))["alg"]
    if alg != suite.alg:
        raise Broken(f"the header says {alg}")
    claims = verifier.verify(suite, key, token)
    if claims != CLAIMS:
        raise Broken(f"claims came back as {claims}")
    forge = with_other_signature if signer is maker else with_other_payload
    try:
        verifier.verify(suite, key, forge(token))
    except Refused:
        return
    raise Broken(f"{verifier.name} accepts a token {forge.__name__.replace('_', ' ')}")


class Exchange:
    """All pairs with one peer: how many ran and failed, and the lines to print."""

    def __init__(self, jwtctl, peer):
        self._jwtctl = jwtctl
        self._peer = peer
        self.ran = 0
        self.failed = 0
        self.lines = []

    def run(self):
        """Runs them."""
        try:
            why = self._peer.missing()
            if why:
                self._missing(why)
            else:
                self._present()
        except Exception as error:  # pylint: disable=broad-except
            self._fail(f"{self._peer.name}: {type(error).__name__}: {error}")
        finally:
            self._peer.close()
        return self

    def _fail(self, line):
        self.failed += 1
        self.lines.append(f"FAILED: {line}")

    def _missing(self, why):
        if self._peer.required():
            self._fail(f"{self._peer.name} is missing: {why}")
        else:
            self.lines.append(f"skipped: {self._peer.name}: {why}")

    def _present(self):
        known = [suite for suite in SUITES if self._peer.knows(suite)]
        for suite in known:
            for form in self._peer.forms(suite):
                self._both_ways(suite, form)
        unknown = [suite.label for suite in SUITES if suite not in known]
        if unknown:
            self.lines.append(f"not known to {self._peer.name}: {', '.join(unknown)}")
        self.lines.append(f"{self._peer.name}: {self.ran} pairs ran, {self.failed} failed")

    def _both_ways(self, suite, form):
        for maker in (self._jwtctl, self._peer):
            for signer, verifier in ((self._jwtctl, self._peer), (self._peer, self._jwtctl)):
                self.ran += 1
                try:
                    check_pair(suite, form, maker, signer, verifier)
                except Exception as error:  # pylint: disable=broad-except
                    self._fail(f"{suite.label}, {form} by {maker.name}, {signer.name} signs, "
                               f"{verifier.name} verifies: {type(error).__name__}: {error}")


def main():
    """Exchanges with every peer that is there, with two at a time."""
    os.environ[PASSPHRASE] = "correct horse battery staple"
    with tempfile.TemporaryDirectory() as path:
        folder = Folder(path)
        jwtctl = Jwtctl(folder)
        exchanges = [Exchange(jwtctl, kind(folder))
                     for kind in (OpenSsl, PyJwt, JwCrypto, Panva, Latchset)]
        with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
            for exchange in pool.map(Exchange.run, exchanges):
                print(*exchange.lines, sep="\n", flush=True)
    failed = sum(exchange.failed for exchange in exchanges)
    print(f"{sum(exchange.ran for exchange in exchanges)} pairs ran, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

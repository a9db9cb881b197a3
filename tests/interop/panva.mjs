// SPDX-License-Identifier: Apache-2.0
// The npm package jose as a peer of exchange.py: one line of JSON in, one line of JSON out. The
// first line says whether the package is there.
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

// load finds the package in the folder that JWTCTL_PANVA_JOSE names (the package, or what has it
// in node_modules), else where node finds it, which includes NODE_PATH.
async function load() {
  const folder = process.env.JWTCTL_PANVA_JOSE;
  if (!folder) {
    try {
      return await import("jose");
    } catch (error) {
      if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
    }
  }
  const require = createRequire(folder ? resolve(folder, "package.json") : import.meta.url);
  return import(pathToFileURL(require.resolve("jose")));
}

function say(answer) {
  process.stdout.write(JSON.stringify(answer) + "\n");
}

const text = (jwk) => JSON.stringify(jwk);

// generate makes a key in every form, or says that the algorithm is unknown.
async function generate(jose, { alg, kty, crv, bits }) {
  const options = { extractable: true };
  if (kty === "RSA") options.modulusLength = bits;
  if (alg === "EdDSA") options.crv = crv;
  let made;
  try {
    made = await (kty === "oct" ? jose.generateSecret : jose.generateKeyPair)(alg, options);
  } catch (error) {
    if (error.code === "ERR_JOSE_NOT_SUPPORTED") return { unknown: true };
    throw error;
  }
  if (kty === "oct") {
    const secret = text(await jose.exportJWK(made));
    return { jwk: { private: secret, public: secret } };
  }
  const { privateKey, publicKey } = made;
  return {
    jwk: {
      private: text(await jose.exportJWK(privateKey)),
      public: text(await jose.exportJWK(publicKey)),
    },
    pem: {
      private: await jose.exportPKCS8(privateKey),
      public: await jose.exportSPKI(publicKey),
    },
  };
}

async function sign(jose, { alg, form, key, claims }) {
  const secret = await (form === "jwk"
    ? jose.importJWK(JSON.parse(key), alg)
    : jose.importPKCS8(key, alg));
  const header = { alg, typ: "JWT" };
  return { token: await new jose.SignJWT(claims).setProtectedHeader(header).sign(secret) };
}

async function verify(jose, { alg, form, key, token }) {
  const trusted = await (form === "jwk"
    ? jose.importJWK(JSON.parse(key), alg)
    : jose.importSPKI(key, alg));
  try {
    return { claims: (await jose.jwtVerify(token, trusted, { algorithms: [alg] })).payload };
  } catch (error) {
    if (error.code === "ERR_JWS_SIGNATURE_VERIFICATION_FAILED") return { refused: error.message };
    throw error;
  }
}

const jobs = { generate, sign, verify };
let jose;
try {
  jose = await load();
  say({ ready: true });
} catch (error) {
  say({ ready: false, error: String(error) });
  process.exit(0);
}
for await (const line of createInterface({ input: process.stdin })) {
  try {
    const request = JSON.parse(line);
    say(await jobs[request.do](jose, request));
  } catch (error) {
    say({ error: String(error) });
  }
}

// SPDX-License-Identifier: Apache-2.0
#include "lib/crypto/pem.h"

#include <openssl/asn1.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>

#include "lib/base/shown.h"
#include "lib/crypto/pbe.h"
#include "lib/crypto/spki.h"

namespace jwtctl {
namespace {

using Octets = std::string_view;

/// passphrase_callback hands out `passphrase`; without one it refuses, because OpenSSL's own
/// callback would ask on the terminal.
int passphrase_callback(char* buffer, int size, int /*writing*/, void* passphrase) {
  const auto* secret = static_cast<const SecretBytes*>(passphrase);
  if (secret == nullptr || secret->size() > static_cast<std::size_t>(size)) return -1;
  std::copy(secret->begin(), secret->end(), buffer);
  return static_cast<int>(secret->size());
}

Failure needs_passphrase() {
  return fail(ErrorCode::usage, "the private key is encrypted")
      .hint("give its passphrase with --passphrase SPEC");
}

Failure wrong_passphrase() {
  clear_errors();
  return fail(ErrorCode::crypto, "the passphrase does not open the private key");
}

/// Parser tries one structure: null when `der` is not exactly that.
using Parser = EVP_PKEY* (*)(Octets der);

template <class Parse>
EVP_PKEY* parse_all(Octets der, Parse parse) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const unsigned char* end = at + der.size();
  PkeyPtr key(parse(&at, static_cast<long>(der.size())));
  return at == end ? key.release() : nullptr;
}

EVP_PKEY* parse_spki(Octets der) {
  return parse_all(der, [](const unsigned char** at, long size) {
    return d2i_PUBKEY_ex(nullptr, at, size, nullptr, nullptr);
  });
}

EVP_PKEY* parse_certificate(Octets der) {
  return parse_all(der, [](const unsigned char** at, long size) -> EVP_PKEY* {
    X509Ptr certificate(d2i_X509(nullptr, at, size));
    return certificate ? X509_get_pubkey(certificate.get()) : nullptr;
  });
}

EVP_PKEY* parse_pkcs1_public(Octets der) {
  return parse_all(der, [](const unsigned char** at, long size) {
    return d2i_PublicKey(EVP_PKEY_RSA, nullptr, at, size);
  });
}

EVP_PKEY* parse_pkcs8(Octets der) {
  return parse_all(der, [](const unsigned char** at, long size) -> EVP_PKEY* {
    Pkcs8Ptr info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, at, size));
    return info ? EVP_PKCS82PKEY_ex(info.get(), nullptr, nullptr) : nullptr;
  });
}

EVP_PKEY* parse_pkcs1_private(Octets der) {
  return parse_all(der, [](const unsigned char** at, long size) {
    return d2i_PrivateKey_ex(EVP_PKEY_RSA, nullptr, at, size, nullptr, nullptr);
  });
}

EVP_PKEY* parse_sec1(Octets der) {
  return parse_all(der, [](const unsigned char** at, long size) {
    return d2i_PrivateKey_ex(EVP_PKEY_EC, nullptr, at, size, nullptr, nullptr);
  });
}

struct Structure {
  Octets label;  ///< of RFC 7468, or of OpenSSL's traditional forms
  Parser parse;
};

// In the order in which DER without a label is tried.
constexpr std::array<Structure, 6> kStructures{{{"PUBLIC KEY", parse_spki},
                                                {"PRIVATE KEY", parse_pkcs8},
                                                {"CERTIFICATE", parse_certificate},
                                                {"RSA PUBLIC KEY", parse_pkcs1_public},
                                                {"RSA PRIVATE KEY", parse_pkcs1_private},
                                                {"EC PRIVATE KEY", parse_sec1}}};

constexpr Octets kEncryptedLabel = "ENCRYPTED PRIVATE KEY";

/// parse_encrypted reads an EncryptedPrivateKeyInfo (RFC 5958 section 3).
X509SigPtr parse_encrypted(Octets der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const unsigned char* end = at + der.size();
  X509SigPtr envelope(d2i_X509_SIG(nullptr, &at, static_cast<long>(der.size())));
  clear_errors();
  if (at != end) envelope.reset();
  return envelope;
}

Result<Key> decrypt_pkcs8(const X509_SIG& envelope, const SecretBytes* passphrase) {
  if (passphrase == nullptr) return needs_passphrase();
  if (auto good = check_iterations(envelope); !good) return fail(std::move(good).error());
  Pkcs8Ptr info(PKCS8_decrypt_ex(&envelope, reinterpret_cast<const char*>(passphrase->data()),
                                 static_cast<int>(passphrase->size()), nullptr, nullptr));
  if (!info) return wrong_passphrase();
  PkeyPtr key(EVP_PKCS82PKEY_ex(info.get(), nullptr, nullptr));
  clear_errors();
  if (!key) return fail(ErrorCode::input, "the encrypted private key holds no key that we know");
  return adopt_pkey(std::move(key));
}

/// Block is one PEM block; what it holds may be secret.
struct Block {
  std::string label;
  std::string headers;  ///< of RFC 1421, in OpenSSL's traditional encryption
  SecretBytes der;
};

/// next_block reads on to the next complete block; nothing at the end of the text.
std::optional<Block> next_block(BIO* source) {
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* data = nullptr;
  long size = 0;
  bool found = PEM_read_bio_ex(source, &name, &header, &data, &size, PEM_FLAG_EAY_COMPATIBLE) == 1;
  clear_errors();
  if (!found) return std::nullopt;
  BufferPtr name_owner(reinterpret_cast<unsigned char*>(name));
  BufferPtr header_owner(reinterpret_cast<unsigned char*>(header));
  BufferPtr data_owner(data);
  Block block{name, header, SecretBytes(data, data + size)};
  cleanse(data, static_cast<std::size_t>(size));
  return block;
}

/// next_key_block skips what `openssl ecparam -genkey` puts in front of a key.
std::optional<Block> next_key_block(BIO* source) {
  auto block = next_block(source);
  while (block && block->label == "EC PARAMETERS") block = next_block(source);
  return block;
}

Result<void> decrypt_traditional(Block& block, const SecretBytes* passphrase) {
  if (passphrase == nullptr) return needs_passphrase();
  EVP_CIPHER_INFO cipher{};
  auto size = static_cast<long>(block.der.size());
  if (PEM_get_EVP_CIPHER_INFO(block.headers.data(), &cipher) != 1) {
    return crypto_error("cannot decrypt the private key");
  }
  if (PEM_do_header(&cipher, block.der.data(), &size, passphrase_callback,
                    const_cast<SecretBytes*>(passphrase)) != 1) {
    return wrong_passphrase();
  }
  block.der.resize(static_cast<std::size_t>(size));
  return {};
}

Result<Key> key_of_block(Block& block, const SecretBytes* passphrase) {
  if (block.label == kEncryptedLabel) {
    X509SigPtr envelope = parse_encrypted(as_text(block.der));
    if (!envelope) return fail(ErrorCode::input, "the encrypted private key is broken");
    return decrypt_pkcs8(*envelope, passphrase);
  }
  const auto* structure =
      std::find_if(kStructures.begin(), kStructures.end(),
                   [&block](const Structure& s) { return s.label == block.label; });
  if (structure == kStructures.end()) {
    return fail(ErrorCode::input, "a PEM block of {} is not a key",
                quote_argument(block.label, ShownAs::member));
  }
  bool encrypted = block.headers.find("ENCRYPTED") != std::string::npos;
  if (encrypted) {
    if (auto done = decrypt_traditional(block, passphrase); !done) {
      return fail(std::move(done).error());
    }
  }
  if (block.label == "PUBLIC KEY") {
    if (auto key = parse_curve_spki(as_text(block.der))) return *std::move(key);
  }
  PkeyPtr key(structure->parse(as_text(block.der)));
  clear_errors();
  // The padding of one wrong passphrase in 256 looks right.
  if (!key && encrypted) return wrong_passphrase();
  if (!key)
    return fail(ErrorCode::input, "the PEM block {} is broken",
                quote_argument(block.label, ShownAs::member));
  return adopt_pkey(std::move(key));
}

}  // namespace

bool looks_like_pem(std::string_view bytes) {
  return bytes.find("-----BEGIN ") != std::string_view::npos;
}

bool is_key_label(std::string_view label) {
  return label == kEncryptedLabel ||
         std::any_of(kStructures.begin(), kStructures.end(),
                     [label](const Structure& s) { return s.label == label; });
}

std::size_t der_size(std::string_view bytes) {
  const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
  long length = 0;
  int tag = 0;
  int tag_class = 0;
  int flags = ASN1_get_object(&at, &length, &tag, &tag_class, static_cast<long>(bytes.size()));
  clear_errors();
  bool constructed =
      flags == V_ASN1_CONSTRUCTED && tag == V_ASN1_SEQUENCE && tag_class == V_ASN1_UNIVERSAL;
  const auto* start = reinterpret_cast<const unsigned char*>(bytes.data());
  return constructed ? static_cast<std::size_t>(at - start + length) : 0;
}

bool looks_like_der(std::string_view bytes) {
  return !bytes.empty() && der_size(bytes) == bytes.size();
}

Result<Key> parse_pem_key(std::string_view pem, const SecretBytes* passphrase) {
  BioPtr source(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (!source) return crypto_error("cannot read PEM");
  if (auto block = next_key_block(source.get())) return key_of_block(*block, passphrase);
  return fail(ErrorCode::input, "the PEM text holds no complete block");
}

std::vector<PemKey> parse_pem_keys(std::string_view pem, const SecretBytes* passphrase) {
  BioPtr source(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  std::vector<PemKey> keys;
  while (auto block = source ? next_key_block(source.get()) : std::nullopt) {
    bool certificate = block->label == "CERTIFICATE";
    std::string der(certificate ? as_text(block->der) : std::string_view{});
    keys.push_back({key_of_block(*block, passphrase), std::move(der)});
  }
  return keys;
}

Result<Key> parse_der_key(std::string_view der, const SecretBytes* passphrase) {
  if (auto key = parse_curve_spki(der)) return *std::move(key);
  for (const Structure& structure : kStructures) {
    PkeyPtr key(structure.parse(der));
    clear_errors();
    if (key) return adopt_pkey(std::move(key));
  }
  if (X509SigPtr envelope = parse_encrypted(der)) return decrypt_pkcs8(*envelope, passphrase);
  return fail(ErrorCode::input, "the DER structure is no key that we know");
}

}  // namespace jwtctl

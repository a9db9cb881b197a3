// SPDX-License-Identifier: Apache-2.0
#include "lib/crypto/openssl.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/params.h>
#include <openssl/provider.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>

#include "lib/base/allocation.h"
#include "lib/base/secret.h"

namespace jwtctl {
namespace {

Result<std::string> digest_of(std::string_view octets, const char* name) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  std::size_t size = 0;
  if (EVP_Q_digest(nullptr, name, nullptr, octets.data(), octets.size(), digest.data(), &size) !=
      1) {
    return crypto_error(fmt::format("cannot compute {}", name));
  }
  return std::string(digest.begin(), digest.begin() + static_cast<std::ptrdiff_t>(size));
}

}  // namespace

void check_allocations() {
  // Nothing and size 0 are as OpenSSL's own functions treat them.
  auto resize = [](void* old, std::size_t size, const char* /*file*/, int /*line*/) -> void* {
    if (size != 0) return checked_realloc(old, size);
    std::free(old);
    return nullptr;
  };
  CRYPTO_set_mem_functions(
      [](std::size_t size, const char* /*file*/, int /*line*/) -> void* {
        return size != 0 ? checked_malloc(size) : nullptr;
      },
      resize, [](void* memory, const char* /*file*/, int /*line*/) { std::free(memory); });
}

void clear_errors() { ERR_clear_error(); }

Failure crypto_error(std::string_view what) {
  const char* reason = ERR_reason_error_string(ERR_peek_error());
  std::string cause = reason != nullptr ? reason : "no reason given";
  ERR_clear_error();
  return fail(ErrorCode::crypto, "{}: {}", what, cause);
}

BignumPtr pkey_number(EVP_PKEY* pkey, const char* name) {
  // EVP_PKEY_get_bn_param pads each number to 2 KiB, in constant time. No number but an odd public
  // exponent is longer than what the key signs.
  SecretBytes octets(static_cast<std::size_t>(std::max(EVP_PKEY_get_size(pkey), 0)));
  OSSL_PARAM parameters[] = {OSSL_PARAM_construct_BN(name, octets.data(), octets.size()),
                             OSSL_PARAM_construct_end()};
  BIGNUM* value = nullptr;
  bool fits = EVP_PKEY_get_params(pkey, parameters) == 1;
  if (!fits) clear_errors();
  bool read =
      fits ? OSSL_PARAM_modified(parameters) == 1 && OSSL_PARAM_get_BN(parameters, &value) == 1
           : EVP_PKEY_get_bn_param(pkey, name, &value) == 1;
  if (!read) clear_errors();
  return BignumPtr(value);
}

std::string pkey_text(EVP_PKEY* pkey, const char* name) {
  std::array<char, 64> text{};
  std::size_t size = 0;
  if (EVP_PKEY_get_utf8_string_param(pkey, name, text.data(), text.size(), &size) != 1) {
    clear_errors();
    return {};
  }
  return {text.data(), size};
}

Result<std::string> sha256(std::string_view octets) { return digest_of(octets, "SHA256"); }

Result<std::string> sha1(std::string_view octets) { return digest_of(octets, "SHA1"); }

std::string crypto_library_version() {
  std::string running = OpenSSL_version(OPENSSL_VERSION);
  std::string_view compiled = OPENSSL_VERSION_TEXT;
  if (running == compiled) return running;
  return fmt::format("{} (compiled against {})", running, compiled);
}

std::vector<std::string> crypto_providers() {
  std::vector<std::string> names;
  // Providers load with the first fetch; ask for something that every configuration has.
  EVP_MD_free(EVP_MD_fetch(nullptr, "SHA256", nullptr));
  auto collect = [](OSSL_PROVIDER* provider, void* list) {
    const char* version = "";
    std::array<OSSL_PARAM, 2> wanted{
        OSSL_PARAM_construct_utf8_ptr(OSSL_PROV_PARAM_VERSION, const_cast<char**>(&version), 0),
        OSSL_PARAM_construct_end()};
    OSSL_PROVIDER_get_params(provider, wanted.data());
    static_cast<std::vector<std::string>*>(list)->push_back(
        fmt::format("{} {}", OSSL_PROVIDER_get0_name(provider), version));
    return 1;
  };
  OSSL_PROVIDER_do_all(nullptr, collect, &names);
  clear_errors();
  return names;
}

}  // namespace jwtctl

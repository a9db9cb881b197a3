// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/conversion.h"

#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/crypto/pem_write.h"

namespace jwtctl::cli {
namespace {

/// convert collects the JWKs of one half. What has none is left out of a set and said.
Result<SecretJson> convert(KeyDocument& document, Half half) {
  SecretJson keys(Json::Array{});
  std::optional<Error> first;
  bool secret = false;
  bool single = document.entries.size() == 1;
  std::erase_if(document.entries, [&](KeyEntry& entry) {
    auto jwk = convert_entry(entry, half);
    if (jwk) {
      keys.json.push_back(*std::move(jwk));
      return false;
    }
    if (!first) first = jwk.error();
    secret = secret || (half == Half::public_half && has_half(entry, Half::private_half));
    if (!single) {
      std::string kid =
          entry.kid() ? fmt::format(" (kid {})", show_argument(*entry.kid(), ShownAs::text)) : "";
      Io::write_warning(
          fmt::format("key {}{} is left out: {}", entry.index + 1, kid, jwk.error().message));
    }
    entry.members.wipe();
    return true;
  });
  if (!document.entries.empty()) return keys;
  if (secret) first->hint = "to convert the secret itself add --private";
  return fail(*std::move(first));
}

Result<SecretBytes> to_pem(const KeyDocument& document, Half half) {
  SecretBytes text;
  for (const KeyEntry& entry : document.entries) {
    auto pem = half == Half::private_half
                   ? encode_private_key(entry.jwk->key, Encoding::pem, nullptr)
                   : encode_public_key(entry.jwk->key, Encoding::pem);
    if (!pem) return pem;
    text.insert(text.end(), pem->begin(), pem->end());
  }
  return text;
}

}  // namespace

Result<void> choose_entries(KeyDocument& document, const std::string& kid) {
  auto& entries = document.entries;
  std::vector<std::string> kids;
  constexpr std::size_t kShownKids = 20;
  for (const KeyEntry& entry : entries) {
    if (kids.size() == kShownKids) {
      kids.push_back(fmt::format("and {} more", entries.size() - kShownKids));
      break;
    }
    kids.push_back(shown_kid(entry.kid().value_or("(none)")));
  }
  std::erase_if(entries, [&kid](KeyEntry& entry) {
    bool other = entry.kid() != kid;
    if (other) entry.members.wipe();
    return other;
  });
  if (!entries.empty()) return {};
  return fail(ErrorCode::input, "no key has the kid {}", quote_argument(kid, ShownAs::text))
      .hint("there is: {}", join(kids, ", "));
}

Result<SecretBytes> convert_document(KeyDocument& document, Half half, Format format) {
  auto keys = convert(document, half);
  if (!keys) return fail(std::move(keys).error());
  std::size_t count = document.entries.size();
  if (format == Format::jwk && count > 1) {
    return fail(ErrorCode::usage, "these are {} keys, a JWK is one", count)
        .hint("choose one with --kid, or write a set with -f jwks");
  }
  if (format == Format::pem) return to_pem(document, half);
  SecretJson whole(format == Format::jwk ? keys->json.as_array()->front()
                                         : Json::object({{"keys", keys->json}}));
  std::string text = whole.json.dump(2) + "\n";
  auto bytes = to_bytes<SecretBytes>(text);
  cleanse(text);
  return bytes;
}

}  // namespace jwtctl::cli

// SPDX-License-Identifier: Apache-2.0
#include "lib/jose/jws.h"

#include <fmt/format.h>

#include <algorithm>

#include "lib/base/text.h"
#include "lib/codec/base64url.h"
#include "lib/crypto/signature.h"
#include "lib/jose/private_material.h"

namespace jwtctl {
namespace {

constexpr std::array<std::string_view, 3> kJwsParts{"header", "payload", "signature"};
constexpr std::array<std::string_view, 5> kJweParts{
    "header", "encrypted key", "initialization vector", "ciphertext", "authentication tag"};

std::string show_byte(char c) {
  if (c > ' ' && c < '\x7f') return fmt::format("'{}'", c);
  return fmt::format("byte 0x{:02x}", static_cast<unsigned char>(c));
}

class Reader {
 public:
  explicit Reader(std::string_view text) { jws_.text = text; }

  Jws read(std::size_t max_bytes) && {
    std::string_view text = jws_.text;
    if (text.size() > max_bytes) {
      fault(rules::json_limits, max_bytes, false, "the token has {} bytes, the limit is {}",
            text.size(), max_bytes);
    } else if (text.empty()) {
      fault(rules::segment_count, 0, false, "the token is empty");
    } else if (text.starts_with('{') || text.starts_with('[')) {
      fault(rules::not_compact, 0, false, "this is JSON, not a compact token");
    } else {
      cut();
      for (Segment& segment : jws_.segments) decode(segment);
      read_header();
      check_kind();
      hide_key();
    }
    return std::move(jws_);
  }

 private:
  template <class... Args>
  void fault(RuleId rule, std::size_t offset, bool readable, fmt::format_string<Args...> text,
             Args&&... args) {
    jws_.faults.push_back({rule, offset, fmt::format(text, std::forward<Args>(args)...), readable});
  }

  /// cut splits at the dots. They are counted first, so that a text of nothing but dots costs
  /// nothing (CVE-2025-30204).
  void cut() {
    std::string_view text = jws_.text;
    auto dots = static_cast<std::size_t>(std::count(text.begin(), text.end(), '.'));
    if (dots == 4) jws_.kind = TokenKind::jwe;
    if (dots != 2 && dots != 4) {
      std::size_t at = text.size();
      if (dots > 2) {
        for (std::size_t n = 0, pos = 0; n < 3; ++n) pos = (at = text.find('.', pos)) + 1;
      }
      fault(rules::segment_count, at, false, "a signed token has 3 segments, this has {}",
            dots + 1);
    }
    auto parts = dots == 4 ? std::span<const std::string_view>(kJweParts)
                           : std::span<const std::string_view>(kJwsParts);
    std::size_t start = 0;
    for (std::string_view name : parts) {
      std::size_t end = std::min(text.find('.', start), text.size());
      jws_.segments.push_back({name, start, end - start, {}, true});
      if (end == text.size()) break;
      start = end + 1;
    }
    if (jws_.segments.front().length == 0 && jws_.faults.empty()) {
      fault(rules::segment_count, 0, false, "the header segment is empty");
    }
  }

  /// check_kind: five segments are a JWE when the header says how it is encrypted (RFC 7516
  /// section 4.1.2); else it is something that was glued together.
  void check_kind() {
    bool encrypted = !jws_.header || jws_.header->find("enc") != nullptr;
    if (jws_.kind != TokenKind::jwe || encrypted) return;
    jws_.kind = TokenKind::jws;
    fault(rules::segment_count, jws_.text.find('.', jws_.segments[2].offset), false,
          "a signed token has 3 segments, this has 5");
    jws_.segments.resize(2);
    jws_.segments[1].name = "payload";
  }

  void decode(Segment& segment) {
    std::string_view text = std::string_view(jws_.text).substr(segment.offset, segment.length);
    Base64Text decoded = decode_base64url(text);
    segment.readable = decoded.readable();
    segment.octets = std::move(decoded.octets);
    if (!decoded.fault) return;
    std::size_t at = segment.offset + decoded.offset;
    switch (*decoded.fault) {
      case Base64Fault::illegal_character:
        return fault(rules::illegal_character, at, false, "{} in the {} is not base64url",
                     show_byte(text[decoded.offset]), segment.name);
      case Base64Fault::standard_alphabet:
        return fault(rules::base64_standard_alphabet, at, true,
                     "{} in the {} is standard base64, not base64url",
                     show_byte(text[decoded.offset]), segment.name);
      case Base64Fault::padding:
        return fault(rules::base64_padding, at, true, "the {} is padded with '='", segment.name);
      case Base64Fault::length:
        return fault(rules::base64_noncanonical, at, false,
                     "the {} has {} characters, which no encoder produces", segment.name,
                     segment.length);
      case Base64Fault::trailing_bits:
        return fault(rules::base64_noncanonical, at, true,
                     "the last character of the {} has stray bits", segment.name);
    }
  }

  /// is_signed_form says that there are a header that names an algorithm, claims and a signature:
  /// claims may hold anything, and what they hold is shown.
  bool is_signed_form() const {
    std::string_view claims = trim(jws_.octets("payload"));
    bool object = claims.starts_with('{') && claims.ends_with('}');
    bool encrypted =
        jws_.kind == TokenKind::jwe && jws_.header && jws_.header->find("enc") != nullptr;
    return encrypted || (jws_.segments.size() == kJwsParts.size() && jws_.header_text("alg") &&
                         jws_.header->find("kty") == nullptr && object &&
                         !holds_private_material(jws_.octets("signature")));
  }

  /// holds_key looks at the whole text and at each of its parts, whatever keeps them from being
  /// decoded: a line break in the middle, a letter cut off at the end.
  bool holds_key() const {
    auto parts = split(jws_.text, '.');
    constexpr std::size_t kMaxParts = 8;  // a text of nothing but dots costs nothing
    parts.resize(std::min(parts.size(), kMaxParts));
    return holds_private_material(jws_.text) ||
           std::any_of(parts.begin(), parts.end(),
                       [](std::string_view part) { return holds_private_material(part); });
  }

  /// hide_key keeps a private key that somebody took for a token, or for a part of one, from being
  /// shown once it is decoded: nothing of such a text is.
  void hide_key() {
    if (is_signed_form() || !holds_key()) return;
    for (Segment& segment : jws_.segments) cleanse(segment.octets);
    if (jws_.header) jws_.header->wipe();
    jws_.header.reset();
    jws_.segments.clear();
    jws_.faults.clear();
    fault(rules::json_invalid, 0, false,
          "this is an encoded private key, which is not shown, and no token");
  }

  void read_header() {
    Segment& segment = jws_.segments.front();
    if (segment.length == 0 || !segment.readable) return;
    JsonReading reading = read_json(segment.octets);
    if (reading.fault) {
      fault(reading.fault->rule, token_offset(segment, reading.fault->offset),
            reading.value.has_value(), "the header is not acceptable JSON: {} at its byte {}",
            reading.fault->message, reading.fault->offset);
    }
    if (!reading.value) return;
    if (!reading.value->is_object()) {
      fault(rules::json_invalid, segment.offset, false, "the header is {}, not an object",
            reading.value->kind_name());
      return;
    }
    jws_.header = std::move(reading.value);
  }

  Jws jws_;
};

}  // namespace

std::size_t token_offset(const Segment& segment, std::size_t octet) {
  return segment.offset + octet * 4 / 3;
}

const Segment* Jws::segment(std::string_view name) const {
  auto found = std::find_if(segments.begin(), segments.end(),
                            [name](const Segment& s) { return s.name == name; });
  return found != segments.end() ? &*found : nullptr;
}

std::string_view Jws::signing_input() const {
  return std::string_view(text).substr(0, text.rfind('.'));
}

std::string_view Jws::octets(std::string_view name) const {
  const Segment* found = segment(name);
  return found != nullptr ? std::string_view(found->octets) : std::string_view();
}

std::optional<std::string> Jws::header_text(std::string_view name) const {
  const Json* member = header ? header->find(name) : nullptr;
  const std::string* value = member != nullptr ? member->as_string() : nullptr;
  return value != nullptr ? std::optional(*value) : std::nullopt;
}

Jws read_jws(std::string_view text, std::size_t max_bytes) { return Reader(text).read(max_bytes); }

Result<std::string> sign_jws(std::string_view header, std::string_view payload, const Key& key,
                             const Algorithm& algorithm, KeyStrength strength) {
  std::string input = fmt::format("{}.{}", to_base64url(header), to_base64url(payload));
  auto signature = make_signature(key, algorithm, input, strength);
  if (!signature) return signature;
  return fmt::format("{}.{}", input, to_base64url(*signature));
}

}  // namespace jwtctl

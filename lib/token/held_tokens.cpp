// SPDX-License-Identifier: Apache-2.0
#include "lib/token/held_tokens.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/codec/base64url.h"
#include "lib/codec/json.h"
#include "lib/token/clean.h"

namespace jwtctl {
namespace {

using View = std::string_view;

constexpr int kMaxNested = 4;            // JSON in strings of JSON, and percent-encodings of such
constexpr std::size_t kChunkDigits = 3;  // session.0 to session.999

bool is_token_character(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         View("-_.+/=").find(c) != View::npos;
}

/// begins_object says whether a segment decodes to the beginning of a JSON object. Its second
/// character counts too, because `example` decodes to a brace and something.
bool begins_object(View segment) {
  Base64Text decoded = decode_base64url(segment);
  View octets = trim(decoded.octets);
  if (!decoded.readable() || !octets.starts_with('{')) return false;
  octets = trim(octets.substr(1));
  return octets.starts_with('"') || octets.starts_with('}');
}

/// header_in finds where in a segment a header begins: something may be glued to its front, such as
/// `access_token=` or `jwt_`.
std::optional<std::size_t> header_in(View segment) {
  if (begins_object(segment)) return 0;
  View body = segment.substr(0, segment.find_last_not_of('=') + 1);
  for (char glue : {'=', '/', '+'}) {
    std::size_t at = body.rfind(glue);
    if (at != View::npos && begins_object(segment.substr(at + 1))) return at + 1;
  }
  std::size_t at = segment.find("eyJ");  // {" in base64
  return at != View::npos && begins_object(segment.substr(at)) ? std::optional(at) : std::nullopt;
}

/// token_in finds a token in a run of its characters: a header, and two dots behind it.
std::optional<std::string> token_in(View run) {
  auto dots = std::count(run.begin(), run.end(), '.');
  std::size_t start = 0;
  for (; dots >= 2; --dots) {
    std::size_t dot = run.find('.', start);
    if (auto at = header_in(run.substr(start, dot - start))) {
      View token = run.substr(start + *at);
      bool sentence_ends = token.ends_with('.') && (dots == 3 || dots == 5);
      return std::string(sentence_ends ? token.substr(0, token.size() - 1) : token);
    }
    start = dot + 1;
  }
  return std::nullopt;
}

std::vector<std::string> tokens_in(View text) {
  std::vector<std::string> found;
  for (auto at = text.begin(); at != text.end();) {
    auto end = std::find_if_not(at, text.end(), is_token_character);
    if (auto token = token_in(View(at, static_cast<std::size_t>(end - at)))) {
      found.push_back(*std::move(token));
    }
    at = std::find_if(end, text.end(), is_token_character);
  }
  return found;
}

/// without_percent decodes what is percent-encoded and leaves the rest.
std::string without_percent(View text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto octet = text[i] == '%' ? parse_hex(text.substr(i + 1, 2)) : parse_hex("");
    bool encoded = octet && octet->size() == 1;
    decoded += encoded ? static_cast<char>(octet->front()) : text[i];
    if (encoded) i += 2;
  }
  return decoded;
}

std::string without_space(View text) {
  std::string joined;
  std::copy_if(text.begin(), text.end(), std::back_inserter(joined),
               [](char c) { return View(" \t\r\n").find(c) == View::npos; });
  return joined;
}

/// is_json_token: a JWS or JWE in a JSON serialization (RFC 7515 section 7.2, RFC 7516
/// section 7.2). It is the token itself, whatever else lies in it.
bool is_json_token(const Json& json) {
  auto has = [&json](View name) { return json.find(name) != nullptr; };
  return has("ciphertext") || (has("payload") && (has("signature") || has("signatures")));
}

class Collector {
 public:
  void add_json(const Json& json, const std::string& place, int depth) {
    if (const std::string* text = json.as_string()) add_text(*text, place, depth);
    if (is_json_token(json)) {
      held_.push_back({place.empty() ? "the document" : place, std::nullopt});
      return;
    }
    if (const Json::Array* items = json.as_array()) {
      std::size_t index = 0;
      for (const Json& item : *items) add_json(item, fmt::format("{}[{}]", place, index++), depth);
    }
    if (const Json::Object* members = json.as_object()) {
      for (const JsonMember& member : *members) {
        std::string name = show_argument(member.name);
        if (!tokens_in(member.name).empty()) {
          add_dressed(member.name, fmt::format("the name {}", name));
        }
        add_json(member.value, place.empty() ? name : fmt::format("{}.{}", place, name), depth);
      }
    }
  }

  void add_cookies(View cookies) {
    std::map<View, std::map<int, View>> chunks;
    std::vector<View> pairs = split(cookies, ';');
    for (View pair : pairs) {
      auto chunk = chunk_of(pair);
      if (chunk) chunks[chunk->base].emplace(chunk->number, chunk->value);
    }
    std::erase_if(chunks, [](const auto& entry) { return !is_chunked(entry.second); });
    for (const auto& [base, parts] : chunks) {
      std::string joined;
      for (const auto& part : parts) joined += part.second;
      add_dressed(joined, fmt::format("the parts of the cookie {}", show_argument(base)));
    }
    for (View pair : pairs) {
      auto chunk = chunk_of(pair);
      if (!chunk || !chunks.contains(chunk->base)) add_cookie(pair);
    }
  }

  std::vector<HeldToken> take() && { return std::move(held_); }

 private:
  struct Chunk {
    View base;
    int number;
    View value;
  };

  static std::optional<Chunk> chunk_of(View pair) {
    std::size_t equals = pair.find('=');
    if (equals == View::npos) return std::nullopt;
    View name = trim(pair.substr(0, equals));
    std::size_t dot = name.rfind('.');
    if (dot == View::npos) return std::nullopt;
    View digits = name.substr(dot + 1);
    bool number = !digits.empty() && digits.size() <= kChunkDigits &&
                  digits.find_first_not_of("0123456789") == View::npos;
    if (!number) return std::nullopt;
    return Chunk{name.substr(0, dot), std::stoi(std::string(digits)),
                 trim(pair.substr(equals + 1))};
  }

  /// is_chunked: several parts, and only the first begins a token.
  static bool is_chunked(const std::map<int, View>& parts) {
    return parts.size() > 1 &&
           std::none_of(std::next(parts.begin()), parts.end(),
                        [](const auto& part) { return looks_like_token(part.second); });
  }

  void add_cookie(View pair) {
    std::size_t equals = pair.find('=');
    if (equals == View::npos) return add_dressed(pair, "a cookie without a name");
    View name = trim(pair.substr(0, equals));
    View value = trim(pair.substr(equals + 1));
    std::string place = fmt::format("the cookie {}", show_argument(name));
    add_dressed(name, "the name of a cookie");
    // Quotes may belong to a cookie (RFC 6265 section 4.1.1).
    bool quoted = value.size() >= 2 && value.front() == value.back() &&
                  View("\"'`").find(value.front()) != View::npos;
    View inner = quoted ? value.substr(1, value.size() - 2) : value;
    if (is_bare(inner)) {
      held_.push_back({std::move(place), std::string(trim(inner)), std::string(value)});
    } else {
      add_dressed(value, place);
    }
  }

  static bool is_bare(View text) { return looks_like_token(text) && tokens_in(text).size() == 1; }

  void add_text(const std::string& text, const std::string& place, int depth) {
    if (is_bare(text)) {
      held_.push_back({place.empty() ? "the document" : place, std::string(trim(text)), text});
      return;
    }
    View body = trim(text);
    if (depth < kMaxNested && (body.starts_with('{') || body.starts_with('['))) {
      JsonReading reading = read_json(body);
      std::size_t before = held_.size();
      if (reading.value && !reading.fault) add_json(*reading.value, place, depth + 1);
      for (std::size_t i = before; i < held_.size(); ++i) held_[i].value.reset();
      if (held_.size() > before) return;
    }
    add_dressed(text, place);
  }

  void add_dressed(View dressed, const std::string& place) {
    std::string text(dressed);
    for (int round = 0; round < kMaxNested && text.find('%') != std::string::npos; ++round) {
      text = without_percent(text);
    }
    std::vector<std::string> found = tokens_in(text);
    if (found.empty()) found = tokens_in(without_space(text));
    for (std::string& token : found) held_.push_back({place, std::move(token)});
  }

  std::vector<HeldToken> held_;
};

bool differ(const HeldToken& a, const HeldToken& b) { return !a.text || a.text != b.text; }

}  // namespace

std::optional<View> cookies_of(View text) {
  for (View name : {"cookie:", "set-cookie:"}) {
    if (equals_ignoring_case(text.substr(0, name.size()), name)) return text.substr(name.size());
  }
  return std::nullopt;
}

std::vector<HeldToken> held_tokens(View text) {
  Collector collector;
  if (auto cookies = cookies_of(text)) {
    collector.add_cookies(*cookies);
  } else if (text.starts_with('{') || text.starts_with('[')) {
    JsonReading reading = read_json(text);
    if (reading.value && !reading.fault) collector.add_json(*reading.value, "", 0);
  }
  return std::move(collector).take();
}

std::optional<std::string> only_bare(const std::vector<HeldToken>& held) {
  auto bare = std::find_if(held.begin(), held.end(),
                           [](const HeldToken& h) { return h.value.has_value(); });
  if (bare == held.end() || !places_of_several(held).empty()) return std::nullopt;
  return bare->value;
}

std::vector<std::string> places_of_several(const std::vector<HeldToken>& held) {
  bool several = std::any_of(held.begin(), held.end(), [&held](const HeldToken& other) {
    return &other != &held.front() && differ(held.front(), other);
  });
  std::vector<std::string> places;
  if (!several) return places;
  for (const HeldToken& one : held) {
    if (places.empty() || places.back() != one.place) places.push_back(one.place);
  }
  return places;
}

}  // namespace jwtctl

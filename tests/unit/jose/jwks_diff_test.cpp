// SPDX-License-Identifier: Apache-2.0
#include "lib/jose/jwks_diff.h"

#include <algorithm>

#include "tests/unit/keys.h"

namespace jwtctl {
namespace {

using namespace testing;

KeyDocument set_of(Json::Array keys) {
  std::string text = Json::object({{"keys", std::move(keys)}}).dump();
  auto document = parse_key_document(to_bytes<SecretBytes>(text), nullptr);
  INFO((document ? "" : document.error().message));
  REQUIRE(document.has_value());
  return *std::move(document);
}

/// shown is one line of a difference, "change name <old name> [members]".
std::string shown(const KeyDifference& difference) {
  std::string line = fmt::format("{} {}", to_string(difference.change), difference.name);
  if (difference.old_name) line += fmt::format(" <{}>", *difference.old_name);
  for (const std::string& member : difference.members) line += fmt::format(" [{}]", member);
  return line;
}

std::vector<std::string> diff(Json::Array old, Json::Array fresh) {
  std::vector<std::string> lines;
  for (const KeyDifference& difference :
       diff_keys(set_of(std::move(old)), set_of(std::move(fresh)))) {
    lines.push_back(shown(difference));
  }
  return lines;
}

using Lines = std::vector<std::string>;

Json ed(Json kid) { return with(ed_jwk(), "kid", std::move(kid)); }
Json ec(Json kid) { return with(ec_jwk(), "kid", std::move(kid)); }
Json other_ed(Json kid) { return with(with(ed_jwk(), "x", kOtherEdX), "kid", std::move(kid)); }

// RFC 8037 appendix A.3.
constexpr std::string_view kEdThumbprint = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";

TEST_CASE("equal sets have no difference, whatever the order") {
  CHECK(diff({ed("a"), ec("b")}, {ed("a"), ec("b")}).empty());
  CHECK(diff({ed("a"), ec("b")}, {ec("b"), ed("a")}).empty());
  Json turned = Json::object({{"kid", "a"}, {"x", kEdX}, {"crv", "Ed25519"}, {"kty", "OKP"}});
  CHECK(diff({ed("a")}, {turned}).empty());
  CHECK(diff({ed_jwk()}, {ed_jwk()}).empty());
}

TEST_CASE("what the type does not have is no part of the key") {
  // The y of an Ed25519 key is nothing, and the x of a point is the point.
  CHECK(diff({with(ed("a"), "y", "AQ")}, {with(ed("a"), "y", "AA")}) == Lines{"changed a [y]"});
  CHECK(diff({with(ed("a"), "e", "AQAB")}, {ed("a")}) == Lines{"changed a [e]"});
  CHECK(diff({with(ed("a"), "d", kEdD)}, {ed("a")}).empty());
}

TEST_CASE("added, removed, rekeyed, renamed, changed") {
  CHECK(diff({ed("a")}, {ed("a"), ec("b")}) == Lines{"added b"});
  CHECK(diff({ed("a"), ec("b")}, {ed("a")}) == Lines{"removed b"});
  CHECK(diff({ed("a")}, {other_ed("a")}) == Lines{"rekeyed a"});
  CHECK(diff({ed("a")}, {ec("a")}) == Lines{"rekeyed a"});
  CHECK(diff({ed("a")}, {ed("b")}) == Lines{"renamed b <a>"});
  CHECK(diff({ed("a")}, {with(ed("a"), "use", "sig")}) == Lines{"changed a [use]"});
  CHECK(diff({with(ed("a"), "zz", 1)}, {with(ed("a"), "use", "sig")}) ==
        Lines{"changed a [use] [zz]"});
  CHECK(diff({with(ed("a"), "use", "sig")}, {ed("b")}) ==
        Lines{"renamed b <a>", "changed b [use]"});
  CHECK(diff({ed("a")}, {ec("b")}) == Lines{"removed a", "added b"});
}

TEST_CASE("the worst comes first") {
  CHECK(diff({ed("keep"), ec("old")}, {with(ed("keep"), "use", "sig"), other_ed("old")}) ==
        Lines{"rekeyed old", "changed keep [use]"});
}

TEST_CASE("values are compared as JSON values") {
  CHECK(diff({with(ed("a"), "n1", Json::Number{"1.0"})}, {with(ed("a"), "n1", 1)}).empty());
  CHECK(diff({with(ed("a"), "n1", "1")}, {with(ed("a"), "n1", 1)}) == Lines{"changed a [n1]"});
  CHECK(diff({with(ed("a"), "o", json_of(R"({"x":1,"y":2})"))},
             {with(ed("a"), "o", json_of(R"({"y":2,"x":1})"))})
            .empty());
  CHECK(diff({with(ed("a"), "o", nullptr)}, {ed("a")}) == Lines{"changed a [o]"});
}

TEST_CASE("the order in key_ops does not matter, in other lists it does") {
  Json::Array there{"verify", "x"};
  Json::Array back{"x", "verify"};
  CHECK(diff({with(ed("a"), "key_ops", there)}, {with(ed("a"), "key_ops", back)}).empty());
  CHECK(diff({with(ed("a"), "key_ops", there)}, {with(ed("a"), "key_ops", Json::Array{"x"})}) ==
        Lines{"changed a [key_ops]"});
  CHECK(diff({with(ed("a"), "list", there)}, {with(ed("a"), "list", back)}) ==
        Lines{"changed a [list]"});
}

TEST_CASE("a private half makes no difference") {
  CHECK(diff({with(ed("a"), "d", kEdD)}, {ed("a")}).empty());
  CHECK(diff({ed("a")}, {with(ed("a"), "d", kEdD)}).empty());
  CHECK(diff({with(with(ed("a"), "d", kEdD), "key_ops", Json::Array{"sign"})},
             {with(ed("a"), "key_ops", Json::Array{"verify"})})
            .empty());
}

TEST_CASE("a key without a kid is called by its thumbprint, one without that by its place") {
  CHECK(diff({ec("b")}, {ec("b"), ed_jwk()}) == Lines{fmt::format("added {}", kEdThumbprint)});
  CHECK(diff({ed_jwk()}, {ed("a")}) == Lines{fmt::format("renamed a <{}>", kEdThumbprint)});
  CHECK(diff({ed("a")}, {ed_jwk()}) == Lines{fmt::format("renamed {} <a>", kEdThumbprint)});
  CHECK(diff({ed("a")}, {ed("a"), "text", Json::object({})}) == Lines{"added #2", "added #3"});
  CHECK(diff({oct_jwk()}, {with(oct_jwk(), "k", "AAAA")}) == Lines{"removed #1", "added #1"});
  // Two keys without a kid are never "the same kid".
  CHECK(diff({ed_jwk()}, {with(ed_jwk(), "x", kOtherEdX)}).size() == 2);
}

TEST_CASE("entries that are no keys are compared as they are") {
  Json broken = Json::object({{"kty", "AKP"}, {"kid", "x"}, {"pub", "AA"}});
  CHECK(diff({ed("a"), broken}, {broken, ed("a")}).empty());
  CHECK(diff({broken}, {with(broken, "pub", "BB")}) == Lines{"rekeyed x"});
  CHECK(diff({broken}, {ed("x")}) == Lines{"rekeyed x"});
  CHECK(diff({ed("x")}, {broken}) == Lines{"rekeyed x"});
  CHECK(diff({ed("a"), broken}, {ed("a")}) == Lines{"removed x"});
}

TEST_CASE("a twin does not take the place of the key itself") {
  CHECK(diff({ed("a"), ed("b")}, {ed("b")}) == Lines{"removed a"});
  CHECK(diff({ed("b")}, {ed("a"), ed("b")}) == Lines{"added a"});
  CHECK(diff({ed("a"), ed("b")}, {ed("b"), ed("a")}).empty());
  CHECK(diff({ed("a"), ed("a")}, {ed("a")}) == Lines{"removed a"});
}

TEST_CASE("a kid that another key takes over is rekeyed") {
  auto rekeyed = [](const Lines& lines, std::string_view kid) {
    return std::find(lines.begin(), lines.end(), fmt::format("rekeyed {}", kid)) != lines.end();
  };
  Lines moved = diff({ed("a")}, {other_ed("a"), ed("b")});
  CAPTURE(moved);
  CHECK(rekeyed(moved, "a"));
  Lines swapped = diff({ed("a"), ec("b")}, {ed("b"), ec("a")});
  CAPTURE(swapped);
  CHECK(rekeyed(swapped, "a"));
  CHECK(rekeyed(swapped, "b"));
}

TEST_CASE("each change has its name") {
  CHECK(to_string(KeyChange::rekeyed) == "rekeyed");
  CHECK(to_string(KeyChange::removed) == "removed");
  CHECK(to_string(KeyChange::added) == "added");
  CHECK(to_string(KeyChange::renamed) == "renamed");
  CHECK(to_string(KeyChange::changed) == "changed");
}

}  // namespace
}  // namespace jwtctl

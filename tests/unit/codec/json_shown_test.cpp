// SPDX-License-Identifier: Apache-2.0
#include "lib/codec/json_shown.h"

#include <fmt/format.h>

#include <string>

#include "tests/catch.h"

namespace jwtctl {
namespace {

TEST_CASE("a value is shown as it is, but for what is a secret in it") {
  CHECK(shown_value(Json("role")).dump() == R"("role")");
  CHECK(shown_value(Json("a\x1b")).dump() == Json("a\x1b").dump());
  CHECK(shown_value(Json(std::int64_t{7})).dump() == "7");
  CHECK(shown_value(Json(true)).dump() == "true");
  CHECK(shown_value(Json()).dump() == "null");
  CHECK(shown_value(Json::object({{"role", "a"}})).dump() == R"({"role":"a"})");
  CHECK(shown_value(Json::object({{"password", "a"}})).dump() ==
        R"("a credential of 16 characters")");
  CHECK(shown_value(Json::object({{"a", Json::object({{"kty", "oct"}})}})).dump() ==
        R"("a JWK of 19 characters")");
  // A short name alone makes no JWK, and what is in such an object is judged by itself.
  CHECK(shown_value(Json::object({{"k", "v"}, {"d", 1}})).dump() == R"({"k":"v","d":1})");
  CHECK(shown_value(Json::object({{"k", "v"}, {"password", "hunter2"}})).dump() ==
        R"({"k":"v","password":"text of 7 characters"})");
  CHECK(shown_value(Json::object({{"k", std::string(15, 'a')}})).dump() ==
        R"({"k":"aaaaaaaaaaaaaaa"})");
  for (const Json& key :
       {Json::object({{"k", std::string(16, 'a')}}),
        Json::object({{"a", Json::Array{Json::object({{"d", "AAAAAAAAAAAAAAAA"}})}}}),
        Json::object({{"kty", "oct"}, {"k", "v"}})}) {
    CHECK(shown_value(key).dump() == fmt::format(R"("a JWK of {} characters")", key.dump().size()));
  }
  CHECK(shown_value(Json::strings({"api", "Bearer hunter2"})).dump() ==
        R"(["api","a credential of 14 characters"])");
  CHECK(shown_value(Json(std::string(1024, 'a'))).dump() == Json(std::string(1024, 'a')).dump());
  CHECK(shown_value(Json(std::string(1025, 'a'))).dump() ==
        Json(std::string(1024, 'a') + "…").dump());
}

TEST_CASE("a member may be a secret by its name") {
  for (const char* name :
       {"password", "access_token", "clientSecret", "https://h/?api_key", "https://h/token"}) {
    CAPTURE(name);
    CHECK(shown_member(name, Json("hunter2")).dump() == R"("text of 7 characters")");
    CHECK(shown_member(name, Json::strings({"hunter2"})).dump() == R"("text of 11 characters")");
    CHECK(shown_member(name, Json("")).dump() == R"("")");
  }
  for (const char* name : {"role", "k", "token_type", "https://h/token/a"}) {
    CAPTURE(name);
    CHECK(shown_member(name, Json("admin")).dump() == R"("admin")");
  }
  CHECK(shown_member("role", Json("Bearer hunter2")).dump() ==
        R"("a credential of 14 characters")");
}

}  // namespace
}  // namespace jwtctl

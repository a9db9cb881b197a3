// SPDX-License-Identifier: Apache-2.0
#include "lib/base/credential.h"

#include <string>

#include "tests/catch.h"

namespace jwtctl {
namespace {

TEST_CASE("keys with the prefix of who issued them are credentials, from their shortest on") {
  struct Row {
    const char* mark;
    std::size_t least;
  };
  for (const Row& row :
       {Row{"ghp_", 16}, Row{"gho_", 16}, Row{"ghu_", 16}, Row{"ghs_", 16}, Row{"ghr_", 16},
        Row{"github_pat_", 16}, Row{"glpat-", 16}, Row{"xoxb-", 10}, Row{"xoxp-", 10},
        Row{"xoxa-", 10}, Row{"xapp-", 10}, Row{"AKIA", 16}, Row{"sk_live_", 10},
        Row{"rk_live_", 10}, Row{"AIza", 30}, Row{"hvs.", 16}, Row{"npm_", 30}, Row{"sk-", 20}}) {
    CAPTURE(row.mark);
    std::string body = "A1b" + std::string(row.least - 3, '0');
    CHECK(holds_credential(row.mark + body));
    CHECK(holds_credential("x " + std::string(row.mark) + body + " y"));
    CHECK_FALSE(holds_credential(row.mark + body.substr(1)));
    CHECK_FALSE(holds_credential("x" + std::string(row.mark) + body));
  }
}

TEST_CASE("headers and their values are credentials") {
  for (const char* text :
       {"Authorization: Basic dXNlcjpwYXNz", "authorization:x", "Cookie: session=1",
        "set-cookie: a=b", "X-Api-Key: 1", "x-auth-token: 1", "PRIVATE-TOKEN: 1",
        "Proxy-Authorization: x", "Basic dXNlcjpwYXNz", "basic dXNlcjpwYXNz", "Bearer abc",
        "bearer hunter2", "DPoP x", "sent with Bearer abc-DEF-123 today", "x=Basic dXNlcjpwYXNz",
        "\"Bearer hunter2-W0rd\""}) {
    CAPTURE(text);
    CHECK(holds_credential(text));
  }
}

TEST_CASE("a value with the name of a secret is a credential") {
  for (const char* text : {"password=hunter2",
                           "PASSWORD=x",
                           "db_password = x",
                           "token=x",
                           "access_token=x",
                           "clientSecret=x",
                           "client_secret=x",
                           "api_key=x",
                           "apikey=x",
                           "api-key=x",
                           "passphrase=x",
                           "passwd=x",
                           "token%3Dx",
                           R"({"password":"x"})",
                           R"({"client_secret": "x"})",
                           R"({\"token\":\"x\"})",
                           "{'private_key': 'x'}",
                           "?access_token=x#y",
                           "token==x",
                           "token=***x",
                           "token=***&secret=x"}) {
    CAPTURE(text);
    CHECK(holds_credential(text));
  }
}

TEST_CASE("names of keys, addresses and prose are no credentials") {
  for (const char* text : {"",
                           "2024-05-key",
                           "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
                           "550e8400-e29b-41d4-a716-446655440000",
                           "https://id.example.com/realms/a",
                           "https://id.example.com/token",
                           "sk-signing-key-of-production-2024",
                           "sk-2024-05",
                           "npm_signing_key_of_the_registry_2024",
                           "AKIA",
                           "task-Aa1Aa1Aa1Aa1Aa1Aa1Aa1Aa1",
                           "Bearer",
                           "basic",
                           "the Basic scheme is off",
                           "Bearer tokens of an example",
                           "Bearer RFC6750 tokens",
                           "token",
                           "token=",
                           "?token=***",
                           "?token=***&a=***",
                           "?token=***#***",
                           "token:",
                           "password:",
                           "token_type=Bearer",
                           "the token: never valid",
                           "secret rotated",
                           "Authorization:",
                           "cookie",
                           "at+jwt",
                           "x=y",
                           "urn:example:password",
                           R"({"tokens":1})",
                           R"({"role":"token"})"}) {
    CAPTURE(text);
    CHECK_FALSE(holds_credential(text));
  }
}

}  // namespace
}  // namespace jwtctl

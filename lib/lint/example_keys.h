// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

/// Good keys for the examples of key rules: of RFC 7515 appendix A.3 and RFC 7517 appendix A.1, and
/// a secret of no use to anybody.
namespace jwtctl {

inline constexpr std::string_view kEcKeyExample =
    R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
    R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","alg":"ES256","use":"sig",)"
    R"("kid":"2026-a"})";

inline constexpr std::string_view kRsaKeyExample =
    R"({"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86z)"
    R"(wu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93l)"
    R"(qt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5)"
    R"(hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0L)"
    R"(s1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","use":"sig",)"
    R"("kid":"2026-r"})";

inline constexpr std::string_view kSecretExample =
    R"({"kty":"oct","k":"xYmL62if8PXWla4XkKLI5MT9PcJNXCL-_ilZtf9D-h4","alg":"HS256",)"
    R"("kid":"2026-s"})";

inline constexpr std::string_view kKeySetExample =
    R"({"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVE)"
    R"(U","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","alg":"ES256","use":"sig",)"
    R"("kid":"2026-a"},{"kty":"EC","crv":"P-256",)"
    R"("x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",)"
    R"("y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","alg":"ES256","use":"sig",)"
    R"("kid":"2026-b"}]})";

}  // namespace jwtctl

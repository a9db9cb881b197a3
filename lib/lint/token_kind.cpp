// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/token_kind.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lib/token/claims.h"

namespace jwtctl {
namespace {

struct Mark {
  std::string_view claim;
  std::string_view kind;
};

constexpr std::string_view kIdToken = "an ID token";
constexpr std::string_view kAccessToken = "an access token";
constexpr std::string_view kLogoutToken = "a logout token";
constexpr std::string_view kProof = "a DPoP proof";

/// Claims that only one kind has. nonce is not among them: DPoP proofs have one too.
constexpr std::array<Mark, 6> kMarks{{{"at_hash", kIdToken},
                                      {"c_hash", kIdToken},
                                      {"scope", kAccessToken},
                                      {"scp", kAccessToken},
                                      {"htm", kProof},
                                      {"htu", kProof}}};

struct Typ {
  std::string_view typ;
  std::string_view kind;
};
constexpr std::array<Typ, 3> kTyps{
    {{"at+jwt", kAccessToken}, {"logout+jwt", kLogoutToken}, {"dpop+jwt", kProof}}};

std::optional<Typ> known_typ(const Json& header) {
  const Json* typ = header.find("typ");
  const std::string* text = typ != nullptr ? typ->as_string() : nullptr;
  if (text == nullptr) return std::nullopt;
  const auto* found = std::find_if(kTyps.begin(), kTyps.end(), [text](const Typ& row) {
    return same_media_type(row.typ, *text);
  });
  return found != kTyps.end() ? std::optional(*found) : std::nullopt;
}

}  // namespace

std::optional<KindProblem> kind_problem(const Json& header, const Json& claims) {
  auto typ = known_typ(header);
  std::optional<Mark> seen;
  auto conflict = [&](const Mark& mark) -> std::optional<KindProblem> {
    if (claims.find(mark.claim) == nullptr) return std::nullopt;
    if (typ && typ->kind != mark.kind) {
      return KindProblem{fmt::format("typ {} means {}, but {} belongs to {}", typ->typ, typ->kind,
                                     mark.claim, mark.kind),
                         true};
    }
    if (seen && seen->kind != mark.kind) {
      return KindProblem{fmt::format("{} belongs to {}, and {} to {}", seen->claim, seen->kind,
                                     mark.claim, mark.kind),
                         false};
    }
    seen = mark;
    return std::nullopt;
  };
  for (const Mark& mark : kMarks) {
    if (auto problem = conflict(mark)) return problem;
  }
  // A nonce answers an authentication request, unless it is a proof's.
  if (seen && seen->kind == kProof) return std::nullopt;
  if (typ && typ->kind == kProof) return std::nullopt;
  return conflict({"nonce", kIdToken});
}

}  // namespace jwtctl

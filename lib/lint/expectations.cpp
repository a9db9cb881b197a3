// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/expectations.h"

#include <algorithm>
#include <array>

namespace jwtctl {
namespace {

constexpr Seconds kHour = 3600;

constexpr std::array<std::string_view, 7> kAccessToken{"iss",       "exp", "aud", "sub",
                                                       "client_id", "iat", "jti"};
constexpr std::array<std::string_view, 5> kIdToken{"iss", "sub", "aud", "exp", "iat"};
constexpr std::array<std::string_view, 7> kKubernetes{"iss", "sub", "aud",          "exp",
                                                      "iat", "nbf", "kubernetes.io"};
constexpr std::array<std::string_view, 7> kGithub{"iss", "sub", "aud",       "exp",
                                                  "iat", "jti", "repository"};
constexpr std::array<std::string_view, 7> kGitlab{"iss", "sub", "aud",         "exp",
                                                  "iat", "jti", "project_path"};
constexpr std::array<std::string_view, 3> kSpiffe{"sub", "aud", "exp"};

constexpr Profile kProfiles[] = {
    {"at+jwt", "OAuth 2.0 access token", "RFC 9068 section 2.2", "at+jwt", kAccessToken,
     24 * kHour},
    {"id-token", "OpenID Connect ID token", "OpenID Connect Core 1.0 section 2", "", kIdToken,
     24 * kHour},
    {"kubernetes", "token of a Kubernetes service account",
     "Kubernetes, Managing Service Accounts: bound service account tokens", "", kKubernetes, 0},
    {"github-actions", "OpenID Connect token of a GitHub Actions job",
     "GitHub Docs, OpenID Connect reference", "", kGithub, 24 * kHour},
    {"gitlab", "ID token of a GitLab CI/CD job",
     "GitLab Docs, OpenID Connect (OIDC) authentication using ID tokens", "", kGitlab, 24 * kHour},
    {"spiffe", "JWT-SVID", "SPIFFE JWT-SVID sections 2 and 3", "", kSpiffe, 0},
};

}  // namespace

std::span<const Profile> profiles() { return kProfiles; }

const Profile* find_profile(std::string_view name) {
  auto found = std::find_if(std::begin(kProfiles), std::end(kProfiles),
                            [name](const Profile& profile) { return profile.name == name; });
  return found != std::end(kProfiles) ? &*found : nullptr;
}

}  // namespace jwtctl

// SPDX-License-Identifier: Apache-2.0
#include "lib/rotation/verifiers.h"

#include <algorithm>
#include <array>

#include "lib/base/shown.h"
#include "lib/base/text.h"

namespace jwtctl {
namespace {

constexpr Seconds kMinute = 60;
constexpr Seconds kHour = 3600;
constexpr Seconds kDay = 86400;

constexpr std::string_view kRestart = "restart it";

constexpr std::array<KnownVerifier, 27> kVerifiers{{
    {.name = "envoy",
     .title = "Envoy jwt_authn, remote_jwks on demand",
     .cache = 10 * kMinute,
     .force = "restart it, or change the listener's configuration",
     .remark = "every worker thread has a copy of its own; jwt_cache_config skips keys altogether",
     .source = "envoyproxy/envoy: extensions/filters/http/jwt_authn/jwks_cache.cc"},
    {.name = "envoy-async",
     .title = "Envoy jwt_authn, remote_jwks with async_fetch",
     .cache = 10 * kMinute,
     .outage = kForever,
     .force = "restart it, or change the listener's configuration",
     .remark = "when a refetch fails the last set stays for ever",
     .source = "envoyproxy/envoy: extensions/filters/http/jwt_authn/jwks_async_fetcher.cc"},
    {.name = "istio",
     .title = "Istio, keys fetched by istiod",
     .cache = 20 * kMinute,
     .outage = 7 * kDay,
     .force = "kubectl -n istio-system rollout restart deployment istiod",
     .remark = "after a failure istiod waits up to an hour before it asks again",
     .source = "istio/istio: pilot/pkg/model/jwks_resolver.go"},
    {.name = "istio-envoy",
     .title = "Istio, keys fetched by the sidecars",
     .cache = 5 * kMinute,
     .outage = kForever,
     .force = "kubectl rollout restart the workloads",
     .source = "istio/istio: pilot/pkg/security/authn/policy_applier.go"},
    {.name = "nginx-plus",
     .title = "NGINX Plus auth_jwt",
     .cache = 0,
     .follows_max_age = true,
     .force = "nginx -s reload, and purge the proxy_cache",
     .remark = "auth_jwt_key_cache is 0 by default; proxy_cache and proxy_cache_use_stale count",
     .source = "nginx.org: ngx_http_auth_jwt_module"},
    {.name = "kong",
     .title = "Kong openid-connect",
     .cache = kHour,
     .refetch = Refetch::at_once,
     .cooldown = 30,
     .outage = kForever,
     .force = "DELETE /openid-connect/issuers of the Admin API",
     .source = "Kong documentation: openid-connect, rediscovery_lifetime"},
    {.name = "jose",
     .title = "panva/jose createRemoteJWKSet",
     .cache = 10 * kMinute,
     .refetch = Refetch::at_once,
     .cooldown = 30,
     .force = "restart it, or call reload()",
     .remark = "redirects are refused; a kid published within 30 s of a fetch is rejected",
     .source = "panva/jose: src/jwks/remote.ts"},
    {.name = "node-jwks-rsa",
     .title = "node-jwks-rsa",
     .cache = 10 * kMinute,
     .refetch = Refetch::at_once,
     .size_limit = "5 keys",
     .force = kRestart,
     .remark = "each kid is kept by itself, so a new kid does not end the trust in an old one",
     .source = "auth0/node-jwks-rsa: src/JwksClient.js"},
    {.name = "jwks-rsa-java",
     .title = "jwks-rsa-java",
     .cache = 10 * kHour,
     .refetch = Refetch::at_once,
     .cooldown = 6,
     .size_limit = "5 keys",
     .force = kRestart,
     .remark = "each kid is kept by itself, so a new kid does not end the trust in an old one",
     .source = "auth0/jwks-rsa-java: JwkProviderBuilder.java"},
    {.name = "go-oidc",
     .title = "coreos/go-oidc (Vault, oauth2-proxy)",
     .cache = kForever,
     .refetch = Refetch::at_once,
     .outage = kForever,
     .force = kRestart,
     .remark = "a known key is trusted until a token with an unknown kid or a bad signature comes",
     .source = "coreos/go-oidc: oidc/jwks.go"},
    {.name = "kubernetes",
     .title = "Kubernetes API server, OIDC authentication",
     .cache = kForever,
     .refetch = Refetch::at_once,
     .outage = kForever,
     .force = "restart the API server",
     .algorithms = "RS256",
     .allow = "--oidc-signing-algs, or signingAlgs",
     .remark = "allows RS256 alone unless it is told otherwise",
     .source = "kubernetes/kubernetes: apiserver/plugin/pkg/authenticator/token/oidc/oidc.go"},
    {.name = "keyfunc",
     .title = "MicahParks/keyfunc and jwkset",
     .cache = kHour,
     .refetch = Refetch::at_once,
     .cooldown = 5 * kMinute,
     .outage = kForever,
     .force = kRestart,
     .remark = "one key that it cannot read makes the whole set unusable",
     .source = "MicahParks/jwkset: http.go, storage.go"},
    {.name = "jwx",
     .title = "lestrrat-go/jwx v2 jwk.Cache",
     .cache = 15 * kMinute,
     .jitter = 15 * kMinute,
     .follows_max_age = true,
     .outage = kForever,
     .force = "restart it, or call Refresh()",
     .remark = "whether it is time is looked at every 15 minutes",
     .source = "lestrrat-go/httprc: queue.go, cache.go"},
    {.name = "nimbus",
     .title = "Nimbus JWKSourceBuilder",
     .cache = 5 * kMinute,
     .refetch = Refetch::at_once,
     .cooldown = 30,
     .size_limit = "51,200 bytes",
     .force = kRestart,
     .remark = "gives the server 500 ms to answer",
     .source = "connect2id.com: Nimbus JOSE+JWT, enhanced JWK retrieval"},
    {.name = "spring",
     .title = "Spring Security NimbusJwtDecoder",
     .cache = 5 * kMinute,
     .refetch = Refetch::at_once,
     .force = kRestart,
     .source = "spring-projects/spring-security: NimbusJwtDecoder.java"},
    {.name = "spring-reactive",
     .title = "Spring Security, reactive",
     .cache = kForever,
     .refetch = Refetch::at_once,
     .outage = kForever,
     .force = kRestart,
     .remark = "a known key is trusted until a token with an unknown kid comes",
     .source = "spring-projects/spring-security: ReactiveRemoteJWKSource.java"},
    {.name = "pyjwkclient",
     .title = "PyJWKClient",
     .cache = 5 * kMinute,
     .refetch = Refetch::at_once,
     .force = kRestart,
     .remark = "a failed fetch empties its cache; with cache_keys a key is trusted for ever",
     .source = "jpadilla/pyjwt: jwt/jwks_client.py, jwk_set_cache.py"},
    {.name = "dotnet",
     .title = ".NET Microsoft.IdentityModel",
     .cache = 12 * kHour,
     .jitter = 36 * kMinute,
     .refetch = Refetch::later,
     .cooldown = 5 * kMinute,
     .outage = kHour,
     .force = "restart it, or call RequestRefresh()",
     .remark = "refreshes in the background when it is used: an idle one answers once from a copy "
               "of any age",
     .source = "AzureAD/azure-activedirectory-identitymodel-extensions-for-dotnet: "
               "BaseConfigurationManager.cs"},
    {.name = "aws-jwt-verify",
     .title = "aws-jwt-verify",
     .cache = kForever,
     .refetch = Refetch::at_once,
     .cooldown = 10,
     .outage = kForever,
     .force = kRestart,
     .remark = "a known key is trusted until a token with an unknown kid comes",
     .source = "awslabs/aws-jwt-verify: src/jwk.ts"},
    {.name = "api-gateway-http",
     .title = "AWS API Gateway, HTTP API",
     .cache = 2 * kHour,
     .force = "nothing is known; wait",
     .algorithms = "RS256 RS384 RS512",
     .remark = "takes RSA keys alone",
     .source = "AWS documentation: HTTP APIs, JWT authorizers (as quoted elsewhere)"},
    {.name = "api-gateway-rest",
     .title = "AWS API Gateway, REST JWT authorizer",
     .cache = kHour,
     .refetch = Refetch::at_once,
     .force = "nothing is known; wait",
     .source = "AWS documentation: rest-api-jwt-authorizer-keys"},
    {.name = "apigee",
     .title = "Apigee VerifyJWT",
     .cache = 5 * kMinute,
     .force = "nothing is known; wait",
     .source = "discuss.google.dev: verify-jwt-caching"},
    {.name = "lua-resty-openidc",
     .title = "lua-resty-openidc, APISIX",
     .cache = kDay,
     .refetch = Refetch::at_once,
     .force = "nginx -s reload",
     .remark = "each kid is kept by itself, so a new kid does not end the trust in an old one",
     .source = "zmartzone/lua-resty-openidc: lib/resty/openidc.lua"},
    {.name = "pinggateway",
     .title = "PingGateway CachingJwkSetService",
     .cache = 2 * kMinute,
     .refetch = Refetch::at_once,
     .cooldown = 2 * kMinute,
     .force = kRestart,
     .source = "docs.pingidentity.com: CachingJwkSetService"},
    {.name = "domino",
     .title = "HCL Domino",
     .cache = 15 * kMinute,
     .follows_max_age = true,
     .outage = kDay,
     .force = kRestart,
     .source = "help.hcl-software.com: managing the JWK cache"},
    {.name = "spire",
     .title = "SPIRE bundle client",
     .cache = 75,
     .outage = kForever,
     .force = "spire-server federation refresh",
     .remark = "asks each quarter of the refresh hint, which is 5 minutes unless the bundle says "
               "otherwise, and at least each minute",
     .source = "spiffe/spire: pkg/server/bundle/client/manager.go"},
    {.name = "spiffe",
     .title = "SPIFFE federation, by the letter",
     .cache = 5 * kMinute,
     .outage = kForever,
     .force = kRestart,
     .remark =
         "plan with --missed-refreshes 2 to 4: the standard wants three to five refresh hints",
     .source = "spiffe/spiffe: SPIFFE_Federation.md section 4.1"},
}};

std::vector<std::string_view> names() {
  std::vector<std::string_view> out;
  for (const KnownVerifier& verifier : kVerifiers) out.push_back(verifier.name);
  return out;
}

}  // namespace

std::span<const KnownVerifier> known_verifiers() { return kVerifiers; }

const KnownVerifier* find_verifier(std::string_view name) {
  const auto* found =
      std::find_if(kVerifiers.begin(), kVerifiers.end(),
                   [name](const KnownVerifier& verifier) { return verifier.name == name; });
  return found != kVerifiers.end() ? found : nullptr;
}

bool takes_algorithm(const KnownVerifier& verifier, std::string_view algorithm) {
  if (verifier.algorithms.empty()) return true;
  auto taken = split(verifier.algorithms, ' ');
  return std::find(taken.begin(), taken.end(), algorithm) != taken.end();
}

Result<VerifierTiming> verifier_timing(std::string_view text, std::optional<Seconds> max_age) {
  std::string_view name = text.substr(0, text.find('@'));
  const KnownVerifier* known = find_verifier(name);
  if (known == nullptr) {
    return fail(ErrorCode::usage, "unknown verifier {}", quote_argument(text))
        .hint("{}; others: --verifier-cache DUR", did_you_mean(name, names()));
  }
  VerifierTiming out;
  out.name = known->name;
  out.cache = known->cache;
  out.jitter = known->jitter;
  out.refetches = known->refetch != Refetch::never;
  out.cooldown = known->cooldown;
  out.outage = known->outage;
  out.source = fmt::format("profile:{}", known->name);
  if (name.size() < text.size()) {
    constexpr std::string_view kTtl = "@ttl=";
    std::string_view setting = text.substr(name.size());
    if (!setting.starts_with(kTtl)) {
      return fail(ErrorCode::usage, "{} is not a setting of a verifier", quote_argument(setting))
          .hint("write {}@ttl=10m", show_argument(name));
    }
    auto length = parse_duration(setting.substr(kTtl.size()));
    if (!length) return fail(std::move(length).error());
    out.cache = *length;
    out.jitter = 0;
    // What was without end has one now, and so has the trust in its keys.
    if (known->cache == kForever) out.outage = 0;
    out.source = "flag";
  } else if (known->follows_max_age && max_age && *max_age > out.cache) {
    out.cache = *max_age;
    out.source = "observed:max-age";
  }
  return out;
}

}  // namespace jwtctl

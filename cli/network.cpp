// SPDX-License-Identifier: Apache-2.0
#include "cli/network.h"

#include "lib/base/limits.h"
#include "lib/base/shown.h"
#include "lib/base/text.h"

namespace jwtctl::cli {
namespace {

constexpr std::string_view kGroup = "Network";
constexpr std::size_t kMaxRetries = 10;

void declare_copies(Spec& spec, NetworkInput& input) {
  spec.flag("--offline", input.offline, "fetch nothing, use the copy of an earlier run")
      .details("A copy that is no longer fresh serves for 24 hours, or for --max-stale.");
  spec.flag("--refresh", input.refresh, "ask the server even when the copy is fresh");
  spec.flag("--no-cache", input.no_cache, "neither use nor keep a copy");
  spec.option("--cache-dir", "PATH", input.cache_folder, "folder of the copies")
      .file()
      .details("Without it `$XDG_CACHE_HOME/jwtctl/jwks`.");
  spec.duration("--max-stale", input.max_stale,
                "let a copy of at most this age serve when the server fails");
}

void declare_patience(Spec& spec, NetworkInput& input) {
  spec.duration("--timeout", input.timeout, "time for everything (default {default})", not_zero());
  spec.duration("--connect-timeout", input.connect_timeout,
                "time for one connection (default {default})", not_zero());
  spec.number("--retries", "N", input.retries, {0, kMaxRetries},
              "how often to try again (default {default})");
  spec.number("--max-size", "BYTES", input.max_bytes, {1, kMaxKeySetBytes},
              "refuse larger answers (default and most {default})");
}

void declare_connection(Spec& spec, NetworkInput& input) {
  spec.flag("--allow-http", input.allow_http, "fetch without TLS from other hosts too")
      .details("Who sits in between can then send keys of their own.");
  spec.option("--cacert", "PATH", input.ca_file, "certificates to trust instead of the system's")
      .file();
  spec.option("--cert", "PATH", input.client_certificate, "our certificate, in PEM").file();
  spec.option("--cert-key", "PATH", input.client_key, "its private key, in PEM").file();
  spec.option("--proxy", "URL", input.proxy, "proxy to ask through")
      .details("Without it `https_proxy`, `http_proxy` and `all_proxy` of the environment.");
  spec.option("--noproxy", "LIST", input.no_proxy, "hosts to ask without a proxy");
  spec.list("--resolve", "HOST:PORT:ADDR", input.resolve, "address to use for a host");
  spec.option("--header", "@FILE", "headers to send, a line each; never to another origin",
              [&input](const std::string& value) -> Result<void> {
                if (value.size() < 2 || value.front() != '@') {
                  return fail(ErrorCode::usage, "it takes @FILE")
                      .hint("what is on the command line everybody can see");
                }
                input.header_files.push_back(value.substr(1));
                return {};
              })
      .file()
      .repeatable();
}

/// note_use makes every option of the group remember that it was given.
void note_use(Spec& spec, NetworkInput& input) {
  for (OptionDoc& option : spec.option_docs) {
    if (option.group != kGroup) continue;
    option.assign = [inner = option.assign, name = option.names.front(),
                     &input](const std::string& value) {
      input.used.push_back(name);
      return inner(value);
    };
  }
}

}  // namespace

void declare_asking(Spec& spec, NetworkInput& input) {
  spec.group(std::string(kGroup));
  declare_patience(spec, input);
  declare_connection(spec, input);
  note_use(spec, input);
}

void declare_network(Spec& spec, NetworkInput& input) {
  spec.group(std::string(kGroup));
  declare_copies(spec, input);
  declare_patience(spec, input);
  declare_connection(spec, input);
  spec.choice("--discovery", "KIND", input.discovery.kind,
              {{"auto", DiscoveryKind::automatic},
               {"oidc", DiscoveryKind::oidc},
               {"oauth", DiscoveryKind::oauth}},
              "where the metadata of an issuer are (default {default})")
      .details(
          "`oidc` appends `/.well-known/openid-configuration` to the issuer, `oauth` inserts "
          "`/.well-known/oauth-authorization-server` in front of its path, `auto` tries both.");
  spec.option("--discovery-url", "URL", input.discovery.url, "the metadata document itself");
  note_use(spec, input);
}

bool is_url(std::string_view spec) {
  std::string start = to_lower(spec.substr(0, 8));
  return start.starts_with("http://") || start == "https://";
}

Result<void> check_unused(const NetworkInput& input) {
  if (input.used.empty()) return {};
  return fail(ErrorCode::usage, "{} is given, but nothing is fetched", input.used.front())
      .hint("give a URL, or an issuer to discover");
}

}  // namespace jwtctl::cli

// SPDX-License-Identifier: Apache-2.0
#include "cli/network.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <thread>

#include "cli/inputs.h"
#include "lib/base/file.h"
#include "lib/base/text.h"

namespace jwtctl::cli {
namespace {

constexpr std::string_view kGroup = "Network";
constexpr std::size_t kMaxHeaderFileBytes = std::size_t{16} * 1024;
constexpr std::size_t kMaxRetries = 10;

/// default_cache_folder follows the XDG Base Directory Specification; relative paths in it count as
/// unset.
std::optional<std::string> default_cache_folder() {
  auto base = Io::environment("XDG_CACHE_HOME");
  if (base && base->starts_with('/')) return fmt::format("{}/jwtctl/jwks", *base);
  auto home = Io::environment("HOME");
  if (home && home->starts_with('/')) return fmt::format("{}/.cache/jwtctl/jwks", *home);
  return std::nullopt;
}

std::optional<std::string> first_variable(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    auto value = Io::environment(name);
    if (value && !value->empty()) return value;
  }
  return std::nullopt;
}

/// environment_proxy does not read HTTP_PROXY: behind a CGI a client can set that (httpoxy).
std::optional<std::string> environment_proxy(std::string_view address) {
  if (address.starts_with("https:")) {
    return first_variable({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"});
  }
  return first_variable({"http_proxy", "all_proxy", "ALL_PROXY"});
}

Result<void> load_headers(const std::string& path, std::vector<std::string>& headers) {
  auto bytes = load_file(path, kMaxHeaderFileBytes);
  if (!bytes) return fail(as_input(std::move(bytes).error()));
  for (std::string_view line : split(as_text(*bytes), '\n')) {
    std::string_view header = trim(line);
    if (header.empty()) continue;
    std::size_t colon = header.find(':');
    bool good = colon != std::string_view::npos && colon > 0 && !has_unsafe_text(header) &&
                header.substr(0, colon).find(' ') == std::string_view::npos;
    if (!good) {
      return fail(ErrorCode::input, "--header: {} has a line that is no header", path)
          .hint("write a line each: Name: value");
    }
    headers.emplace_back(header);
  }
  if (headers.empty()) return fail(ErrorCode::input, "--header: {} has no header", path);
  return {};
}

Assign count_option(std::optional<std::size_t>& target, std::size_t least, std::size_t most) {
  return [&target, least, most](const std::string& value) -> Result<void> {
    std::size_t number = 0;
    const char* end = value.data() + value.size();
    auto [at, error] = std::from_chars(value.data(), end, number);
    if (error != std::errc{} || at != end || number < least || number > most) {
      return fail(ErrorCode::usage, "\"{}\" is not a number from {} to {}", brief(value), least,
                  most);
    }
    target = number;
    return {};
  };
}

Assign positive_duration(std::optional<Seconds>& target) {
  return [&target](const std::string& value) -> Result<void> {
    auto length = parse_duration(value);
    if (!length) return fail(std::move(length).error());
    if (*length == 0) return fail(ErrorCode::usage, "it must be longer than zero");
    target = *length;
    return {};
  };
}

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
  spec.option("--timeout", "DUR", "time for everything (default 20s)",
              positive_duration(input.timeout));
  spec.option("--connect-timeout", "DUR", "time for one connection (default 3s)",
              positive_duration(input.connect_timeout));
  spec.option("--retries", "N", "how often to try again (default 2)",
              count_option(input.retries, 0, kMaxRetries));
  spec.option("--max-size", "BYTES", "refuse larger answers (default and most 1048576)",
              count_option(input.max_bytes, 1, kMaxKeySetBytes));
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
      .file();
  spec.option_docs.back().repeatable = true;
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
  spec.option("--discovery", "KIND", "where the metadata of an issuer are (default auto)",
              [&input](const std::string& value) {
                input.discovery.kind = value == "oidc"    ? DiscoveryKind::oidc
                                       : value == "oauth" ? DiscoveryKind::oauth
                                                          : DiscoveryKind::automatic;
                return Result<void>{};
              })
      .choices({"auto", "oidc", "oauth"})
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

Clock real_clock() {
  Clock clock;
  clock.wall = Io::clock;
  clock.monotonic = [] {
    return std::chrono::duration_cast<Milliseconds>(
        std::chrono::steady_clock::now().time_since_epoch());
  };
  clock.sleep = [](Milliseconds length) { std::this_thread::sleep_for(length); };
  return clock;
}

Result<RemoteOptions> network_settings(const NetworkInput& input, const std::string& address) {
  if (input.offline && (input.refresh || input.no_cache)) {
    return fail(ErrorCode::usage, "--offline contradicts --{}",
                input.refresh ? "refresh" : "no-cache");
  }
  if (input.client_key && !input.client_certificate) {
    return fail(ErrorCode::usage, "--cert-key without --cert");
  }
  RemoteOptions options;
  options.offline = input.offline;
  options.refresh = input.refresh;
  options.max_stale = input.max_stale;
  options.fetch.allow_http = input.allow_http;
  if (input.timeout) options.fetch.deadline = std::chrono::seconds(*input.timeout);
  if (input.retries) options.fetch.retries = static_cast<int>(*input.retries);
  for (const std::string& path : input.header_files) {
    if (auto done = load_headers(path, options.fetch.headers); !done) {
      return fail(std::move(done).error());
    }
  }
  if (input.connect_timeout) {
    options.http.connect_timeout = std::chrono::seconds(*input.connect_timeout);
  }
  if (input.max_bytes) options.http.max_bytes = *input.max_bytes;
  options.http.ca_file = input.ca_file;
  options.http.client_certificate = input.client_certificate;
  options.http.client_key = input.client_key;
  options.http.proxy = input.proxy ? input.proxy : environment_proxy(address);
  options.http.no_proxy =
      input.no_proxy ? input.no_proxy : first_variable({"no_proxy", "NO_PROXY"});
  options.http.resolve = input.resolve;
  // One odd run must not leave keys behind that later runs trust.
  bool odd = input.ca_file || input.client_certificate || input.proxy || !input.resolve.empty() ||
             !input.header_files.empty();
  if (!odd && !input.no_cache) {
    options.cache_folder = input.cache_folder ? input.cache_folder : default_cache_folder();
  }
  if (input.offline && !options.cache_folder) {
    return fail(ErrorCode::usage, "--offline, and there is no place for copies")
        .hint("--cacert, --cert, --proxy, --resolve and --header keep none; else say --cache-dir");
  }
  return options;
}

Result<NetworkSource> open_source(const NetworkInput& input, const std::string& address,
                                  bool discover) {
  if (!discover) {
    for (const std::string& name : input.used) {
      if (!name.starts_with("--discovery")) continue;
      return fail(ErrorCode::usage, "{} is for issuers, not for the URL of a set", name);
    }
  }
  auto options = network_settings(input, address);
  if (!options) return fail(std::move(options).error());
  HttpGet get = make_http_get(options->http);
  auto remote = std::make_unique<Remote>(*std::move(options), std::move(get), real_clock());
  JwksSource source(*remote, address, discover ? std::optional(input.discovery) : std::nullopt);
  return NetworkSource{std::move(remote), std::move(source)};
}

Result<RemoteKeys> fetch_keys(const NetworkInput& input, const std::string& address,
                              bool discover) {
  auto source = open_source(input, address, discover);
  if (!source) return fail(std::move(source).error());
  auto keys = source->source.get();
  if (keys) say_warnings(*keys);
  return keys;
}

Result<KeyDocument> to_key_document(const RemoteKeys& keys) {
  return parse_key_document(to_bytes<SecretBytes>(keys.document.dump()), nullptr);
}

void say_warnings(const RemoteKeys& keys) {
  for (const std::string& warning : keys.warnings) Io::write_warning(warning);
  auto skew = keys.origin.clock_skew;
  if (!skew || (*skew <= kShownSkew && *skew >= -kShownSkew)) return;
  Io::write_warning(fmt::format("the server's clock is {} {} this machine's",
                                format_duration(*skew < 0 ? -*skew : *skew),
                                *skew < 0 ? "behind" : "ahead of"));
}

}  // namespace jwtctl::cli

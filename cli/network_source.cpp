// SPDX-License-Identifier: Apache-2.0
#include "cli/network_source.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <initializer_list>
#include <thread>
#include <utility>

#include "cli/inputs.h"
#include "cli/places.h"
#include "lib/base/file.h"
#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/remote/address.h"

namespace jwtctl::cli {
namespace {

constexpr std::size_t kMaxHeaderFileBytes = std::size_t{16} * 1024;
constexpr std::size_t kMaxPemBytes = std::size_t{4} * 1024 * 1024;

std::optional<std::string> first_variable(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    auto value = Io::environment(name);
    if (value && !value->empty()) return value;
  }
  return std::nullopt;
}

/// to_proxies does not read HTTP_PROXY: behind a CGI a client can set that (httpoxy).
Proxies to_proxies(const NetworkInput& input) {
  using namespace variable;
  Proxies proxies;
  proxies.none_for = input.no_proxy ? input.no_proxy : first_variable({kNoProxy, kUpperNoProxy});
  if (input.proxy) {
    proxies.http = proxies.https = input.proxy;
  } else {
    proxies.http = first_variable({kHttpProxy, kAllProxy, kUpperAllProxy});
    proxies.https = first_variable({kHttpsProxy, kUpperHttpsProxy, kAllProxy, kUpperAllProxy});
  }
  return proxies;
}

/// check_proxy: libcurl would find out too late to call it a matter of usage.
Result<void> check_proxy(const std::string& proxy) {
  if (proxy.find('@') != std::string::npos || to_lower(proxy).find("%40") != std::string::npos) {
    return fail(ErrorCode::usage, "--proxy holds credentials")
        .hint("what is on the command line everybody can see; https_proxy may hold them");
  }
  constexpr std::array<std::string_view, 6> kSchemes{"http",    "https",  "socks4",
                                                     "socks4a", "socks5", "socks5h"};
  std::size_t end = proxy.find("://");
  std::string scheme = to_lower(proxy.substr(0, end));
  if (end == std::string::npos ||
      std::find(kSchemes.begin(), kSchemes.end(), scheme) != kSchemes.end()) {
    return {};
  }
  // With a colon or a digit it may as well be a name and a password.
  bool plain =
      std::all_of(scheme.begin(), scheme.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  return fail(ErrorCode::usage, "--proxy: {} is no kind of proxy",
              quote_argument(scheme, plain ? ShownAs::word : ShownAs::secret))
      .hint("one of http, https, socks4, socks4a, socks5, socks5h");
}

Result<void> check_resolve(const std::string& entry) {
  std::vector<std::string_view> parts = split(entry, ':');
  bool good = parts.size() >= 3 && !parts[0].empty();
  if (good) {
    good = parse_url(fmt::format("https://{}:{}", parts[0], parts[1])).has_value();
    std::string_view addresses =
        std::string_view(entry).substr(parts[0].size() + parts[1].size() + 2);
    for (std::string_view address : split(addresses, ',')) {
      bool brackets = address.starts_with('[') && address.ends_with(']');
      if (brackets) address = address.substr(1, address.size() - 2);
      good = good && parse_address(std::string(address)).has_value();
    }
  }
  if (good) return {};
  return fail(ErrorCode::usage, "--resolve: {} is not HOST:PORT:ADDRESS", quote_argument(entry));
}

Failure no_file(const std::string& name, std::string_view option) {
  return fail(ErrorCode::input, "{}: what it names is no file: {}", option,
              show_argument(name, ShownAs::secret))
      .hint("it takes the name of a file, never what is in it");
}

/// check_pem finds what is wrong with a file before libcurl calls it a fault of the network.
Result<void> check_pem(const std::optional<std::string>& path, std::string_view option) {
  if (!path) return {};
  auto bytes = load_file(*path, kMaxPemBytes);
  if (!bytes && !is_file(*path) && names_secret(*path, option)) return no_file(*path, option);
  if (!bytes) {
    Error error = as_input(std::move(bytes).error());
    error.message = fmt::format("{}: {}", option, error.message);
    return fail(std::move(error));
  }
  std::string_view text = as_text(*bytes);
  if (text.find("-----BEGIN ") == std::string_view::npos) {
    return fail(ErrorCode::input, "{}: {} is no PEM", option, show_argument(*path, ShownAs::path));
  }
  if (text.find("ENCRYPTED") != std::string_view::npos) {
    return fail(ErrorCode::usage, "{}: the key in {} is encrypted", option,
                show_argument(*path, ShownAs::path))
        .hint("give one that is not, readable for its owner alone");
  }
  return {};
}

Result<void> load_headers(const std::string& path, std::vector<std::string>& headers) {
  auto bytes = load_file(path, kMaxHeaderFileBytes);
  if (!bytes && !is_file(path) && names_secret(path, "--header")) return no_file(path, "--header");
  if (!bytes) return fail(as_input(std::move(bytes).error()));
  for (std::string_view line : split(as_text(*bytes), '\n')) {
    std::string_view header = trim(line);
    if (header.empty()) continue;
    std::size_t colon = header.find(':');
    bool good = colon != std::string_view::npos && colon > 0 && !has_unsafe_text(header) &&
                header.substr(0, colon).find(' ') == std::string_view::npos;
    if (!good) {
      return fail(ErrorCode::input, "--header: {} has a line that is no header",
                  show_argument(path, ShownAs::path))
          .hint("write a line each: Name: value");
    }
    headers.emplace_back(header);
  }
  if (headers.empty())
    return fail(ErrorCode::input, "--header: {} has no header", show_argument(path, ShownAs::path));
  return {};
}

/// is_odd: one odd run must not leave keys behind that later runs trust.
bool is_odd(const NetworkInput& input) {
  return input.ca_file || input.client_certificate || input.proxy || !input.resolve.empty() ||
         !input.header_files.empty();
}

Result<void> check_values(const NetworkInput& input, bool discover) {
  if (input.offline && (input.refresh || input.no_cache)) {
    return fail(ErrorCode::usage, "--offline contradicts --{}",
                input.refresh ? "refresh" : "no-cache");
  }
  if (input.offline && is_odd(input)) {
    return fail(ErrorCode::usage, "--offline, and nothing could be used")
        .hint("--cacert, --cert, --proxy, --resolve and --header neither use nor keep a copy");
  }
  if (!discover) {
    for (const std::string& name : input.used) {
      if (!name.starts_with("--discovery")) continue;
      return fail(ErrorCode::usage, "{} is for issuers, not for the URL of a set", name);
    }
  }
  if (input.client_key && !input.client_certificate) {
    return fail(ErrorCode::usage, "--cert-key without --cert");
  }
  if (input.proxy) {
    if (auto good = check_proxy(*input.proxy); !good) return good;
  }
  for (const std::string& entry : input.resolve) {
    if (auto good = check_resolve(entry); !good) return good;
  }
  const std::initializer_list<std::pair<const std::optional<std::string>*, std::string_view>> files{
      {&input.ca_file, "--cacert"},
      {&input.client_certificate, "--cert"},
      {&input.client_key, "--cert-key"}};
  for (const auto& [path, option] : files) {
    if (auto good = check_pem(*path, option); !good) return good;
  }
  return {};
}

}  // namespace

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

Result<RemoteOptions> network_settings(const NetworkInput& input, bool discover) {
  if (auto good = check_values(input, discover); !good) return fail(std::move(good).error());
  RemoteOptions options;
  options.offline = input.offline;
  options.refresh = input.refresh;
  options.max_stale = input.max_stale;
  options.fetch.allow_http = input.allow_http;
  options.fetch.deadline = std::chrono::seconds(input.timeout);
  options.fetch.retries = input.retries;
  for (const std::string& path : input.header_files) {
    if (auto done = load_headers(path, options.fetch.headers); !done) {
      return fail(std::move(done).error());
    }
  }
  options.http.connect_timeout = std::chrono::seconds(input.connect_timeout);
  options.http.max_bytes = input.max_bytes;
  options.http.ca_file = input.ca_file;
  options.http.client_certificate = input.client_certificate;
  options.http.client_key = input.client_key;
  options.http.proxies = to_proxies(input);
  options.http.resolve = input.resolve;
  if (!is_odd(input) && !input.no_cache) {
    options.cache_folder = input.cache_folder ? input.cache_folder : cache_folder();
  }
  if (input.offline && !options.cache_folder) {
    return fail(ErrorCode::usage, "--offline, and there is no place for copies")
        .hint("set HOME or XDG_CACHE_HOME, or say --cache-dir");
  }
  return options;
}

Result<NetworkSource> open_source(const NetworkInput& input, const std::string& address,
                                  bool discover) {
  auto options = network_settings(input, discover);
  if (!options) return fail(std::move(options).error());
  HttpGet get = make_http_get(options->http);
  auto remote = std::make_unique<Remote>(*std::move(options), std::move(get), real_clock());
  JwksSource source(*remote, address, discover ? std::optional(input.discovery) : std::nullopt);
  return NetworkSource{std::move(remote), std::move(source)};
}

Result<RemoteKeys> fetch_keys(const NetworkInput& input, const std::string& address, bool discover,
                              const Globals& globals) {
  auto source = open_source(input, address, discover);
  if (!source) return fail(std::move(source).error());
  auto keys = source->source.get();
  if (keys) say_warnings(*keys, globals);
  return keys;
}

Result<void> check_one_server(const NetworkInput& input, const std::string& first,
                              const std::string& second) {
  if (input.header_files.empty() && !input.client_certificate) return {};
  auto a = parse_url(first);
  auto b = parse_url(second);
  if (!a || !b || a->origin() == b->origin()) return {};
  return fail(ErrorCode::usage, "{} is for one server, and {} and {} are two",
              input.header_files.empty() ? "--cert" : "--header",
              show_argument(a->authority, ShownAs::url), show_argument(b->authority, ShownAs::url))
      .hint("fetch one of the sets into a file first");
}

Result<KeyDocument> to_key_document(const RemoteKeys& keys) {
  return parse_key_document(to_bytes<SecretBytes>(keys.document.dump()), nullptr);
}

void say_warnings(const RemoteKeys& keys, const Globals& globals) {
  if (globals.quiet) return;
  for (const std::string& warning : keys.warnings) Io::write_warning(warning);
  auto skew = keys.origin.clock_skew;
  if (!skew || (*skew <= kShownSkew && *skew >= -kShownSkew)) return;
  Io::write_warning(fmt::format("the server's clock is {} {} this machine's",
                                format_duration(*skew < 0 ? -*skew : *skew),
                                *skew < 0 ? "behind" : "ahead of"));
}

}  // namespace jwtctl::cli

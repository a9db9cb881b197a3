// SPDX-License-Identifier: Apache-2.0
#include "lib/remote/url.h"

#include <algorithm>
#include <charconv>

#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/remote/address.h"

namespace jwtctl {
namespace {

Failure not_a_url(std::string_view text, std::string_view why) {
  // What may be a password is not repeated.
  if (text.find('@') != std::string_view::npos) {
    return fail(ErrorCode::usage, "this is not a URL that keys are fetched from: {}", why);
  }
  return fail(ErrorCode::usage, "{} is not a URL that keys are fetched from: {}",
              quote_argument(text, ShownAs::url), why);
}

/// split_authority fills host and port; returns what is wrong with the authority, if anything.
std::string_view split_authority(Url& url) {
  constexpr std::string_view kNoHost = "it has no host";
  std::string_view authority = url.authority;
  std::string_view host = authority;
  std::string_view port;
  if (authority.starts_with('[')) {
    std::size_t end = authority.find(']');
    if (end == std::string_view::npos) return kNoHost;
    host = authority.substr(1, end - 1);
    // A zone names an interface of this machine, not a host.
    if (host.find_first_not_of("0123456789abcdefABCDEF:.") != std::string_view::npos)
      return kNoHost;
    port = authority.substr(end + 1);
  } else if (std::size_t colon = authority.find(':'); colon != std::string_view::npos) {
    host = authority.substr(0, colon);
    port = authority.substr(colon);
  }
  url.host = to_lower(host);
  if (host.empty()) return kNoHost;
  if (port.empty()) return {};
  unsigned number = 0;
  const char* end = port.data() + port.size();
  auto [at, error] = std::from_chars(port.data() + 1, end, number);
  bool good = port.size() > 1 && port.front() == ':' && error == std::errc{} && at == end &&
              number >= 1 && number <= 65'535;
  if (number != (url.scheme == "https" ? 443 : 80)) url.port = port.substr(1);
  return good ? std::string_view{} : "the port of its host is none";
}

}  // namespace

std::string Url::origin() const {
  return fmt::format("{}://{}{}{}", scheme, host, port.empty() ? "" : ":", port);
}

Result<Url> parse_url(std::string_view text) {
  if (text.size() > kMaxUrlBytes) {
    return fail(ErrorCode::usage, "the URL is longer than {} bytes", kMaxUrlBytes);
  }
  std::size_t colon = text.find("://");
  if (colon == std::string_view::npos) return not_a_url(text, "it has no scheme");
  std::size_t end = std::min(text.find_first_of("/?", colon + 3), text.size());
  if (text.substr(0, end).find('@') != std::string_view::npos) {
    return fail(ErrorCode::usage, "the URL holds credentials")
        .hint("give them as a header: --header @FILE");
  }
  bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < '\x7f' && c != '\\' && c != '"' && c != '<' && c != '>';
  });
  if (!plain) return not_a_url(text, "it has characters that a URL cannot have");
  Url url;
  url.scheme = to_lower(text.substr(0, colon));
  if (url.scheme != "https" && url.scheme != "http")
    return not_a_url(text, "its scheme is not https");
  if (text.find('#') != std::string_view::npos) return not_a_url(text, "it has a fragment");
  url.authority = text.substr(colon + 3, end - colon - 3);
  if (auto wrong = split_authority(url); !wrong.empty()) return not_a_url(text, wrong);
  std::string_view target = text.substr(end);
  std::size_t question = std::min(target.find('?'), target.size());
  url.path = target.substr(0, question);
  url.query = target.substr(question);
  return url;
}

bool is_loopback_host(std::string_view host) {
  std::string_view name = host.substr(0, host.size() - (host.ends_with('.') ? 1 : 0));
  if (name == "localhost" || name.ends_with(".localhost")) return true;
  auto address = parse_address(std::string(host));
  return address && address->is_loopback();
}

std::string resolve_reference(const Url& base, std::string_view reference) {
  reference = reference.substr(0, reference.find('#'));
  if (reference.find("://") != std::string_view::npos &&
      reference.find("://") < reference.find_first_of("/?")) {
    return std::string(reference);
  }
  std::string origin = fmt::format("{}://{}", base.scheme, base.authority);
  if (reference.starts_with("//")) return fmt::format("{}:{}", base.scheme, reference);
  if (reference.starts_with('/')) return origin + std::string(reference);
  if (reference.starts_with('?')) return fmt::format("{}{}{}", origin, base.path, reference);
  std::string folder = base.path.substr(0, base.path.rfind('/') + 1);
  return fmt::format("{}{}{}", origin, folder.empty() ? "/" : folder, reference);
}

}  // namespace jwtctl

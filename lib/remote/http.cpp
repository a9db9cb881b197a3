// SPDX-License-Identifier: Apache-2.0
#include "lib/remote/http.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <type_traits>

#include "lib/base/allocation.h"
#include "lib/base/descriptor.h"
#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/codec/address.h"

namespace jwtctl {
namespace {

constexpr std::size_t kMaxHeaderBytes = std::size_t{64} * 1024;

/// Curl is what we use of libcurl: linking it would cost every start 36 shared objects.
struct Curl {
  decltype(&curl_global_init_mem) global_init = nullptr;
  decltype(&curl_easy_init) easy_init = nullptr;
  decltype(&curl_easy_setopt) setopt = nullptr;
  decltype(&curl_easy_perform) perform = nullptr;
  decltype(&curl_easy_getinfo) getinfo = nullptr;
  decltype(&curl_easy_cleanup) cleanup = nullptr;
  decltype(&curl_easy_strerror) strerror = nullptr;
  decltype(&curl_slist_append) append = nullptr;
  decltype(&curl_slist_free_all) free_all = nullptr;
};

#ifdef JWTCTL_CURL_LINKED
bool open_curl(Curl& curl) {
  curl = {curl_global_init_mem, curl_easy_init,    curl_easy_setopt,
          curl_easy_perform,    curl_easy_getinfo, curl_easy_cleanup,
          curl_easy_strerror,   curl_slist_append, curl_slist_free_all};
  return true;
}
#else
bool open_curl(Curl& curl) {
  void* library = nullptr;
  errno = 0;
  for (const char* name : {"libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.4.dylib"}) {
    if (library == nullptr) library = ::dlopen(name, RTLD_NOW | RTLD_LOCAL);
  }
  if (library == nullptr && errno == ENOMEM) report_no_memory();
  if (library == nullptr) return false;
  bool complete = true;
  auto find = [&](auto& target, const char* name) {
    target = reinterpret_cast<std::remove_reference_t<decltype(target)> >(::dlsym(library, name));
    complete = complete && target != nullptr;
  };
  find(curl.global_init, "curl_global_init_mem");
  find(curl.easy_init, "curl_easy_init");
  find(curl.setopt, "curl_easy_setopt");
  find(curl.perform, "curl_easy_perform");
  find(curl.getinfo, "curl_easy_getinfo");
  find(curl.cleanup, "curl_easy_cleanup");
  find(curl.strerror, "curl_easy_strerror");
  find(curl.append, "curl_slist_append");
  find(curl.free_all, "curl_slist_free_all");
  return complete;
}
#endif

/// the_curl returns the library, null when it is not installed.
const Curl* the_curl() {
  static const std::optional<Curl> library = [] {
    Curl curl;
    bool ready = open_curl(curl) &&
                 curl.global_init(CURL_GLOBAL_DEFAULT, checked_malloc, std::free, checked_realloc,
                                  checked_strdup, checked_calloc) == CURLE_OK;
    return ready ? std::optional(curl) : std::nullopt;
  }();
  return library ? &*library : nullptr;
}

/// Exchange is what the callbacks of one request fill.
struct Exchange {
  HttpResponse response;
  std::size_t max_bytes = 0;
  std::size_t header_bytes = 0;
  bool too_large = false;
  bool too_many_headers = false;
  Reach reach = Reach::not_loopback;
  bool proxied = false;
  std::string refused_address;
};

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  std::size_t bytes = size * count;
  if (exchange.response.body.size() + bytes > exchange.max_bytes) {
    exchange.too_large = true;
    return 0;
  }
  exchange.response.body.append(data, bytes);
  return bytes;
}

std::size_t take_header(char* data, std::size_t size, std::size_t count, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  std::string_view line(data, size * count);
  exchange.header_bytes += line.size();
  if (exchange.header_bytes > kMaxHeaderBytes) {
    exchange.too_many_headers = true;
    return 0;
  }
  // A status line begins the headers of the next answer (100 Continue, a proxy's 200).
  if (line.starts_with("HTTP/")) exchange.response.headers.clear();
  std::size_t colon = line.find(':');
  if (colon != std::string_view::npos) {
    exchange.response.headers.emplace_back(to_lower(trim(line.substr(0, colon))),
                                           trim(line.substr(colon + 1)));
  }
  return line.size();
}

/// why_refused judges the address of a server; null when it may be asked.
const char* why_refused(const Address& address, Reach reach) {
  if (address.is_metadata()) return "a link-local address";
  if (address.is_loopback()) {
    return reach == Reach::not_loopback ? "a loopback address" : nullptr;
  }
  return reach == Reach::loopback_only ? "no loopback address" : nullptr;
}

/// open_socket sees the address that is connected to, after all names are resolved.
curl_socket_t open_socket(void* user, curlsocktype /*purpose*/, struct curl_sockaddr* target) {
  auto& exchange = *static_cast<Exchange*>(user);
  auto address = to_address(target->addr);
  const char* refused = !address           ? "no IP address"
                        : exchange.proxied ? nullptr  // it is the proxy's, which the user chose
                                           : why_refused(*address, exchange.reach);
  if (refused == nullptr) return ::socket(target->family, target->socktype, target->protocol);
  exchange.refused_address = refused;
  return CURL_SOCKET_BAD;
}

struct CodeRow {
  CURLcode code;
  ErrorCode meaning;
};

/// What is not here breaks a connection.
constexpr std::array<CodeRow, 20> kCodes{{{CURLE_COULDNT_RESOLVE_HOST, ErrorCode::network_dns},
                                          {CURLE_COULDNT_RESOLVE_PROXY, ErrorCode::network_dns},
                                          {CURLE_OPERATION_TIMEDOUT, ErrorCode::network_timeout},
                                          {CURLE_SSL_CONNECT_ERROR, ErrorCode::network_tls},
                                          {CURLE_PEER_FAILED_VERIFICATION, ErrorCode::network_tls},
                                          {CURLE_SSL_CERTPROBLEM, ErrorCode::network_tls},
                                          {CURLE_SSL_CIPHER, ErrorCode::network_tls},
                                          {CURLE_SSL_ISSUER_ERROR, ErrorCode::network_tls},
                                          {CURLE_SSL_CACERT_BADFILE, ErrorCode::network_tls},
                                          {CURLE_SSL_ENGINE_NOTFOUND, ErrorCode::network_tls},
                                          {CURLE_SSL_ENGINE_SETFAILED, ErrorCode::network_tls},
                                          {CURLE_SSL_ENGINE_INITFAILED, ErrorCode::network_tls},
                                          {CURLE_SSL_CRL_BADFILE, ErrorCode::network_tls},
                                          {CURLE_SSL_SHUTDOWN_FAILED, ErrorCode::network_tls},
                                          {CURLE_USE_SSL_FAILED, ErrorCode::network_tls},
                                          {CURLE_PARTIAL_FILE, ErrorCode::network_body},
                                          {CURLE_BAD_CONTENT_ENCODING, ErrorCode::network_body},
                                          {CURLE_UNSUPPORTED_PROTOCOL, ErrorCode::network_body},
                                          {CURLE_WEIRD_SERVER_REPLY, ErrorCode::network_body},
                                          {CURLE_WRITE_ERROR, ErrorCode::network_body}}};

ErrorCode code_of(CURLcode code) {
  const auto* row = std::find_if(kCodes.begin(), kCodes.end(),
                                 [code](const CodeRow& entry) { return entry.code == code; });
  return row != kCodes.end() ? row->meaning : ErrorCode::network_connect;
}

class Transfer {
 public:
  Transfer(const Curl& curl, const HttpOptions& options, const HttpRequest& request)
      : curl_(curl), handle_(curl.easy_init()), options_(options), request_(request) {
    exchange_.max_bytes = options.max_bytes;
    exchange_.reach = request.reach;
    if (handle_ != nullptr) configure(options);
  }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;
  ~Transfer() {
    if (handle_ != nullptr) curl_.cleanup(handle_);
    curl_.free_all(headers_);
    curl_.free_all(resolve_);
  }

  Result<HttpResponse> run() {
    if (handle_ == nullptr || !complete_) {
      return fail(ErrorCode::network_refused, "libcurl refuses a setting that safety rests on")
          .hint("libcurl 7.85 or newer is needed");
    }
    if (auto refused = check_host(); !refused) return fail(std::move(refused).error());
    CURLcode code = curl_.perform(handle_);
    if (code == CURLE_OUT_OF_MEMORY) report_no_memory();
    if (code != CURLE_OK) return failure(code);
    long status = 0;
    curl_.getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    exchange_.response.status = static_cast<int>(status);
    return std::move(exchange_.response);
  }

 private:
  template <class T>
  void set(CURLoption option, T value) {
    complete_ = complete_ && curl_.setopt(handle_, option, value) == CURLE_OK;
  }

  void append(curl_slist*& list, const std::string& text) {
    curl_slist* longer = curl_.append(list, text.c_str());
    complete_ = complete_ && longer != nullptr;
    if (longer != nullptr) list = longer;
  }

  void set_text(CURLoption option, const std::optional<std::string>& value) {
    if (value) set(option, value->c_str());
  }

  void configure(const HttpOptions& options) {
    set(CURLOPT_URL, request_.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    set(CURLOPT_ACCEPT_ENCODING, "gzip");
    set(CURLOPT_USERAGENT, "jwtctl");
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(request_.timeout.count()));
    set(CURLOPT_ERRORBUFFER, message_.data());
    set(CURLOPT_WRITEFUNCTION, take_body);
    set(CURLOPT_WRITEDATA, &exchange_);
    set(CURLOPT_HEADERFUNCTION, take_header);
    set(CURLOPT_HEADERDATA, &exchange_);
    set(CURLOPT_OPENSOCKETFUNCTION, open_socket);
    set(CURLOPT_OPENSOCKETDATA, &exchange_);
    configure_trust(options);
    configure_proxy(options.proxies);
    for (const std::string& header : request_.headers) append(headers_, header);
    set(CURLOPT_HTTPHEADER, headers_);
    for (const std::string& entry : options.resolve) append(resolve_, entry);
    set(CURLOPT_RESOLVE, resolve_);
#if LIBCURL_VERSION_NUM >= 0x075700
    // Else the end would wait for a name server that does not answer. Older libraries cannot.
    curl_.setopt(handle_, CURLOPT_QUICK_EXIT, 1L);
#endif
  }

  void configure_trust(const HttpOptions& options) {
    if (options.ca_file) {
      set_text(CURLOPT_CAINFO, options.ca_file);
      set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    }
    if (!request_.own_origin) return;
    set_text(CURLOPT_SSLCERT, options.client_certificate);
    set_text(CURLOPT_SSLKEY, options.client_key);
    set(CURLOPT_KEYPASSWD, "");  // without one OpenSSL asks on the terminal
  }

  void configure_proxy(const Proxies& proxies) {
    auto url = parse_url(request_.url);
    bool outside = url && request_.reach != Reach::loopback_only;
    std::optional<std::string> proxy = outside ? choose_proxy(*url, proxies) : std::nullopt;
    exchange_.proxied = proxy.has_value();
    set(CURLOPT_PROXY, proxy ? proxy->c_str() : "");
    set(CURLOPT_NOPROXY, "");
  }

  /// check_host refuses addresses in the URL itself, which a proxy would connect to.
  Result<void> check_host() const {
    auto url = parse_url(request_.url);
    auto address = url ? parse_address(url->host) : std::nullopt;
    const char* refused = address ? why_refused(*address, request_.reach) : nullptr;
    if (refused == nullptr) return {};
    return fail(ErrorCode::network_refused, "{} leads to {}, which is refused",
                show_argument(request_.url, ShownAs::url), refused);
  }

  Failure failure(CURLcode code) {
    if (!exchange_.refused_address.empty()) {
      return fail(ErrorCode::network_refused, "{} leads to {}, which is refused",
                  show_argument(request_.url, ShownAs::url), exchange_.refused_address);
    }
    if (exchange_.too_large) {
      return fail(ErrorCode::network_body, "the answer of {} is larger than {} bytes",
                  show_argument(request_.url, ShownAs::url), exchange_.max_bytes);
    }
    if (exchange_.too_many_headers) {
      return fail(ErrorCode::network_body, "{} sends more than {} bytes of headers",
                  show_argument(request_.url, ShownAs::url), kMaxHeaderBytes);
    }
    Failure failure =
        fail(code_of(code), "cannot fetch {}{}: {}", show_argument(request_.url, ShownAs::url),
             exchange_.proxied ? " through the proxy" : "", reason(code));
    if (code == CURLE_PEER_FAILED_VERIFICATION) {
      return std::move(failure).hint(
          "if a private authority vouches for the server: --cacert PATH");
    }
    if (code == CURLE_SSL_CONNECT_ERROR) {
      return std::move(failure).hint("the server may speak no TLS there, or none newer than 1.1");
    }
    return failure;
  }

  /// reason says why in words that quote no host and no proxy: libcurl's own message repeats them
  /// as they were typed, passwords and all. What it says of certificates and of TLS does not.
  std::string reason(CURLcode code) {
    std::string_view detail = message_.data();
    for (std::string_view plain : {"SSL certificate problem: ", "error:", "TLS connect error: "}) {
      if (code_of(code) == ErrorCode::network_tls && detail.starts_with(plain)) {
        return std::string(detail);
      }
    }
    if (code == CURLE_PEER_FAILED_VERIFICATION) return "its certificate is not for this host";
    if (code == CURLE_SSL_CERTPROBLEM) {
      return fmt::format("the client certificate {} cannot be used with the key {}",
                         show_argument(options_.client_certificate.value_or(""), ShownAs::path),
                         show_argument(options_.client_key.value_or(""), ShownAs::path));
    }
    if (code == CURLE_SSL_CACERT_BADFILE) {
      return fmt::format(
          "the certificates of authorities in {} cannot be read",
          show_argument(options_.ca_file.value_or("the system's file"), ShownAs::path));
    }
    if (code == CURLE_COULDNT_RESOLVE_HOST) return "the name of the host cannot be resolved";
    if (code == CURLE_COULDNT_RESOLVE_PROXY) {
      return "the proxy cannot be used: its name cannot be resolved, or it is no URL of a proxy";
    }
    long error = 0;
    curl_.getinfo(handle_, CURLINFO_OS_ERRNO, &error);
    bool system = code == CURLE_COULDNT_CONNECT && error != 0;
    return system ? system_message(static_cast<int>(error)) : to_lower(curl_.strerror(code));
  }

  const Curl& curl_;
  CURL* handle_;
  const HttpOptions& options_;
  const HttpRequest& request_;
  Exchange exchange_;
  std::array<char, CURL_ERROR_SIZE> message_{};
  bool complete_ = true;  ///< every setting was taken
  curl_slist* headers_ = nullptr;
  curl_slist* resolve_ = nullptr;
};

}  // namespace

std::optional<std::string> HttpResponse::header(std::string_view name) const {
  auto found = std::find_if(headers.rbegin(), headers.rend(),
                            [name](const auto& header) { return header.first == name; });
  return found != headers.rend() ? std::optional(found->second) : std::nullopt;
}

HttpGet make_http_get(HttpOptions options) {
  return [options = std::move(options)](const HttpRequest& request) -> Result<HttpResponse> {
    const Curl* curl = the_curl();
    if (curl == nullptr) {
      return fail(ErrorCode::network_refused, "libcurl is not installed, so nothing can be fetched")
          .hint(
              "install it (Debian and Ubuntu: apt-get install libcurl4), or save the set to a "
              "file");
    }
    return Transfer(*curl, options, request).run();
  };
}

}  // namespace jwtctl

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/text.h"
#include "lib/remote/clock.h"
#include "lib/remote/http.h"
#include "tests/unit/refusal.h"

/// A network and a clock for tests: nothing is sent, and nobody waits.
namespace jwtctl::testing {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// kToday is where the wall clock of a FakeServer begins, 2027-01-15T08:00:00Z.
inline constexpr std::int64_t kToday = 1'800'000'000;
inline constexpr std::string_view kTodayHttp = "Fri, 15 Jan 2027 08:00:00 GMT";

/// Answer is what a request gets, and how long that takes.
struct Answer {
  Result<HttpResponse> result;
  Milliseconds takes{0};
};

inline Answer status(int number, Headers headers = {}, std::string body = {}) {
  return {HttpResponse{number, std::move(headers), std::move(body)}, Milliseconds{0}};
}

inline Answer ok(std::string body, Headers headers = {}) {
  return status(200, std::move(headers), std::move(body));
}

inline Answer moved(std::string location, int number = 302) {
  return status(number, {{"location", std::move(location)}});
}

inline Answer broken(ErrorCode code) {
  return {fail(code, "it broke: {}", to_string(code)), Milliseconds{0}};
}

inline Answer slow(Milliseconds takes, Answer answer) {
  answer.takes = takes;
  return answer;
}

/// FakeServer is every server of the world: it gives scripted answers, 404 where it has none, and
/// keeps what it was asked. Its clock moves when somebody sleeps or an answer takes time.
class FakeServer {
 public:
  /// on scripts the answers of a URL, in turn; the last one stays.
  void on(const std::string& url, std::vector<Answer> answers) {
    scripts_[url] = std::move(answers);
    asked_[url] = 0;
  }
  void on(const std::string& url, Answer answer) { on(url, std::vector{std::move(answer)}); }

  HttpGet get() {
    return [this](const HttpRequest& request) -> Result<HttpResponse> {
      requests.push_back(request);
      auto script = scripts_.find(request.url);
      if (script == scripts_.end()) return HttpResponse{404, {}, "not found"};
      std::size_t turn = std::min(asked_[request.url]++, script->second.size() - 1);
      const Answer& answer = script->second[turn];
      if (answer.takes > request.timeout) {
        time_ += request.timeout;
        return fail(ErrorCode::network_timeout, "{} took too long", request.url);
      }
      time_ += answer.takes;
      return answer.result;
    };
  }

  Clock clock() {
    Clock clock;
    clock.wall = [this] { return now(); };
    clock.monotonic = [this] { return time_; };
    clock.sleep = [this](Milliseconds length) {
      sleeps.push_back(length);
      time_ += length;
    };
    return clock;
  }

  Instant now() const {
    return {kToday + std::chrono::duration_cast<std::chrono::seconds>(time_).count(), 0};
  }
  void pass(Seconds length) { time_ += std::chrono::seconds(length); }

  /// urls are those that were asked, in turn.
  std::vector<std::string> urls() const {
    std::vector<std::string> result;
    for (const HttpRequest& request : requests) result.push_back(request.url);
    return result;
  }

  std::vector<HttpRequest> requests;
  std::vector<Milliseconds> sleeps;

 private:
  std::map<std::string, std::vector<Answer>> scripts_;
  std::map<std::string, std::size_t> asked_;
  Milliseconds time_{0};
};

/// sent is the value of a header of a request, empty without one.
inline std::string sent(const HttpRequest& request, std::string_view name) {
  std::string start = fmt::format("{}: ", to_lower(name));
  for (const std::string& header : request.headers) {
    if (to_lower(header).starts_with(start)) return header.substr(start.size());
  }
  return {};
}

}  // namespace jwtctl::testing

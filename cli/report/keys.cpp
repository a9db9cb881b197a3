// SPDX-License-Identifier: Apache-2.0
#include "cli/report/keys.h"

#include <algorithm>
#include <array>

#include "lib/base/shown.h"
#include "lib/base/text.h"

namespace jwtctl::cli {
namespace {

constexpr std::size_t kColumns = 6;
using Row = std::array<std::string, kColumns>;

/// text_member returns a member when it is a string: entries that are no keys have some too.
std::string text_member(const KeyEntry& entry, std::string_view name) {
  const Json* member = entry.members.find(name);
  const std::string* text = member != nullptr ? member->as_string() : nullptr;
  return text != nullptr ? *text : "";
}

Json json_member(const KeyEntry& entry, std::string_view name) {
  std::string text = text_member(entry, name);
  return text.empty() ? Json() : Json(text);
}

std::string type_of(const KeyEntry& entry) {
  return entry.jwk ? std::string(to_string(entry.jwk->key.type())) : text_member(entry, "kty");
}

std::string size_of(const KeyEntry& entry) {
  if (!entry.jwk) return "";
  const Key& key = entry.jwk->key;
  if (key.curve() != Curve::none) return std::string(curve_info(key.curve()).name);
  return fmt::format("{} bits", key.bits());
}

Row row_of(const KeyEntry& entry) {
  Row row{escape_text(shown_kid(entry.kid().value_or("-"))),
          show_argument(type_of(entry), ShownAs::member),
          show_argument(text_member(entry, "alg"), ShownAs::member),
          show_argument(text_member(entry, "use"), ShownAs::member),
          size_of(entry),
          entry.jwk ? thumbprint(entry.jwk->key).value_or("-") : "-"};
  for (std::string& cell : row) {
    if (cell.empty()) cell.push_back('-');
  }
  return row;
}

std::string render(const Row& row, const std::array<std::size_t, kColumns>& widths) {
  std::string line;
  for (std::size_t i = 0; i < kColumns; ++i) {
    if (i > 0) line += "  ";
    line += row[i];
    if (i + 1 < kColumns) line.append(widths[i] - columns(row[i]), ' ');
  }
  return line + "\n";
}

std::string show_date(Instant instant, const View& view) {
  Seconds offset = view.offset != nullptr ? view.offset(instant) : 0;
  return format_rfc3339(instant, offset).value_or("no year from 0 to 9999");
}

std::string show_certificate(const Certificate& certificate, const View& view) {
  constexpr std::size_t kShownSubject = 256;
  return fmt::format("certificate of {}, {} to {}", shorten(certificate.subject, kShownSubject),
                     show_date(certificate.not_before, view),
                     show_date(certificate.not_after, view));
}

std::string count(std::size_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

std::string show_origin(const Document& origin) {
  if (!origin.from_cache) {
    return fmt::format("fetched now, fresh for {}", format_duration(origin.max_age.value_or(0)));
  }
  return fmt::format("{}copy of {} ago", origin.stale ? "stale " : "", format_duration(origin.age));
}

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

/// add_origin adds the members that only a fetched set has.
void add_origin(const Document& origin, Json& document) {
  document.set("url", origin.url);
  document.set("final_url", origin.final_url);
  document.set("fetched", origin.fetched_at);
  document.set("from_cache", origin.from_cache);
  document.set("stale", origin.stale);
  document.set("http", Json::object({{"status", origin.status},
                                     {"max_age", or_null(origin.max_age)},
                                     {"etag", origin.etag.empty() ? Json() : Json(origin.etag)},
                                     {"age", origin.age}}));
  document.set("clock_skew", or_null(origin.clock_skew));
}

Json certificate_json(const Certificate& certificate) {
  auto date = [](Instant instant) {
    auto text = format_rfc3339(instant);
    return text ? Json(*text) : Json();
  };
  return Json::object({{"subject", certificate.subject},
                       {"not_before", certificate.not_before.seconds},
                       {"not_before_rfc3339", date(certificate.not_before)},
                       {"not_after", certificate.not_after.seconds},
                       {"not_after_rfc3339", date(certificate.not_after)}});
}

Json key_json(const KeyEntry& entry, const View& view) {
  KeyJudgement judgement = check_entry(entry, view.now);
  Json json = Json::object({{"kid", entry.kid() ? Json(*entry.kid()) : Json()},
                            {"kty", type_of(entry).empty() ? Json() : Json(type_of(entry))},
                            {"alg", json_member(entry, "alg")},
                            {"use", json_member(entry, "use")},
                            {"bits", Json()},
                            {"crv", json_member(entry, "crv")},
                            {"thumbprint", Json()},
                            {"private", false},
                            {"usable", judgement.usable},
                            {"notes", Json::strings(judgement.notes)}});
  if (entry.jwk) {
    const Key& key = entry.jwk->key;
    json.set("bits", std::int64_t{key.bits()});
    if (auto print = thumbprint(key)) json.set("thumbprint", *print);
    json.set("private", key.is_private());
  }
  auto certificate = entry.certificate();
  if (certificate) json.set("certificate", certificate_json(*certificate));
  return json;
}

std::string_view meaning(KeyChange change) {
  switch (change) {
    case KeyChange::rekeyed:
      return "critical: another key under the same kid; who has cached the old one rejects good "
             "tokens";
    case KeyChange::removed: return "tokens that it signed verify no more";
    case KeyChange::added: return "";
    case KeyChange::renamed: return "the same key under another kid";
    case KeyChange::changed: return "the same key, other members";
  }
  return "";
}

std::string detail(const KeyDifference& difference) {
  constexpr std::size_t kShownMember = 64;
  constexpr std::size_t kShownMembers = 20;
  if (difference.old_name) {
    return fmt::format("{}, it was {}", meaning(difference.change),
                       shown_kid(*difference.old_name));
  }
  if (difference.members.empty()) return std::string(meaning(difference.change));
  std::vector<std::string> names;
  for (const std::string& name : difference.members) {
    if (names.size() == kShownMembers) {
      names.push_back(fmt::format("and {} more", difference.members.size() - kShownMembers));
      break;
    }
    names.push_back(shorten(name, kShownMember));
  }
  return fmt::format("{}: {}", meaning(difference.change), join(names, ", "));
}

}  // namespace

std::string to_text(const KeysReport& report, const View& view) {
  const auto& entries = report.document.entries;
  std::vector<Row> rows{{"KID", "TYPE", "ALG", "USE", "SIZE", "THUMBPRINT"}};
  for (const KeyEntry& entry : entries) rows.push_back(row_of(entry));
  std::array<std::size_t, kColumns> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < kColumns; ++i) widths[i] = std::max(widths[i], columns(row[i]));
  }
  std::string out =
      escape_text(fmt::format("{} in {}", count(entries.size(), "key"), report.source));
  if (report.origin) out += fmt::format(" ({})", show_origin(*report.origin));
  out += "\n";
  if (view.now_given) out += fmt::format("judged as of {} (--now)\n", show_date(view.now, view));
  out += render(rows.front(), widths);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    out += render(rows[i + 1], widths);
    if (auto certificate = entries[i].certificate()) {
      out += fmt::format("    {}\n", escape_text(show_certificate(*certificate, view)));
    }
    KeyJudgement judgement = check_entry(entries[i], view.now);
    for (const std::string& note : judgement.notes) {
      std::string_view kind =
          !judgement.usable && &note == &judgement.notes.front() ? "unusable" : "note";
      out += fmt::format("    {}: {}\n", kind, escape_text(note));
    }
  }
  return out;
}

std::string to_json(const KeysReport& report, const View& view) {
  Json keys = Json::Array{};
  for (const KeyEntry& entry : report.document.entries) keys.push_back(key_json(entry, view));
  Json document = Json::object(
      {{"schema", "jwtctl.jwks/1"}, {"source", report.source}, {"now", view.now.seconds}});
  if (report.origin) add_origin(*report.origin, document);
  document.set("keys", std::move(keys));
  document.set("findings", Json::Array{});
  return document.dump(2) + "\n";
}

std::string to_text(const DiffReport& report) {
  if (report.differences.empty()) {
    return fmt::format("EQUAL: the same {}\n", count(report.keys, "key"));
  }
  std::size_t width = 0;
  for (const KeyDifference& difference : report.differences) {
    width = std::max(width, columns(escape_text(shown_kid(difference.name))));
  }
  std::string out = fmt::format("DIFFERENT: {}\n", count(report.differences.size(), "change"));
  for (const KeyDifference& difference : report.differences) {
    std::string name = escape_text(shown_kid(difference.name));
    std::string rest = escape_text(detail(difference));
    std::string gap = rest.empty() ? "" : std::string(width - columns(name) + 2, ' ');
    out += fmt::format("  {:7}  {}{}{}\n", to_string(difference.change), name, gap, rest);
  }
  return out;
}

std::string to_json(const DiffReport& report) {
  Json document = Json::object({{"schema", "jwtctl.jwks-diff/1"}});
  constexpr std::array<KeyChange, 5> kChanges{KeyChange::added, KeyChange::removed,
                                              KeyChange::rekeyed, KeyChange::renamed,
                                              KeyChange::changed};
  for (KeyChange change : kChanges) {
    Json names = Json::Array{};
    for (const KeyDifference& difference : report.differences) {
      if (difference.change == change) names.push_back(difference.name);
    }
    document.set(to_string(change), std::move(names));
  }
  Json details = Json::Array{};
  for (const KeyDifference& difference : report.differences) {
    Json entry = Json::object({{"change", to_string(difference.change)},
                               {"kid", difference.name},
                               {"critical", difference.change == KeyChange::rekeyed}});
    if (difference.old_name) entry.set("old_kid", *difference.old_name);
    if (!difference.members.empty()) entry.set("members", Json::strings(difference.members));
    details.push_back(std::move(entry));
  }
  document.set("details", std::move(details));
  return document.dump(2) + "\n";
}

}  // namespace jwtctl::cli

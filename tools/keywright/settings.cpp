#include "settings.h"

#include "configuration.h"
#include "files.h"
#include "keywright/text.h"
#include "status.h"

#include <sys/ioctl.h>
#include <unistd.h>
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <utility>
#include <vector>

namespace keywright::command {

namespace {

// A value and who gave it.
struct Given {
    std::string value, origin;
};

[[nodiscard]] std::optional<std::string> variable(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr || *value == '\0') return std::nullopt;
    return value;
}

// Who may say something beside the command line.
enum class Others : std::uint8_t { kHeard, kIgnored };

[[nodiscard]] std::optional<Given> first_of(const std::optional<std::string>& option, std::string name,
                                            const std::optional<std::string>& configured, const std::string& file,
                                            Others others) {
    if (option) return Given{*option, "--" + name};
    if (others == Others::kIgnored) return std::nullopt;
    std::replace(name.begin(), name.end(), '-', '_');
    std::string upper = "KEYWRIGHT_" + name;
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    if (auto value = variable(upper)) return Given{*value, upper};
    if (configured) return Given{*configured, name + " in " + file};
    return std::nullopt;
}

template <class T>
using Choices = std::vector<std::pair<std::string, T>>;

template <class T>
[[nodiscard]] T choose(const Given& given, const Choices<T>& choices) {
    std::vector<std::string> names;
    for (const auto& [name, value] : choices) {
        if (name == given.value) return value;
        names.push_back(name);
    }
    std::string help;
    if (const std::string near = closest_word(given.value, names); !near.empty()) {
        help = "did you mean `" + near + "`?";
    } else {
        for (const std::string& name : names) {
            help += help.empty() ? "it may be `" : name == names.back() ? "` or `" : "`, `";
            help += name;
        }
        help += '`';
    }
    fail(Status::kUsage, "`" + given.origin + "` can't be `" + given.value + "`", std::move(help));
}

void read_params(const std::vector<std::string>& texts, const std::string& origin,
                 std::map<std::string, std::string>& into) {
    const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
    const auto trimmed = [&](std::string text) {
        while (!text.empty() && is_space(text.back())) text.pop_back();
        text.erase(text.begin(), std::find_if_not(text.begin(), text.end(), is_space));
        return text;
    };
    for (const std::string& text : texts) {
        const std::size_t sign = text.find('=');
        std::string name = trimmed(text.substr(0, sign));
        if (sign == std::string::npos || name.empty()) {
            fail(Status::kUsage, "`" + text + "` in `" + origin + "` sets nothing",
                 "write PARAM=VALUE, such as `limit=14 days`");
        }
        into[std::move(name)] = trimmed(text.substr(sign + 1));
    }
}

[[nodiscard]] std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> out;
    std::size_t begin = 0;
    while (begin <= text.size()) {
        const std::size_t end = std::min(text.find(separator, begin), text.size());
        if (end > begin) out.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return out;
}

// The files of waivers in force. A variable that named none would be a mistake that nobody sees, so the option that
// switches them off has a name of its own.
[[nodiscard]] std::vector<std::string> waivers_of(const Arguments& arguments, const Configuration& file, bool heard) {
    if (!takes_waivers(arguments.verb)) return {};
    if (!arguments.waivers.empty()) {
        if (arguments.no_waivers)
            fail(Status::kUsage, "`--waivers` and `--no-waivers` don't go together", "leave one of them out");
        return arguments.waivers;
    }
    if (arguments.no_waivers || !heard) return {};
    if (const auto value = variable("KEYWRIGHT_WAIVERS")) return split(*value, ':');
    return file.waivers;
}

[[nodiscard]] std::size_t width_of(int descriptor) {
    constexpr std::size_t kDefault = 100;
    winsize size{};
    if (::isatty(descriptor) == 0 || ::ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kDefault;
    return std::clamp<std::size_t>(size.ws_col, 60, 120);
}

enum class When : std::uint8_t { kAuto, kAlways, kNever };

[[nodiscard]] bool colored(When when, bool on_terminal) {
    switch (when) {
        case When::kAuto: return on_terminal && !variable("NO_COLOR") && variable("TERM") != "dumb";
        case When::kAlways: return true;
        case When::kNever: return false;
    }
    return false;
}

[[nodiscard]] bool is_switched_on(const std::string& name) {
    const auto value = variable(name);
    if (!value) return false;
    return choose<bool>({*value, name}, {{"1", true}, {"true", true}, {"0", false}, {"false", false}});
}

// What makes an older version noticed stands beside the key, so that none is forgotten in silence.
void settle_signature(Settings& out, const std::optional<Given>& key, const std::optional<Given>& at_least,
                      const std::optional<Given>& known_versions, Others others) {
    if (key) out.require_signature = key->value;
    if (at_least) {
        if (!compare_versions(at_least->value, at_least->value))
            fail(Status::kUsage, "`" + at_least->origin + "` can't be `" + printable(at_least->value) + "`",
                 "a version is numbers parted by dots, such as `1.4.0`");
        out.at_least = at_least->value;
    }
    if (known_versions) out.known_versions = known_versions->value;
    // A build hangs on its command line alone, so it has no memory unless that names one.
    if (others == Others::kIgnored && !known_versions) out.known_versions = "none";
    if (key || (!at_least && !known_versions)) {
        if (key && known_versions && known_versions->value == "none" && out.at_least.empty())
            fail(Status::kUsage, "without a memory of versions an older one goes unnoticed",
                 "say with `--at-least VERSION` what is new enough");
        return;
    }
    fail(Status::kUsage,
         "`" + (at_least ? at_least : known_versions)->origin + "` is about signed packs, and no signature is required",
         "name the key with `--require-signature`");
}

[[nodiscard]] Settings settle_with(const Arguments& arguments, const Configuration& file, Others others) {
    Settings out;
    const bool heard = others == Others::kHeard;
    const auto pick = [&](const std::optional<std::string>& option, const char* name,
                          const std::optional<std::string>& configured = {}) {
        return first_of(option, name, configured, file.path, others);
    };
    if (auto given = pick(arguments.rules, "rules", file.rules)) out.rules = given->value;
    if (auto given = pick(arguments.at, "at")) {
        if (!parse_instant(given->value)) {
            fail(Status::kUsage, "`" + given->value + "` in `" + given->origin + "` is not an instant",
                 "write it as in `2026-01-31T00:00:00Z`");
        }
        out.at = given->value;
    }
    if (auto given = pick(arguments.input, "input", file.input)) out.input = given->value;
    if (auto given = pick(arguments.format, "format", file.format)) {
        Choices<Format> choices = {{"pretty", Format::kPretty},
                                   {"compact", Format::kCompact},
                                   {"json", Format::kJson},
                                   {"ndjson", Format::kNdjson},
                                   {"github", Format::kGithub}};
        if (arguments.verb == "audit") {
            // What these hold of each record, `--results` writes.
            const bool of_records = given->value == "ndjson" || given->value == "csv";
            if (of_records || given->value == "sarif" || given->value == "junit" || given->value == "github" ||
                given->value == "compact") {
                fail(Status::kUsage, "an audit has no format `" + given->value + "` (`" + given->origin + "`)",
                     of_records
                         ? "write what is said of each record with `--results FILE`"
                         : "it may be `pretty`, `json`, `markdown` or `html`; for each record there is `--results "
                           "FILE`, or `keywright check`");
            }
            choices = {{"pretty", Format::kPretty}, {"json", Format::kJson}};
        }
        const std::size_t common = choices.size();
        if (arguments.verb == "audit") {
            for (const char* document : {"markdown", "html"}) choices.emplace_back(document, Format::kPretty);
        }
        if (arguments.verb == "test") {
            choices.emplace_back("junit", Format::kPretty);
            choices.emplace_back("tap", Format::kPretty);
            choices.emplace_back("lcov", Format::kPretty);
            choices.emplace_back("cobertura", Format::kPretty);
        }
        if (arguments.verb == "check" || arguments.verb == "lint") {
            for (const char* document : {"sarif", "junit", "markdown", "html"})
                choices.emplace_back(document, Format::kPretty);
        }
        if (arguments.verb == "trace") {
            choices.emplace_back("markdown", Format::kPretty);
            choices.emplace_back("html", Format::kPretty);
            choices.emplace_back("csv", Format::kPretty);
        }
        out.format = choose<Format>(*given, choices);
        for (std::size_t i = common; i < choices.size(); ++i) {
            if (choices[i].first == given->value) out.own_format = given->value;
        }
    }
    if (auto given = pick(arguments.output, "output")) out.output = given->value;
    // Most findings of an audit are warnings, and are what it is for.
    if (arguments.verb == "lint") out.fail_on = Severity::kWarning;
    if (auto given = pick(arguments.fail_on, "fail-on", file.fail_on)) {
        out.fail_on = choose<std::optional<Severity>>(*given, {{"error", Severity::kError},
                                                               {"warning", Severity::kWarning},
                                                               {"info", Severity::kInfo},
                                                               {"never", std::nullopt}});
    }
    When when = When::kAuto;
    if (auto given = pick(arguments.color, "color", file.color)) {
        when = choose<When>(*given, {{"auto", When::kAuto}, {"always", When::kAlways}, {"never", When::kNever}});
    }
    // Who sets NO_COLOR means every program; only the option on this very command line says more.
    if (when == When::kAlways && !arguments.color && variable("NO_COLOR")) when = When::kNever;
    out.params = file.params;
    if (const auto value = variable("KEYWRIGHT_SET"); heard && value)
        read_params(split(*value, ';'), "KEYWRIGHT_SET", out.params);
    read_params(arguments.set, "--set", out.params);
    out.waivers = waivers_of(arguments, file, heard);
    out.quiet = arguments.quiet || (heard && is_switched_on("KEYWRIGHT_QUIET"));

    out.by_polling = heard && is_switched_on("KEYWRIGHT_POLL");

    const bool error_terminal = ::isatty(STDERR_FILENO) != 0;
    out.style.color = colored(when, !out.output && ::isatty(STDOUT_FILENO) != 0);
    out.style.width = out.output ? 100 : width_of(STDOUT_FILENO);
    out.messages.color = colored(when, error_terminal);
    out.messages.width = width_of(STDERR_FILENO);
    out.progress =
        error_terminal && !arguments.no_progress && !(heard && is_switched_on("KEYWRIGHT_NO_PROGRESS")) && !out.quiet;
    settle_signature(out, pick(arguments.require_signature, "require-signature", file.require_signature),
                     pick(arguments.at_least, "at-least"), pick(arguments.known_versions, "known-versions"), others);
    return out;
}

}  // namespace

Settings settle(const Arguments& arguments) { return settle_with(arguments, read_configuration(), Others::kHeard); }

Settings settle_from_command_line(const Arguments& arguments) { return settle_with(arguments, {}, Others::kIgnored); }

Instant instant_of(const Settings& settings) {
    if (settings.at) return parse_instant(*settings.at).value_or(Instant{});  // `settle` has read it before
    const auto now =
        std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch());
    constexpr std::int64_t kSecond = 1'000'000'000;
    return {now.count() / kSecond, static_cast<std::uint32_t>(now.count() % kSecond)};
}

std::string rules_path(const Settings& settings) {
    if (settings.rules) return *settings.rules;
    const std::string folder = rules_folder(settings);
    if (is_file(folder + "/pack.kw")) return folder;
    std::vector<std::string> packs;
    std::error_code error;
    for (std::filesystem::directory_iterator entry{folder, error}, end; !error && entry != end;
         entry.increment(error)) {
        if (is_file((entry->path() / "pack.kw").string())) packs.push_back(entry->path().generic_string());
    }
    std::sort(packs.begin(), packs.end());
    if (packs.size() == 1) return packs.front();
    if (packs.empty())
        fail(Status::kUsage, "there is no pack in `rules`",
             "name one with `--rules`, a rule file or a folder with pack.kw");
    std::string names;
    for (const std::string& pack : packs) names += (names.empty() ? "`" : ", `") + pack + '`';
    fail(Status::kUsage, "there are several packs in `rules`: " + names, "choose one with `--rules`");
}

std::string rules_folder(const Settings& settings) {
    if (settings.rules) return *settings.rules;
    if (is_folder("rules")) return "rules";
    fail(Status::kUsage, "no rules are given",
         "name them with `--rules PATH`, in KEYWRIGHT_RULES or in keywright.toml; without those, `rules/` is looked "
         "for");
}

}  // namespace keywright::command

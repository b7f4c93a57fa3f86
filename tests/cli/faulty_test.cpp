// Packs with one planted mistake each, and what notices it: tests/faulty.
//
// A pack of tests/faulty/rules or rules/ is in order. Each entry of tests/faulty/*.edits plants one mistake in a copy
// of it, and names what must be found. Nothing else may be: an audit that cries wolf isn't read.
//
//     == TITLE
//     base    PACK                the pack that is edited
//     found   lint CODE           exactly this finding; or
//     found   check CODE          a diagnostic: the pack doesn't compile; or
//     found   VERB                `test`, `prove` or `diff` notices, and what stands before it in that order doesn't:
//                                 no text of the rules shows such a mistake
//     also    CODE …              findings that can't but come along
//     path    FOLDER              what is audited, where it isn't the pack itself
//     pending WHY                 not run
//     --- FILE                    of the pack; lines ` kept`, `-removed`, `+added`, as a diff has them;
//     @@                          the next place in that file
//
// The kept and removed lines of a place stand in the file once, one below the other.
#include "program.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using namespace keywright::cli;

namespace fs = std::filesystem;

namespace {

const fs::path kSource{KEYWRIGHT_SOURCE_DIR};
const fs::path kFaulty = kSource / "tests" / "faulty";

std::string read_text(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

struct Place {
    std::string file, before, after;
};

struct Entry {
    std::string title, base, verb, code, path, pending;
    std::set<std::string> also;
    std::vector<Place> places;
};

// The lines of one place: blank ones at its end only part it from what follows.
Place to_place(const std::string& file, std::vector<std::string> lines) {
    while (!lines.empty() && lines.back().empty()) lines.pop_back();
    Place out{file, {}, {}};
    for (const std::string& line : lines) {
        const char sign = line.empty() ? ' ' : line.front();
        const std::string text = (line.empty() ? line : line.substr(1)) + "\n";
        REQUIRE_MESSAGE(std::string{" +-"}.find(sign) != std::string::npos, line);
        if (sign != '+') out.before += text;
        if (sign != '-') out.after += text;
    }
    return out;
}

class EditsReader {
public:
    explicit EditsReader(const std::string& text) {
        std::istringstream lines{text};
        for (std::string line; std::getline(lines, line);) take(line);
        finish_place();
    }
    std::vector<Entry> entries;

private:
    void take(const std::string& line) {
        if (line.starts_with("== ")) {
            finish_place();
            file_.clear();
            entries.emplace_back().title = line.substr(3);
        } else if (line.starts_with("--- ")) {
            finish_place();
            file_ = line.substr(4);
        } else if (line == "@@") {
            finish_place();
        } else if (!file_.empty()) {
            lines_.push_back(line);
        } else if (!line.empty() && !line.starts_with("#")) {
            header(line);
        }
    }
    void header(const std::string& line) {
        REQUIRE_FALSE(entries.empty());
        Entry& entry = entries.back();
        std::istringstream words{line};
        std::string key;
        words >> key;
        if (key == "base") {
            words >> entry.base;
        } else if (key == "found") {
            words >> entry.verb >> entry.code;
        } else if (key == "also") {
            for (std::string code; words >> code;) entry.also.insert(code);
        } else if (key == "path") {
            words >> entry.path;
        } else {
            REQUIRE_MESSAGE(key == "pending", line);
            std::getline(words >> std::ws, entry.pending);
        }
    }
    void finish_place() {
        if (!lines_.empty()) entries.back().places.push_back(to_place(file_, std::move(lines_)));
        lines_.clear();
    }

    std::string file_;
    std::vector<std::string> lines_;
};

std::vector<Entry> all_entries() {
    std::vector<fs::path> files;
    for (const auto& file : fs::directory_iterator{kFaulty}) {
        if (file.path().extension() == ".edits") files.push_back(file.path());
    }
    std::sort(files.begin(), files.end());
    std::vector<Entry> out;
    for (const fs::path& file : files) {
        EditsReader reader{read_text(file)};
        std::move(reader.entries.begin(), reader.entries.end(), std::back_inserter(out));
    }
    return out;
}

// A folder with `rules/PACK`, the same once more below `old/`, and the records that its snapshots are of.
class Workshop {
public:
    explicit Workshop(const std::string& base) : rules_(fs::path{folder_.path()} / "rules" / base) {
        const fs::path own = kFaulty / "rules" / base;
        const fs::path from = fs::exists(own) ? own : kSource / "rules" / base;
        fs::create_directories(fs::path{folder_.path()} / "old" / "rules");
        fs::create_directories(rules_.parent_path());
        fs::copy(from, rules_, fs::copy_options::recursive);
        fs::copy(from, fs::path{folder_.path()} / "old" / "rules" / base, fs::copy_options::recursive);
        fs::copy(kSource / "examples", fs::path{folder_.path()} / "examples", fs::copy_options::recursive);
    }

    void plant(const Place& place) const {
        const fs::path path = (rules_ / place.file).lexically_normal();
        fs::create_directories(path.parent_path());
        std::string text = read_text(path);
        if (place.before.empty()) {
            REQUIRE_MESSAGE(text.empty(), "a place in a file that exists needs a line that is kept: ", place.file);
        } else {
            const std::size_t at = ("\n" + text).find("\n" + place.before);
            REQUIRE_MESSAGE(at != std::string::npos, place.file, " has no such lines:\n", place.before);
            REQUIRE_MESSAGE(("\n" + text).find("\n" + place.before, at + 1) == std::string::npos, place.file,
                            " has such lines twice:\n", place.before);
            text.erase(at, place.before.size());
            text.insert(at, place.after);
        }
        std::ofstream{path, std::ios::binary} << (place.before.empty() ? place.after : text);
    }

    [[nodiscard]] Result run(const std::string& line) const { return folder_(line); }

    // What an audit finds, by code.
    [[nodiscard]] std::set<std::string> findings(const std::string& path) const {
        std::string line = "lint --at 2026-02-01T00:00:00Z --fail-on never --format compact ";
        if (fs::exists(fs::path{folder_.path()} / "waivers.kw")) line += "--waivers waivers.kw ";
        const Result result = run(line + path);
        CHECK_MESSAGE(result.status == 0, result.out, result.err);
        return codes_in(result.out);
    }

    [[nodiscard]] static std::set<std::string> codes_in(const std::string& text) {
        static const std::regex code{R"((?:error|warning|info)\[(KW\d{4})\])"};
        std::set<std::string> out;
        for (std::sregex_iterator at{text.begin(), text.end(), code}, end; at != end; ++at) out.insert((*at)[1]);
        return out;
    }

private:
    Folder folder_;
    fs::path rules_;
};

std::string joined(const std::set<std::string>& codes) {
    std::string out;
    for (const std::string& code : codes) out += code + " ";
    return out;
}

// Whether the verb notices something in the pack, by its exit status.
bool notices(const Workshop& shop, const std::string& verb, const std::string& base) {
    const std::string path = "rules/" + base;
    const Result result = shop.run(verb == "diff" ? "diff old/" + path + " " + path : verb + " " + path);
    CHECK_MESSAGE((result.status == 0 || result.status == 1), verb, ": ", result.status, result.out, result.err);
    return result.status == 1;
}

bool is_found(const Entry& entry) {
    const Workshop shop{entry.base};
    for (const Place& place : entry.places) shop.plant(place);
    const std::string path = entry.path.empty() ? "rules/" + entry.base : entry.path;
    if (entry.verb == "check") {
        const Result result = shop.run("lint --format compact " + path);
        return result.status == 3 && Workshop::codes_in(result.err) == std::set{entry.code};
    }
    std::set<std::string> wanted = entry.also;
    if (entry.verb == "lint") wanted.insert(entry.code);
    const std::set<std::string> findings = shop.findings(path);
    CHECK(joined(findings) == joined(wanted));
    if (entry.verb == "lint" || findings != wanted) return findings == wanted;
    for (const char* verb : {"test", "prove", "diff"}) {
        const bool noticed = notices(shop, verb, entry.base);
        if (verb == entry.verb) return noticed;
        CHECK_MESSAGE(!noticed, std::string{verb}, " notices it first");
    }
    return false;
}

}  // namespace

TEST_CASE("the packs that mistakes are planted in are in order") {
    for (const char* base : {"okx", "kucoin_tr"}) {
        CAPTURE(base);
        const Workshop shop{base};
        CHECK(shop.findings(std::string{"rules/"} + base).empty());
        for (const char* verb : {"test", "prove", "diff"}) CHECK_FALSE(notices(shop, verb, base));
        CHECK(shop.run(std::string{"fmt --check rules/"} + base).status == 0);
    }
}

TEST_CASE("every planted mistake is found, and nothing else") {
    const std::vector<Entry> entries = all_entries();
    CHECK(entries.size() >= 50);
    std::set<std::string> titles;
    std::size_t found = 0, run = 0;
    for (const Entry& entry : entries) {
        CAPTURE(entry.title);
        CHECK(titles.insert(entry.title).second);
        REQUIRE_FALSE(entry.places.empty());
        if (!entry.pending.empty()) continue;
        ++run;
        const bool is = is_found(entry);
        CHECK(is);
        if (is) ++found;
    }
    std::string result = "found " + std::to_string(found) + " of " + std::to_string(run);
    if (run < entries.size()) result += "; " + std::to_string(entries.size() - run) + " wait for what would find them";
    MESSAGE(result);
    CHECK_MESSAGE(holds(read_text(kSource / "docs" / "findings.md"), result), "docs/findings.md tells another result");
}

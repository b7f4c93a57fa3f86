#include "layering/layering.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <utility>

namespace keywright::layering {

namespace {

using Words = std::set<std::string, std::less<>>;

// The layers each layer may include, beside itself and the public headers. What isn't here is no layer.
const std::map<std::string, Words, std::less<>>& layers() {
    static const std::map<std::string, Words, std::less<>> kLayers = {
        {"base", {}},
        {"diag", {"base"}},
        {"value", {"base"}},
        {"syntax", {"base", "diag", "value"}},
        {"ir", {"base", "diag", "value"}},
        {"check", {"base", "diag", "value", "syntax", "ir"}},
        {"eval", {"base", "diag", "value", "ir"}},
        {"input", {"base", "diag", "value", "ir"}},
        {"logic", {"base", "diag", "value", "ir", "eval"}},
        {"smt", {"base", "value", "ir", "eval", "logic"}},
        {"analysis", {"base", "diag", "value", "ir", "eval", "input", "logic"}},
        {"lint", {"base", "diag", "value", "syntax", "ir", "eval", "logic", "analysis"}},
        {"report", {"base", "diag", "value", "ir", "eval", "logic", "analysis"}},
        {"emit", {"base", "value", "ir", "eval"}},
        {"trust", {"base", "diag", "input", "report"}},
        {"engine",
         {"base", "diag", "value", "syntax", "ir", "check", "eval", "input", "logic", "smt", "analysis", "lint",
          "report", "emit", "trust"}},
    };
    return kLayers;
}

// Words that have no business in the library, and why.
struct Forbidden {
    std::string_view word;
    bool called;  // only where `(` follows
    std::string_view reason;
};
constexpr Forbidden kForbidden[] = {
    {"cout", false, "the library prints nothing"},
    {"cerr", false, "the library prints nothing"},
    {"clog", false, "the library prints nothing"},
    {"printf", true, "the library prints nothing"},
    {"fprintf", true, "the library prints nothing"},
    {"puts", true, "the library prints nothing"},
    {"putchar", true, "the library prints nothing"},
    {"exit", true, "the library never ends the program"},
    {"_Exit", true, "the library never ends the program"},
    {"quick_exit", true, "the library never ends the program"},
    {"abort", true, "the library never ends the program"},
    {"system_clock", false, "the library doesn't read the clock"},
    {"steady_clock", false, "the library doesn't read the clock"},
    {"high_resolution_clock", false, "the library doesn't read the clock"},
    {"clock_gettime", true, "the library doesn't read the clock"},
    {"gettimeofday", true, "the library doesn't read the clock"},
    {"std::time", true, "the library doesn't read the clock"},
    {"throw", false, "the library doesn't throw"},
};

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

struct Line {
    std::size_t number;
    std::string_view text;
};

std::vector<Line> lines_of(std::string_view text) {
    std::vector<Line> lines;
    std::size_t number = 1;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.push_back({number++, text.substr(0, end)});
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

struct Include {
    std::string path;
    bool angled = false;
};

// The include on a line of code, or an empty path.
Include include_on(std::string_view line) {
    const auto skip_spaces = [&line] {
        while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
    };
    skip_spaces();
    if (!line.starts_with('#')) return {};
    line.remove_prefix(1);
    skip_spaces();
    if (!line.starts_with("include")) return {};
    line.remove_prefix(std::string_view("include").size());
    skip_spaces();
    if (line.empty() || (line.front() != '"' && line.front() != '<')) return {};
    const bool angled = line.front() == '<';
    line.remove_prefix(1);
    return {std::string(line.substr(0, line.find(angled ? '>' : '"'))), angled};
}

std::string first_part(std::string_view path) {
    const std::size_t slash = path.find('/');
    return slash == std::string_view::npos ? std::string() : std::string(path.substr(0, slash));
}

bool is_public(const Include& include) { return include.path.starts_with("keywright/"); }

// Headers of C++ itself have neither a folder nor an extension.
bool is_standard(const Include& include) {
    return include.angled && include.path.find_first_of("/.") == std::string::npos;
}

bool is_pegtl(const Include& include) { return include.path.starts_with("tao/"); }

// What is wrong with an include, or nothing.
std::string wrong_include(std::string_view path, const Include& include) {
    if (path.starts_with("include/")) {
        if (is_public(include) || is_standard(include)) return {};
        return "a public header includes `" + include.path +
               "`; only public headers and the standard library may stand there";
    }
    if (path.starts_with("tools/")) {
        if (is_pegtl(include)) return "`" + include.path + "` is for the parser alone";
        if (!include.angled && layers().contains(first_part(include.path))) {
            return "a tool includes `" + include.path + "`; tools see include/ only";
        }
        return {};
    }
    const std::string layer = first_part(path.substr(std::string_view("lib/").size()));
    const auto row = layers().find(layer);
    if (row == layers().end()) return "`lib/" + layer + "` is not a layer; give it a place in the order";
    if (include.path == "iostream") return "`iostream` is for programs; the library prints nothing";
    if (is_public(include)) return {};
    if (include.angled) {
        if (include.path.starts_with("sodium") && layer != "base" && layer != "trust")
            return "`" + include.path + "` is for base/digest and trust alone";
        if (include.path.starts_with("simdjson") && layer != "input")
            return "`" + include.path + "` is for input alone";
        if (include.path.starts_with("z3") && layer != "smt") return "`" + include.path + "` is for smt alone";
        return {};
    }
    const std::string other = first_part(include.path);
    if (!layers().contains(other)) return "`" + include.path + "` doesn't begin with a layer's name";
    if (other == layer || row->second.contains(other)) return {};
    return layer + " includes `" + include.path + "`, but " + other + " is not below it";
}

// The first use of a forbidden word on a line of code, or null.
const Forbidden* forbidden_on(std::string_view line) {
    for (const Forbidden& forbidden : kForbidden) {
        for (std::size_t at = line.find(forbidden.word); at != std::string_view::npos;
             at = line.find(forbidden.word, at + 1)) {
            std::size_t end = at + forbidden.word.size();
            if ((at > 0 && is_word(line[at - 1])) || (end < line.size() && is_word(line[end]))) continue;
            if (forbidden.called) {
                while (end < line.size() && line[end] == ' ') ++end;
                if (end == line.size() || line[end] != '(') continue;
            }
            return &forbidden;
        }
    }
    return nullptr;
}

}  // namespace

std::string code_only(std::string_view text) {
    std::string code(text);
    const auto blank = [&code](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            if (code[i] != '\n') code[i] = ' ';
        }
    };
    std::size_t i = 0;
    while (i < text.size()) {
        const std::string_view rest = text.substr(i);
        if (rest.starts_with("//")) {
            const std::size_t end = std::min(text.find('\n', i), text.size());
            blank(i, end);
            i = end;
        } else if (rest.starts_with("/*")) {
            const std::size_t close = text.find("*/", i + 2);
            const std::size_t end = close == std::string_view::npos ? text.size() : close + 2;
            blank(i, end);
            i = end;
        } else if (rest.starts_with("R\"") && (i == 0 || !is_word(text[i - 1]))) {
            const std::size_t open = std::min(text.find('(', i), text.size() - 1);
            const std::string closing = ")" + std::string(text.substr(i + 2, open - i - 2)) + "\"";
            const std::size_t close = text.find(closing, open);
            const std::size_t end = close == std::string_view::npos ? text.size() : close + closing.size();
            blank(i, end);
            i = end;
        } else if (rest.front() == '"' || (rest.front() == '\'' && (i == 0 || !is_word(text[i - 1])))) {
            // A quote behind a digit separates digits. The path of an include stays.
            const std::size_t line_begin = text.rfind('\n', i) == std::string_view::npos ? 0 : text.rfind('\n', i) + 1;
            const bool path = !include_on(text.substr(line_begin, text.find('\n', i) - line_begin)).path.empty();
            std::size_t end = i + 1;
            while (end < text.size() && text[end] != rest.front() && text[end] != '\n')
                end += text[end] == '\\' ? 2 : 1;
            end = std::min(end, text.size());
            if (!path) blank(i + 1, end);
            i = end + 1;
        } else {
            ++i;
        }
    }
    return code;
}

std::vector<std::string> check_sources(const Sources& sources) {
    std::vector<std::string> findings;
    const auto report = [&findings](const std::string& path, std::size_t line, const std::string& what) {
        findings.push_back(path + ":" + std::to_string(line) + ": " + what);
    };
    std::map<std::string, std::vector<std::string>> includes;  // of each file of the library
    for (const auto& [path, text] : sources) {
        const std::string code = code_only(text);
        for (const Line& line : lines_of(code)) {
            const Include include = include_on(line.text);
            if (!include.path.empty()) {
                const std::string wrong = wrong_include(path, include);
                if (!wrong.empty()) report(path, line.number, wrong);
                if (path.starts_with("lib/"))
                    includes[path].push_back(is_pegtl(include) ? "tao/" : "lib/" + include.path);
            } else if (path.starts_with("lib/")) {
                if (const Forbidden* forbidden = forbidden_on(line.text)) {
                    report(path, line.number,
                           "`" + std::string(forbidden->word) + "`: " + std::string(forbidden->reason));
                }
            }
        }
    }

    // PEGTL is slow to compile, so one source file alone may reach it, through headers too.
    Words reaches = {"tao/"};
    for (std::size_t before = 0; before != reaches.size();) {
        before = reaches.size();
        for (const auto& [path, included] : includes) {
            if (std::any_of(included.begin(), included.end(),
                            [&](const std::string& i) { return reaches.contains(i); })) {
                reaches.insert(path);
            }
        }
    }
    std::erase_if(reaches, [](const std::string& path) { return !path.ends_with(".cpp"); });
    if (reaches.size() > 1) {
        for (const std::string& path : reaches)
            report(path, 1, "more than one source file reaches PEGTL, and this is one");
    }
    return findings;
}

Sources read_sources(const std::string& root) {
    namespace fs = std::filesystem;
    Sources sources;
    for (const char* folder : {"include", "lib", "tools"}) {
        for (const fs::directory_entry& entry : fs::recursive_directory_iterator(fs::path(root) / folder)) {
            const std::string extension = entry.path().extension().string();
            if (extension != ".h" && extension != ".cpp" && extension != ".def") continue;
            std::ifstream file(entry.path(), std::ios::binary);
            sources.emplace(fs::relative(entry.path(), root).generic_string(),
                            std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()));
        }
    }
    return sources;
}

}  // namespace keywright::layering

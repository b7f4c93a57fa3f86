#include "support/compiling.h"

#include "diag/diag.h"
#include "engine/disk.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace keywright::test {

namespace fs = std::filesystem;

FileSource::Result Files::read(const std::string& path, std::size_t limit) const {
    const auto found = texts.find(path);
    if (found == texts.end()) return {{}, "no such file"};
    return {found->second.substr(0, limit + 1), {}};
}

std::unique_ptr<Checked> check_text(std::string_view text, const Limits& limits) {
    auto out = std::make_unique<Checked>();
    diag::Sink sink{limits.diagnostics};
    const Files files{{"rules.kw", std::string{text}}};
    check::load(files, "rules.kw", {}, {}, {}, limits, sink, out->loaded);
    out->module = check::check(out->loaded, {}, limits, sink);
    out->diagnostics = sink.finish(out->loaded.sources);
    out->refused = sink.has_errors();
    return out;
}

std::unique_ptr<Checked> check_folder(const std::string& folder) {
    auto out = std::make_unique<Checked>();
    const Limits limits;
    diag::Sink sink{limits.diagnostics};
    const engine::DiskFiles files{(fs::path{KEYWRIGHT_SOURCE_DIR} / folder).string()};
    check::load(files, "pack.kw", {}, {}, {}, limits, sink, out->loaded);
    out->module = check::check(out->loaded, {}, limits, sink);
    out->diagnostics = sink.finish(out->loaded.sources);
    out->refused = sink.has_errors();
    return out;
}

std::string pack_text(std::string_view fields, std::string_view items) {
    std::string out = "edition 1\npack test { version \"1\" title \"t\" }\nschema key {\n";
    out.append(fields).append("\n}\n").append(items).append("\n");
    return out;
}

std::string codes(const std::vector<Diagnostic>& diagnostics) {
    std::string out;
    for (const Diagnostic& d : diagnostics) out += (out.empty() ? "" : " ") + d.code;
    return out.empty() ? "fine" : out;
}

std::string codes_of(std::string_view text) { return codes(compile_text(text).diagnostics); }

std::string describe(const std::vector<Diagnostic>& diagnostics) {
    const auto place = [](const SourceRange& range) {
        return std::to_string(range.line) + ":" + std::to_string(range.column + 1);
    };
    std::string out;
    for (const Diagnostic& d : diagnostics) {
        out += d.code + " " + std::string{to_string(d.severity)};
        if (!d.labels.empty()) out += " " + place(d.labels[0].range);
        out += " " + d.message;
        if (!d.labels.empty() && !d.labels[0].text.empty()) out += " | " + d.labels[0].text;
        out += "\n";
        for (std::size_t i = 1; i < d.labels.size(); ++i) {
            out += "    note " + place(d.labels[i].range) + " " + d.labels[i].text + "\n";
        }
        if (!d.help.empty()) out += "    help " + d.help + "\n";
        if (d.fix) {
            out += "    fix " + place(d.fix->range) + "-" + std::to_string(d.fix->range.end_column + 1) + " `" +
                   d.fix->replacement + "`\n";
        }
    }
    return out;
}

std::string project_file(const std::string& path) {
    std::ifstream in{fs::path{KEYWRIGHT_SOURCE_DIR} / path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

std::vector<std::string> rule_files(const std::string& folder) {
    std::vector<std::string> out;
    const fs::path root{KEYWRIGHT_SOURCE_DIR};
    for (const auto& entry : fs::recursive_directory_iterator{root / folder}) {
        if (entry.path().extension() == ".kw") out.push_back(fs::relative(entry.path(), root).generic_string());
    }
    std::sort(out.begin(), out.end());
    return out;
}

const Rules& kucoin() {
    static const Rules rules = [] {
        const Compiled compiled = compile_path(KEYWRIGHT_SOURCE_DIR "/rules/kucoin_tr");
        return compiled.rules.value();
    }();
    return rules;
}

std::string all_texts(const RecordReport& r) {
    std::string out = r.subject + "\n" + r.source + "\n";
    const auto add = [&out](const std::string& text) { out.append(text).append("\n"); };
    for (const Violation& v : r.violations) {
        add(v.rule);
        add(v.message);
        add(v.help);
        for (const CitedClause& c : v.cites) add(c.document + c.clause + c.text);
        for (const std::string& field : v.fields) add(field);
        for (const Fact& fact : v.because) add(fact.field + " " + fact.fact);
    }
    for (const Undetermined& u : r.undetermined) {
        add(u.rule);
        for (const std::string& field : u.needs) add(field);
    }
    for (const Exempted& e : r.exempt) add(e.rule + " " + e.by);
    for (const RecordError& e : r.errors) {
        add(e.code);
        add(e.at);
        add(e.message);
        add(e.help);
    }
    return out;
}

std::string all_texts(const Report& report) {
    std::string out;
    for (const RecordReport& r : report.results) out += all_texts(r);
    return out;
}

}  // namespace keywright::test

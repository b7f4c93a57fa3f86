// Rule text in tests: files in memory, what the checker makes of a text, and diagnostics on one line.
#pragma once

#include "check/check.h"
#include "keywright/rules.h"
#include "value/record.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace keywright::test {

// Files that exist in memory alone.
class Files final : public FileSource {
public:
    Files() = default;
    Files(std::initializer_list<std::pair<const std::string, std::string>> files) : texts(files) {}
    explicit Files(std::map<std::string, std::string> files) : texts(std::move(files)) {}
    [[nodiscard]] Result read(const std::string& path, std::size_t limit) const override;

    std::map<std::string, std::string> texts;  // by path
};

// A text that went through the checker, with what hangs together with its module.
struct Checked {
    check::Loaded loaded;
    ir::Module module;
    std::vector<Diagnostic> diagnostics;
    bool refused = false;
};
[[nodiscard]] std::unique_ptr<Checked> check_text(std::string_view text, const Limits& limits = {});
// The same of a pack in a folder of the project.
[[nodiscard]] std::unique_ptr<Checked> check_folder(const std::string& folder);

// `edition 1`, a pack and `schema key { … }`, then `items`.
[[nodiscard]] std::string pack_text(std::string_view fields, std::string_view items);

// `KW2001 KW3001`: the codes in the order of the diagnostics, or `fine`.
[[nodiscard]] std::string codes(const std::vector<Diagnostic>& diagnostics);
[[nodiscard]] std::string codes_of(std::string_view text);
// One line a diagnostic, with places counted from 1, and lines for what belongs to it.
[[nodiscard]] std::string describe(const std::vector<Diagnostic>& diagnostics);

// --- the project's own files -----------------------------------------------------------------------------------------
// A file of the project by its path below the project's folder; an unreadable one is empty.
[[nodiscard]] std::string project_file(const std::string& path);
// Paths of all rule files in a folder of the project and below, sorted.
[[nodiscard]] std::vector<std::string> rule_files(const std::string& folder);
// The KuCoin pack.
[[nodiscard]] const Rules& kucoin();

[[nodiscard]] inline Instant at(std::string_view text) { return parse_instant(text).value_or(Instant{}); }

// All texts of a report, to search through.
[[nodiscard]] std::string all_texts(const Report& report);
[[nodiscard]] std::string all_texts(const RecordReport& report);

}  // namespace keywright::test

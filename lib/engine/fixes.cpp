// Applying the fixes of findings.
#include "keywright/lint.h"

#include "engine/state.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace keywright {

namespace {

using Texts = std::map<std::string, std::string>;

class TextFiles final : public FileSource {
public:
    explicit TextFiles(const Texts& texts) : texts_(texts) {}
    [[nodiscard]] Result read(const std::string& path, std::size_t limit) const override {
        const auto found = texts_.find(path);
        if (found == texts_.end()) return {{}, "no such file"};
        return {found->second.substr(0, limit + 1), {}};
    }

private:
    const Texts& texts_;
};

// What replaces fixed texts, the last place first so that the others stay where they are. A text that was laid out
// canonically stays so.
std::string edited(const std::string& text, const std::vector<const Fix*>& fixes) {
    std::string out = text;
    for (auto fix = fixes.rbegin(); fix != fixes.rend(); ++fix) {
        out.replace((*fix)->range.begin, (*fix)->range.end - (*fix)->range.begin, (*fix)->replacement);
    }
    if (format(text).text == text) {
        if (const Formatted formatted = format(out); formatted.text) return *formatted.text;
    }
    return out;
}

class Fixer {
public:
    explicit Fixer(const Rules::State& state) {
        for (std::size_t i = 0; i < state.sources.size(); ++i) {
            const base::Source& source = state.sources.file(base::FileId{i});
            if (i >= state.pack_files + state.waiver_files) break;  // behind them come values, not files
            texts_.emplace(source.path(), source.text());
            (i < state.pack_files ? paths_ : waivers_).push_back(source.path());
        }
        for (const Compiled::File& file : state.other_files) texts_.emplace(file.path, file.text);
    }

    FixedFiles run(std::vector<const Fix*> fixes) {
        std::sort(fixes.begin(), fixes.end(), [](const Fix* a, const Fix* b) {
            return std::tie(a->range.file, a->range.begin, a->range.end) <
                   std::tie(b->range.file, b->range.begin, b->range.end);
        });
        FixedFiles out;
        std::vector<const Fix*> chosen;
        for (const Fix* fix : fixes) {
            if (!texts_.contains(fix->range.file) || fix->range.end > texts_.at(fix->range.file).size()) continue;
            const bool overlaps = !chosen.empty() && chosen.back()->range.file == fix->range.file &&
                                  fix->range.begin < chosen.back()->range.end;
            if (overlaps) {
                ++out.left;
            } else {
                chosen.push_back(fix);
            }
        }
        if (!compiles(chosen)) {
            // One of them spoils it; the others are good by themselves.
            std::vector<const Fix*> good;
            for (const Fix* fix : chosen) {
                good.push_back(fix);
                if (compiles(good)) continue;
                good.pop_back();
                ++out.left;
            }
            chosen = std::move(good);
        }
        out.applied = chosen.size();
        for (auto& [path, text] : with(chosen)) {
            if (text != texts_.at(path)) out.files.push_back({path, std::move(text)});
        }
        return out;
    }

private:
    [[nodiscard]] Texts with(const std::vector<const Fix*>& fixes) const {
        Texts out = texts_;
        std::map<std::string, std::vector<const Fix*>> by_file;
        for (const Fix* fix : fixes) by_file[fix->range.file].push_back(fix);
        for (const auto& [path, of_file] : by_file) out[path] = edited(texts_.at(path), of_file);
        return out;
    }
    [[nodiscard]] bool compiles(const std::vector<const Fix*>& fixes) const {
        const Texts texts = with(fixes);
        CompileOptions options;
        options.also = paths_;
        options.waivers = waivers_;
        return compile(TextFiles{texts}, paths_.front(), options).rules.has_value();
    }

    Texts texts_;
    std::vector<std::string> paths_;    // of the pack's files, the entry first
    std::vector<std::string> waivers_;  // of those with waivers
};

}  // namespace

FixedFiles apply_fixes(const Compiled& compiled, const LintReport& report) {
    if (!compiled.rules) return {};
    std::vector<const Fix*> fixes;
    for (const LintFinding& finding : report.findings) {
        if (finding.counts() && finding.diagnostic.fix) fixes.push_back(&*finding.diagnostic.fix);
    }
    if (fixes.empty()) return {};
    return Fixer{compiled.rules->state()}.run(std::move(fixes));
}

}  // namespace keywright

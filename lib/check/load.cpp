#include "check/load.h"

#include "base/path.h"
#include "base/text.h"
#include "check/literals.h"
#include "syntax/parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>

namespace keywright::check {

namespace {

using syntax::Cursor;
using syntax::Kind;

class Loader {
public:
    Loader(const FileSource& files, const Limits& limits, diag::Sink& sink, Loaded& out)
        : files_(files), limits_(limits), sink_(sink), out_(out) {}

    // False: it can't be read.
    bool begin_with(const std::string& path, bool is_entry) {
        if (done_.contains(path)) return true;
        const FileSource::Result read = files_.read(path, limits_.rule_file_bytes);
        if (!read.text) {
            out_.unreadable = read.error;
            out_.unreadable_path = path;
            return false;
        }
        follow(path, *read.text, false, is_entry);
        return true;
    }

    // A file that can name no other. It is read again where the pack holds it too, so that it is told what it is not.
    bool add_waivers(const std::string& path) {
        if (!waivers_.insert(path).second) return true;
        const FileSource::Result read = files_.read(path, limits_.rule_file_bytes);
        if (!read.text) {
            out_.unreadable = read.error;
            out_.unreadable_path = path;
            return false;
        }
        const base::FileId id = out_.sources.add(path, *read.text);
        LoadedFile file{syntax::parse(out_.sources, id, limits_, sink_)};
        file.waivers = true;
        out_.files.push_back(std::move(file));
        return true;
    }

private:
    // Depth is bounded by `rule_files`, as a file on the way is never entered again.
    void follow(const std::string& path, std::string text, bool extended, bool is_entry) {
        on_the_way_.insert(path);
        const base::FileId id = out_.sources.add(path, std::move(text));
        syntax::Tree tree = syntax::parse(out_.sources, id, limits_, sink_);
        struct Wanted {
            std::string path;
            bool extended;
            base::Span span;
        };
        std::vector<Wanted> wanted;
        for (const Cursor item : Cursor{tree, 0}) {
            if (item.kind() != Kind::kImport && item.kind() != Kind::kExtend) continue;
            const Cursor where = item.child(Kind::kText);
            const std::string to = string_literal(where, sink_);
            const auto target = path_from(out_, id, to);
            if (!target) {
                out_.incomplete = true;
                sink_
                    .report(diag::Code::kImportOutside, where.span(),
                            fmt::format("`{}` leads out of the rules root", base::printable(to)), "this path")
                    .help("imports are relative paths that stay inside the rules root");
                continue;
            }
            wanted.push_back({*target, extended || item.kind() == Kind::kExtend, where.span()});
        }
        for (const Wanted& w : wanted) want(w.path, w.extended, w.span);
        out_.files.push_back({std::move(tree), extended, is_entry});
        done_.emplace(path, out_.files.size() - 1);
        on_the_way_.erase(path);
    }

    void want(const std::string& path, bool extended, base::Span span) {
        if (on_the_way_.contains(path)) {
            sink_
                .report(diag::Code::kImportCycle, span,
                        fmt::format("`{}` imports this file in turn", base::printable(path)),
                        "this import closes a circle")
                .help("move what both need into a third file");
            return;
        }
        if (const auto known = done_.find(path); known != done_.end()) {
            if (!extended) out_.files[known->second].extended = false;
            return;
        }
        if (out_.files_before + out_.sources.size() >= limits_.rule_files) {
            out_.incomplete = true;
            report_too_many_files(sink_, span, limits_, out_.files_before > 0);
            return;
        }
        const FileSource::Result read = files_.read(path, limits_.rule_file_bytes);
        if (!read.text) {
            out_.incomplete = true;
            sink_.report(diag::Code::kImportUnreadable, span,
                         fmt::format("`{}` can't be read: {}", base::printable(path), read.error), "imported here");
            return;
        }
        follow(path, *read.text, extended, false);
    }

    const FileSource& files_;
    const Limits& limits_;
    diag::Sink& sink_;
    Loaded& out_;
    std::set<std::string> on_the_way_;
    std::map<std::string, std::size_t> done_;
    std::set<std::string> waivers_;
};

}  // namespace

void report_too_many_files(diag::Sink& sink, base::Span span, const Limits& limits, bool several) {
    sink.report(
            diag::Code::kTooManyFiles, span,
            fmt::format("{} more than {} files",
                        several ? "the pack and those it is compared with have" : "the pack has", limits.rule_files),
            "this one is too many")
        .help("the limit is `rule_files`");
}

std::optional<std::string> path_from(const Loaded& loaded, base::FileId file, std::string_view to) {
    return base::resolve_path(base::folder_of(loaded.sources.file(file).path()), to, loaded.root);
}

void load(const FileSource& files, const std::string& entry, const std::vector<std::string>& also,
          const std::vector<std::string>& waivers, const std::string& root, const Limits& limits, diag::Sink& sink,
          Loaded& out) {
    out.root = root;
    Loader loader{files, limits, sink, out};
    if (!loader.begin_with(entry, true)) return;
    out.of_entry = out.sources.size();
    // Nobody wrote an import that could be pointed at.
    const auto is_full = [&] {
        if (out.files_before + out.sources.size() < limits.rule_files) return false;
        out.incomplete = true;
        report_too_many_files(sink, {base::FileId{std::size_t{0}}, 0, 0}, limits, false);
        return true;
    };
    for (const std::string& path : also) {
        if (is_full() || !loader.begin_with(path, false)) return;
    }
    for (const std::string& path : waivers) {
        if (is_full() || !loader.add_waivers(path)) return;
    }
}

}  // namespace keywright::check

// KW7021: an import of which nothing is used.
//
// An import is used where the file that it stands in names something that the imported file declares or imports in
// turn. It is used as well where something is reached by it alone: a rule, test, proof, adapter, document, waiver or
// pack, which counts by being there; or a name that any file uses. And it is used by a file further out that names
// something which it reaches by this import alone. In the entry file an import that brings any of the things that count
// by being there lists the parts of the pack, also where another file imports them too.
//
// Names are compared as they are written, whatever they stand for, so that an import may pass as used that isn't; never
// the reverse.
#include "base/path.h"
#include "base/text.h"
#include "lint/checks.h"
#include "lint/removal.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace keywright::lint {

using syntax::Cursor;
using syntax::Kind;

namespace {

using Files = std::vector<bool>;  // by file

struct Import {
    std::size_t from = 0, to = 0;
    Cursor item;
    bool extends = false;
};

class Imports {
public:
    Imports(const Subject& subject, Findings& findings)
        : subject_(subject),
          findings_(findings),
          out_(subject.trees().size()),
          uses_(subject.trees().size()),
          acts_(subject.trees().size()),
          root_(subject.trees().size(), true) {
        std::map<std::string_view, std::size_t> by_path;
        for (std::size_t i = 0; i < subject.sources.size(); ++i) {
            by_path.emplace(subject.sources.file(base::FileId{i}).path(), i);
        }
        for (std::size_t i = 0; i < subject.trees().size(); ++i) read(i, by_path);
        if (!root_.empty()) root_.front() = true;
        gone_.resize(imports_.size());
    }

    void run() {
        for (const Import& import : imports_) {
            if (import.extends || !subject_.owns(import.item.span()) || is_used(import)) continue;
            // What two imports bring is lost when both go: the next is asked as if this one had.
            gone_[number_of(import)] = true;
            findings_
                .report(diag::Code::kUnusedImport, {"import", subject_.sources.file(base::FileId{import.to}).path()},
                        import.item.child(Kind::kText).span(),
                        fmt::format("nothing of `{}` is used here",
                                    base::printable(subject_.sources.file(base::FileId{import.to}).path())),
                        "imported in vain")
                .help("remove the import")
                .fix(whole_item(subject_, import.item), "");
        }
    }

private:
    void read(std::size_t file, const std::map<std::string_view, std::size_t>& by_path) {
        const syntax::Tree& tree = subject_.trees()[file];
        for (const Cursor item : Cursor{tree, 0}) {
            switch (item.kind()) {
                case Kind::kImport:
                case Kind::kExtend: {
                    const std::string_view quoted = item.token(Kind::kText);
                    const std::string_view to = quoted.size() < 2 ? quoted : quoted.substr(1, quoted.size() - 2);
                    // An escape, or a file that isn't there: the import is left alone.
                    const auto path =
                        base::resolve_path(base::folder_of(subject_.sources.file(tree.file()).path()), to, {});
                    const auto found = path ? by_path.find(*path) : by_path.end();
                    if (found == by_path.end()) break;
                    out_[file].push_back(imports_.size());
                    root_[found->second] = false;
                    imports_.push_back({file, found->second, item, item.kind() == Kind::kExtend});
                    break;
                }
                case Kind::kPack:
                case Kind::kDocument:
                case Kind::kRule:
                case Kind::kTest:
                case Kind::kProve:
                case Kind::kAdapter:
                case Kind::kWaiver:
                case Kind::kAllow: acts_[file] = true; break;
                default: break;
            }
        }
        declare(file, tree);
        for (const syntax::Element& e : tree.elements()) {
            if (e.kind == Kind::kName) uses_[file].insert(tree.text().substr(e.begin, e.end - e.begin));
        }
    }
    void declare(std::size_t file, const syntax::Tree& tree) {
        const std::vector<syntax::Element>& all = tree.elements();
        for (std::size_t i = 0; i < all.size(); ++i) {
            switch (all[i].kind) {
                case Kind::kDocument:
                case Kind::kSchema:
                case Kind::kField:
                case Kind::kParam:
                case Kind::kDefine:
                case Kind::kRule:
                case Kind::kSample:
                case Kind::kAdapter:
                case Kind::kWaiver:
                case Kind::kType:
                    for (const Cursor c : Cursor{tree, i}) {
                        if (c.kind() == Kind::kName) declared_[c.text()].insert(file);
                    }
                    break;
                default: break;
            }
        }
    }

    // Files reached from `start` by following imports, without the one numbered `without`.
    static constexpr std::size_t kNone = SIZE_MAX;
    void follow(std::size_t start, std::size_t without, Files& reached) const {
        if (reached[start]) return;
        std::vector<std::size_t> open{start};
        reached[start] = true;
        while (!open.empty()) {
            const std::size_t file = open.back();
            open.pop_back();
            for (const std::size_t import : out_[file]) {
                const std::size_t to = imports_[import].to;
                if (import == without || gone_[import] || reached[to]) continue;
                reached[to] = true;
                open.push_back(to);
            }
        }
    }
    // `file` names something that one of `of` declares.
    [[nodiscard]] bool names(std::size_t file, const Files& of) const {
        return std::any_of(uses_[file].begin(), uses_[file].end(), [&](std::string_view name) {
            const auto found = declared_.find(name);
            return found != declared_.end() &&
                   std::any_of(found->second.begin(), found->second.end(), [&](std::size_t f) { return of[f]; });
        });
    }

    [[nodiscard]] std::size_t number_of(const Import& import) const {
        return static_cast<std::size_t>(&import - imports_.data());
    }
    [[nodiscard]] bool is_used(const Import& import) const {
        const std::size_t number = number_of(import), count = out_.size();
        Files brought(count);
        follow(import.to, kNone, brought);
        if (names(import.from, brought)) return true;
        if (import.from == 0 && acts_within(brought)) return true;
        Files left(count);
        for (std::size_t i = 0; i < count; ++i) {
            if (root_[i]) follow(i, number, left);
        }
        Files lost(count);
        for (std::size_t i = 0; i < count; ++i) lost[i] = brought[i] && !left[i];
        if (acts_within(lost)) return true;
        for (std::size_t i = 0; i < count; ++i) {
            if (!lost[i] && names(i, lost)) return true;
            // Files further out that reach it only so.
            Files with(count), without(count);
            follow(i, kNone, with);
            if (!with[import.from]) continue;
            follow(i, number, without);
            Files only(count);
            for (std::size_t k = 0; k < count; ++k) only[k] = brought[k] && !without[k];
            if (!only[i] && names(i, only)) return true;
        }
        return false;
    }
    [[nodiscard]] bool acts_within(const Files& files) const {
        for (std::size_t i = 0; i < files.size(); ++i) {
            if (files[i] && acts_[i]) return true;
        }
        return false;
    }

    const Subject& subject_;
    Findings& findings_;
    std::vector<Import> imports_;
    std::vector<std::vector<std::size_t>> out_;  // by file, numbers of its imports
    std::vector<std::set<std::string_view>> uses_;
    std::map<std::string_view, std::set<std::size_t>> declared_;  // files that declare a name
    Files acts_;
    Files root_;              // nobody imports it
    std::vector<bool> gone_;  // by import: it has been found to be unused
};

}  // namespace

void unused_import(const Subject& subject, Findings& findings) { Imports{subject, findings}.run(); }

}  // namespace keywright::lint

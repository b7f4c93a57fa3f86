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

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace keywright::lint {

using syntax::Cursor;
using syntax::Kind;

namespace {

// A set of files.
class Files {
public:
    explicit Files(std::size_t count = 0) : words_((count + 63) / 64) {}
    void add(std::size_t file) { words_[file / 64] |= std::uint64_t{1} << (file % 64); }
    void add(const Files& others) {
        for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= others.words_[i];
    }
    void remove(const Files& others) {
        for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= ~others.words_[i];
    }
    [[nodiscard]] bool has(std::size_t file) const { return (words_[file / 64] >> (file % 64) & 1U) != 0; }
    [[nodiscard]] bool meets(const Files& others) const {
        for (std::size_t i = 0; i < words_.size(); ++i) {
            if ((words_[i] & others.words_[i]) != 0) return true;
        }
        return false;
    }
    friend bool operator==(const Files&, const Files&) = default;

private:
    std::vector<std::uint64_t> words_;
};

Files common(const Files& a, const Files& b) {
    Files out = a, beyond = a;
    beyond.remove(b);
    out.remove(beyond);
    return out;
}

struct Import {
    std::size_t from = 0, to = 0;
    Cursor item;
    bool extends = false;
    bool gone = false;  // it has been found to be unused
};

class Imports {
public:
    explicit Imports(const Subject& subject)
        : subject_(subject), count_(subject.trees().size()), out_(count_), root_(count_, true), acts_(count_) {
        std::map<std::string_view, std::size_t> by_path;
        for (std::size_t i = 0; i < subject.sources.size(); ++i) {
            by_path.emplace(subject.sources.file(base::FileId{i}).path(), i);
        }
        for (std::size_t i = 0; i < count_; ++i) read(i, by_path);
        if (count_ > 0) root_.front() = true;
        find_needs();
        find_order();
        reached_ = follow(kNone);
    }

    // Each asked as if those before it that are unused had gone: what two imports bring would be lost with both.
    void run(Findings& findings) {
        for (std::size_t i = 0; i < imports_.size(); ++i) {
            Import& import = imports_[i];
            if (import.extends || !subject_.owns(import.item.span()) || is_used(i)) continue;
            import.gone = true;
            const std::string& path = subject_.sources.file(base::FileId{import.to}).path();
            findings
                .report(diag::Code::kUnusedImport, {"import", path}, import.item.child(Kind::kText).span(),
                        fmt::format("nothing of `{}` is used here", base::printable(path)), "imported in vain")
                .help("remove the import")
                .fix(whole_item(subject_, import.item), "");
        }
    }

private:
    static constexpr std::size_t kNone = SIZE_MAX;

    void read(std::size_t file, const std::map<std::string_view, std::size_t>& by_path) {
        const syntax::Tree& tree = subject_.trees()[file];
        std::set<std::size_t> targets;
        for (const Cursor item : Cursor{tree, 0}) {
            switch (item.kind()) {
                case Kind::kImport:
                case Kind::kExtend: {
                    const std::string_view quoted = item.token(Kind::kText);
                    const std::string_view to = quoted.size() < 2 ? quoted : quoted.substr(1, quoted.size() - 2);
                    const auto path =
                        base::resolve_path(base::folder_of(subject_.sources.file(tree.file()).path()), to, {});
                    const auto found = path ? by_path.find(*path) : by_path.end();
                    // Spelled with an escape, or for the second time: left alone.
                    if (found == by_path.end() || !targets.insert(found->second).second) break;
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
                case Kind::kAllow: acts_.add(file); break;
                default: break;
            }
        }
    }
    // By file, the files that declare a name which it has in its text.
    void find_needs() {
        std::map<std::string_view, Files> declared;
        for (std::size_t file = 0; file < count_; ++file) {
            const syntax::Tree& tree = subject_.trees()[file];
            for (std::size_t i = 0; i < tree.elements().size(); ++i) {
                switch (tree.elements()[i].kind) {
                    case Kind::kDocument:
                    case Kind::kSchema:
                    case Kind::kField:
                    case Kind::kType:
                    case Kind::kParam:
                    case Kind::kDefine:
                    case Kind::kRule:
                    case Kind::kSample:
                    case Kind::kAdapter:
                    case Kind::kWaiver:
                        for (const Cursor c : Cursor{tree, i}) {
                            if (c.kind() == Kind::kName) declared.try_emplace(c.text(), count_).first->second.add(file);
                        }
                        break;
                    default: break;
                }
            }
        }
        for (const syntax::Tree& tree : subject_.trees()) {
            Files& needs = needs_.emplace_back(count_);
            for (const syntax::Element& e : tree.elements()) {
                if (e.kind != Kind::kName) continue;
                const auto found = declared.find(tree.text().substr(e.begin, e.end - e.begin));
                if (found != declared.end()) needs.add(found->second);
            }
        }
    }
    // What is imported before what imports it.
    void find_order() {
        std::vector<bool> seen(count_);
        for (std::size_t start = 0; start < count_; ++start) {
            if (seen[start]) continue;
            seen[start] = true;
            std::vector<std::pair<std::size_t, std::size_t>> open{{start, 0}};  // files, and imports looked at
            while (!open.empty()) {
                auto& [file, next] = open.back();
                if (next == out_[file].size()) {
                    order_.push_back(file);
                    open.pop_back();
                    continue;
                }
                const std::size_t to = imports_[out_[file][next++]].to;
                if (seen[to]) continue;
                seen[to] = true;
                open.emplace_back(to, 0);
            }
        }
    }

    // By file, what it reaches by imports, itself included; without the one numbered `without` and those that are gone.
    [[nodiscard]] std::vector<Files> follow(std::size_t without) const {
        std::vector<Files> out(count_, Files{count_});
        for (const std::size_t file : order_) out[file] = from(file, out, without);
        return out;
    }
    [[nodiscard]] Files from(std::size_t file, const std::vector<Files>& reached, std::size_t without) const {
        Files out{count_};
        out.add(file);
        for (const std::size_t import : out_[file]) {
            if (import != without && !imports_[import].gone) out.add(reached[imports_[import].to]);
        }
        return out;
    }

    [[nodiscard]] bool is_used(std::size_t number) {
        const Import& import = imports_[number];
        const Files& brought = reached_[import.to];
        if (needs_[import.from].meets(brought)) return true;
        if (import.from == 0 && acts_.meets(brought)) return true;
        // Other imports of the file bring all of it.
        if (from(import.from, reached_, number) == reached_[import.from]) return false;
        std::vector<Files> left = follow(number);
        Files lost = brought;  // to everybody
        for (std::size_t i = 0; i < count_; ++i) {
            if (root_[i]) lost.remove(left[i]);
        }
        if (acts_.meets(lost)) return true;
        for (std::size_t i = 0; i < count_; ++i) {
            if (!lost.has(i) && needs_[i].meets(lost)) return true;
            if (!reached_[i].has(import.from)) continue;
            Files only = common(brought, reached_[i]);  // what a file further out reaches only so
            only.remove(left[i]);
            if (needs_[i].meets(only)) return true;
        }
        reached_ = std::move(left);
        return false;
    }

    const Subject& subject_;
    const std::size_t count_;
    std::vector<Import> imports_;
    std::vector<std::vector<std::size_t>> out_;  // by file, numbers of its imports
    std::vector<bool> root_;                     // nobody imports it
    Files acts_;                                 // files with something that counts by being there
    std::vector<Files> needs_, reached_;
    std::vector<std::size_t> order_;
};

}  // namespace

void unused_import(const Subject& subject, Findings& findings) { Imports{subject}.run(findings); }

}  // namespace keywright::lint

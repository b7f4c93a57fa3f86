#include "lint/subject.h"

#include "diag/diag.h"
#include "keywright/limits.h"
#include "syntax/parse.h"

#include <algorithm>
#include <utility>

namespace keywright::lint {

Subject::Subject(const base::SourceSet& files, const ir::Module& checked, const eval::Program& compiled,
                 const analysis::Dependencies& reads, const std::vector<bool>& extended, std::optional<Instant> instant,
                 analysis::Solvers with, const logic::Budget& within, RecordText text, const ir::Module& with_waivers)
    : sources(files),
      module(checked),
      program(compiled),
      dependencies(reads),
      now(instant),
      solvers(with),
      budget(within),
      record_text(text),
      waived(with_waivers),
      extended_(extended) {
    // The texts have been compiled, so whatever limits were in force then, they were kept.
    Limits limits;
    limits.rule_file_bytes = SIZE_MAX;
    for (std::size_t i = 0; i < sources.size(); ++i) {
        diag::Sink sink{1};
        trees_.push_back(syntax::parse(sources, base::FileId{i}, limits, sink));
    }
}

bool Subject::owns(base::FileId file) const {
    if (!file.valid() || file.index() >= sources.size()) return false;
    if (file.index() < extended_.size() && extended_[file.index()]) return false;
    return !sources.file(file).path().starts_with("--set ");
}

syntax::Cursor Subject::item_at(base::Span name) const {
    if (!name.valid() || name.file.index() >= trees_.size()) return {};
    const syntax::Tree& tree = trees_[name.file.index()];
    // Preorder: of the nodes that begin at the name or before it and hold it, the innermost comes last.
    const std::vector<syntax::Element>& all = tree.elements();
    const auto behind =
        std::upper_bound(all.begin() + 1, all.end(), name.begin,
                         [](std::uint32_t at, const syntax::Element& element) { return at < element.begin; });
    for (auto i = static_cast<std::size_t>(behind - all.begin()); i-- > 1;) {
        if (all[i].end < name.end) continue;
        using enum syntax::Kind;
        switch (all[i].kind) {
            case kPack:
            case kDocument:
            case kClause:
            case kSchema:
            case kField:
            case kParam:
            case kDefine:
            case kRule:
            case kSample:
            case kTest:
            case kProve:
            case kAdapter:
            case kWaiver:
            case kAllow:
            case kImport:
            case kExtend: return {tree, i};
            default: break;
        }
    }
    return {};
}

const analysis::Defects& Subject::defects() const {
    if (!defects_) defects_ = analysis::find_defects(module, solvers, budget);
    return *defects_;
}

const analysis::Suite& Subject::suite() const {
    if (!suite_) suite_.emplace(module);
    return *suite_;
}

const std::vector<std::vector<eval::RuleDecision>>& Subject::decisions() const {
    if (decisions_) return *decisions_;
    decisions_.emplace();
    auto scratch = program.make_scratch();
    for (const analysis::Case& one : suite().cases) {
        std::vector<eval::RuleDecision>& out = decisions_->emplace_back();
        if (!one.errors.empty()) continue;
        out.resize(module.rules.size());
        program.decide(suite().records[one.record], one.expected->at, scratch, out);
    }
    return *decisions_;
}

}  // namespace keywright::lint

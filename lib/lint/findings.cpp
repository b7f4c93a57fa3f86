#include "lint/findings.h"

namespace keywright::lint {

Findings::Builder Findings::report(diag::Code code, About about, base::Span span, std::string message,
                                   std::string label) {
    if (!subject_.owns(span)) return Builder{nullptr};
    Found& found = found_.emplace_back();
    found.code = code;
    found.kind = about.kind;
    found.name = std::move(about.name);
    found.message = std::move(message);
    found.notes.push_back({span, std::move(label)});
    found.key = subject_.sources.text(span);
    return Builder{&found};
}

}  // namespace keywright::lint

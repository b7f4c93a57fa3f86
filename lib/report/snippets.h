// Lines of source as people are shown them: numbered, with a part underlined and a few words to it.
#pragma once

#include "keywright/rules.h"
#include "report/page.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace keywright::report {

// The text of the file at `path`, or null.
[[nodiscard]] const std::string* text_of(const std::vector<Compiled::File>& files, const std::string& path);

// What a fix does: `replace `a` with `b``.
[[nodiscard]] std::string words_of(const Fix& fix, const std::vector<Compiled::File>& files);

class Snippets {
public:
    // `gutter`: columns of the widest line number.
    Snippets(Page& page, const std::vector<Compiled::File>& files, std::size_t gutter)
        : page_(page), files_(files), gutter_(gutter) {}

    // Shows the line that the label is about, but for one that was shown just before; the primary label is underlined
    // with `^` and the others with `-`. `label` outlives the next call.
    void show(const Label& label, bool primary, Ink ink);

    // The bar that the lines stand behind.
    Page& bar(std::string_view number);

private:
    void words(const Label& label, Ink ink);

    Page& page_;
    const std::vector<Compiled::File>& files_;
    std::size_t gutter_;
    const SourceRange* shown_ = nullptr;
};

}  // namespace keywright::report

#include "diag/pages.h"

#include "keywright/diagnostic.h"

namespace keywright {

std::optional<std::string> explain(std::string_view code) {
    const std::string_view pages = diag::pages();
    const std::string heading = "\n## " + std::string{code} + " ";
    const std::size_t found = pages.find(heading);
    if (code.empty() || found == std::string_view::npos) return {};
    const std::size_t begin = found + 1;
    std::size_t end = pages.find("\n## ", begin);
    if (end == std::string_view::npos) end = pages.size();
    std::string page{pages.substr(begin + 1, end - begin - 1)};  // `# CODE title`: the page stands on its own
    while (page.ends_with('\n')) page.pop_back();
    return page + "\n";
}

}  // namespace keywright

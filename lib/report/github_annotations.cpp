// What GitHub shows of the annotations that one step writes.
#include "keywright/render_reports.h"
#include "report/page.h"

#include <algorithm>

namespace keywright {

namespace {

constexpr std::array<std::string_view, 3> kCommands = {"::error ", "::warning ", "::notice "};

}  // namespace

void GithubAnnotations::add(std::string_view commands) {
    while (!commands.empty()) {
        const std::size_t end = std::min(commands.find('\n'), commands.size() - 1) + 1;
        const std::string_view command = commands.substr(0, end);
        commands.remove_prefix(end);
        for (std::size_t i = 0; i < kCommands.size(); ++i) {
            if (!command.starts_with(kCommands[i])) continue;
            Level& level = levels_[i];
            if (level.kept.size() < kGithubAnnotations) level.kept.emplace_back(command);
            ++level.count;
        }
    }
}

std::string GithubAnnotations::text() const {
    const auto left_out = [](const Level& level, std::size_t shown) { return level.count - shown; };
    const auto& [errors, warnings, notices] = levels_;
    const bool all = std::ranges::all_of(levels_, [](const Level& level) { return level.count == level.kept.size(); });
    // The closing notice is one of the notices that GitHub shows.
    const std::size_t room = all ? kGithubAnnotations : kGithubAnnotations - 1;
    const std::size_t shown_notices = std::min(notices.kept.size(), room);
    std::string out;
    for (const std::string& command : errors.kept) out += command;
    for (const std::string& command : warnings.kept) out += command;
    for (std::size_t i = 0; i < shown_notices; ++i) out += notices.kept[i];
    if (all) return out;
    std::string more;
    const auto tell = [&](std::size_t count, std::string_view one, std::string_view many) {
        if (count > 0) more += (more.empty() ? "" : ", ") + report::counted(count, one, many);
    };
    tell(left_out(errors, errors.kept.size()), "error", "errors");
    tell(left_out(warnings, warnings.kept.size()), "warning", "warnings");
    tell(left_out(notices, shown_notices), "notice", "notices");
    return out + "::notice title=keywright::left out here: " + more + "; GitHub shows " +
           std::to_string(kGithubAnnotations) + " of each a step, other formats show all\n";
}

}  // namespace keywright

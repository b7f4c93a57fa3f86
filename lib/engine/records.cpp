#include "engine/records.h"

#include "base/text.h"
#include "diag/diag.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

namespace keywright::engine {

void each_record(const Rules::State& state, std::string_view json, const CheckOptions& options,
                 const std::function<void(input::ReadRecord&, RecordReport&)>& sink) {
    const ir::Module& module = state.module;
    input::ReadOptions reading;
    reading.now = options.now;
    reading.limits = options.limits;
    if (!options.adapter.empty()) {
        const auto found = std::find_if(module.adapters.begin(), module.adapters.end(),
                                        [&](const ir::Adapter& a) { return a.name == options.adapter; });
        if (found == module.adapters.end()) {
            RecordError error{diag::text(diag::Code::kUnknownAdapter), "",
                              fmt::format("the pack has no adapter `{}`", base::printable(options.adapter)), ""};
            std::vector<std::string> names;
            for (const ir::Adapter& adapter : module.adapters) names.push_back(adapter.name);
            if (const std::string near = base::closest(options.adapter, names); !near.empty())
                error.help = fmt::format("did you mean `{}`?", near);
            else if (!names.empty())
                error.help = fmt::format("there are `{}`", fmt::join(names, "`, `"));
            RecordReport report;
            report.errors.push_back(std::move(error));
            report.source = options.source;
            input::ReadRecord nothing;
            sink(nothing, report);
            return;
        }
        reading.adapter = &*found;
    }
    const auto form = options.form == CheckOptions::Form::kAuto       ? input::DocumentForm::kAuto
                      : options.form == CheckOptions::Form::kDocument ? input::DocumentForm::kDocument
                                                                      : input::DocumentForm::kLines;
    std::size_t index = 0;
    const std::function<void(input::ReadRecord&)> hand_over = [&](input::ReadRecord& read) {
        RecordReport report;
        report.subject = read.subject;
        report.source = options.source;
        report.index = index++;
        report.line = read.line;
        report.errors = std::move(read.errors);
        sink(read, report);
    };
    if (!state.quick.each(json, form, reading, hand_over)) {
        input::read_records(module, json, form, reading, hand_over);
    }
}

}  // namespace keywright::engine

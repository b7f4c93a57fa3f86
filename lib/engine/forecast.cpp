// The public forecast: records in, what becomes of them out.
#include "keywright/forecast.h"

#include "analysis/forecast.h"
#include "engine/records.h"
#include "engine/state.h"
#include "value/time.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace keywright {

namespace {

std::optional<Instant> end_of(const ForecastOptions& options) {
    if (!options.within) return std::nullopt;
    const value::Nanos end = value::to_nanos(options.now) + value::to_nanos(*options.within);
    return value::to_instant(std::min(end, analysis::kEndOfTime));
}

}  // namespace

Forecast forecast(const Rules& rules, std::string_view json, const ForecastOptions& options,
                  const std::function<void(RecordForecast&&)>& sink) {
    const Rules::State& state = rules.state();
    analysis::Forecaster forecaster{state.explainer()};
    const std::optional<Instant> until = end_of(options);
    Forecast head;
    head.rules = rules.identity();
    head.waivers = rules.waivers();
    head.evaluated_at = options.now;
    head.until = until;
    engine::each_record(state, json, options, [&](input::ReadRecord& read, RecordReport& report) {
        RecordForecast out;
        out.subject = std::move(report.subject);
        out.source = std::move(report.source);
        out.index = report.index;
        out.errors = std::move(report.errors);
        if (out.errors.empty()) forecaster.fill(read.record, options.now, until, out);
        sink(std::move(out));
    });
    return head;
}

Forecast forecast(const Rules& rules, std::string_view json, const ForecastOptions& options) {
    std::vector<RecordForecast> results;
    Forecast out =
        forecast(rules, json, options, [&](RecordForecast&& record) { results.push_back(std::move(record)); });
    out.results = std::move(results);
    return out;
}

}  // namespace keywright

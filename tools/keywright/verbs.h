// The verbs, each in the file of its name. What ends one early is thrown as a `Failure`.
#pragma once

#include "arguments.h"
#include "status.h"

namespace keywright::command {

[[nodiscard]] Status run_check(const Arguments& arguments);
[[nodiscard]] Status run_audit(const Arguments& arguments);
[[nodiscard]] Status run_forecast(const Arguments& arguments);
[[nodiscard]] Status run_repair(const Arguments& arguments);
[[nodiscard]] Status run_guide(const Arguments& arguments);
[[nodiscard]] Status run_why(const Arguments& arguments);
[[nodiscard]] Status run_test(const Arguments& arguments);
[[nodiscard]] Status run_prove(const Arguments& arguments);
[[nodiscard]] Status run_lint(const Arguments& arguments);
[[nodiscard]] Status run_diff(const Arguments& arguments);
[[nodiscard]] Status run_trace(const Arguments& arguments);
[[nodiscard]] Status run_fmt(const Arguments& arguments);
[[nodiscard]] Status run_explain(const Arguments& arguments);
[[nodiscard]] Status run_schema(const Arguments& arguments);
[[nodiscard]] Status run_completion(const Arguments& arguments);
[[nodiscard]] Status run_version(const Arguments& arguments);
[[nodiscard]] Status run_embed(const Arguments& arguments);
[[nodiscard]] Status run_verify(const Arguments& arguments);
[[nodiscard]] Status run_sign(const Arguments& arguments);
[[nodiscard]] Status run_init(const Arguments& arguments);

}  // namespace keywright::command

// Every bound that Keywright puts on its input, with unit and default. A caller may raise or lower each one; a
// diagnostic that reports a bound names the member below.
#pragma once

#include <cstddef>

namespace keywright {

struct Limits {
    std::size_t rule_file_bytes = 1u << 20;            // bytes of one rule file
    std::size_t rule_files = 256;                      // files of one pack, imports included
    std::size_t rule_depth = 64;                       // nesting of expressions, records and quantifiers in a rule file
    std::size_t expression_depth = 512;                // nesting of one expression once its defines are put in
    std::size_t sample_fields = std::size_t{1} << 24;  // fields of all samples and tests of one pack together
    std::size_t test_cases = std::size_t{1} << 16;     // cases that one test makes: its records times its expectations
    std::size_t diagnostics = 1000;                    // diagnostics kept of one compilation; the rest are counted
    std::size_t record_bytes = 1u << 20;               // bytes of one record's JSON text
    std::size_t document_bytes = std::size_t{1} << 28;  // bytes of one JSON document (an array of records, an envelope)
    std::size_t source_bytes = std::size_t{1} << 24;    // bytes of the text of one document that rules come from
    std::size_t json_depth = 64;                        // nesting of JSON arrays and objects
    std::size_t set_elements = 4096;                    // elements of one set in a record
    std::size_t errors_per_record = 100;                // problems reported of one record; the rest are counted

    // What is walked on the stack has a ceiling that fits one thread's stack (8 MiB), also in a build with sanitizers.
    // A larger limit counts as the ceiling.
    static constexpr std::size_t max_rule_depth = 256;
    static constexpr std::size_t max_expression_depth = 4096;

    // These limits with the ceilings applied.
    constexpr Limits bounded() const {
        Limits out = *this;
        if (out.rule_depth > max_rule_depth) out.rule_depth = max_rule_depth;
        if (out.expression_depth > max_expression_depth) out.expression_depth = max_expression_depth;
        return out;
    }
};

}  // namespace keywright

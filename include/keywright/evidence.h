// What it takes to repeat a report: digests of all that was read, and the values in force.
//
//     report.evidence = keywright::evidence_of(rules, options);
//     report.evidence->inputs.push_back(keywright::input_evidence(text, options));   // for each text that was checked
//     keywright::to_json(report)                                                     // has the member `evidence`
//
// verify.h repeats a report from it. Evidence names no folder: whoever repeats a report chooses the rules, and looks
// for inputs by the names that they had. Digests are `sha256:` and 64 hexadecimal digits.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace keywright {

class Rules;
struct CheckOptions;

struct FileEvidence {
    std::string file;         // seen from the folder of the entry file: `rules.kw`, `../common/base.kw`
    std::string digest;       // of the bytes that were compiled
    std::uint64_t bytes = 0;  // how many these are
    friend bool operator==(const FileEvidence&, const FileEvidence&) = default;
};

// One text that was checked.
struct InputEvidence {
    enum class Form : std::uint8_t { kAuto, kDocument, kLines };
    std::string source;  // what the report calls it
    Form form = Form::kAuto;
    std::string digest;
    std::uint64_t bytes = 0;
    friend bool operator==(const InputEvidence&, const InputEvidence&) = default;
};

[[nodiscard]] std::string_view to_string(InputEvidence::Form form);  // `auto`, `document`, `lines`

struct ParameterEvidence {
    std::string name;
    std::string value;  // in the language's spelling, as `CompileOptions::params` takes it
    friend bool operator==(const ParameterEvidence&, const ParameterEvidence&) = default;
};

struct Evidence {
    std::string tool;                 // `keywright 1.2.3`
    std::vector<FileEvidence> rules;  // every rule file that has a part in deciding, by name
    std::string schema;               // digest of the JSON Schema of the record
    std::string parameters_digest;
    std::vector<ParameterEvidence> parameters;  // all of them, in order of declaration
    std::vector<FileEvidence> waivers = {};     // files with waivers, by name
    std::vector<InputEvidence> inputs = {};     // in the order in which they were checked
    std::string adapter;                        // empty: canonical form
    bool suggest = false;                       // repairs were looked for
    friend bool operator==(const Evidence&, const Evidence&) = default;
};

// All but the inputs. Linear in the rule files.
[[nodiscard]] Evidence evidence_of(const Rules& rules, const CheckOptions& options);
// Of one text, called `options.source` and read as `options.form` says. Linear in the text.
[[nodiscard]] InputEvidence input_evidence(std::string_view text, const CheckOptions& options);

}  // namespace keywright

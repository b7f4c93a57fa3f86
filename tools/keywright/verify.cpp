// `keywright verify`: does a report still hold?
#include "files.h"
#include "inputs.h"
#include "messages.h"
#include "pack.h"
#include "verbs.h"

#include "keywright/render_verification.h"
#include "keywright/verify.h"

#include <filesystem>
#include <limits>
#include <map>
#include <system_error>
#include <utility>

namespace keywright::command {

namespace {

namespace fs = std::filesystem;

// Where an input may be that a report calls by this name. A name is somebody else's choice, so below a folder that was
// given it leads nowhere else; without one it means what it meant to `check`.
[[nodiscard]] std::vector<std::string> places_of(const std::string& source, const std::string& folder) {
    if (folder.empty()) return {source};
    const fs::path name = fs::path{source}.lexically_normal().relative_path();
    fs::path below;
    for (const fs::path& step : name) {
        if (step != "..") below /= step;
    }
    std::vector<std::string> out{(fs::path{folder} / below).string()};
    if (const fs::path file = name.filename(); !file.empty() && file != below)
        out.push_back((fs::path{folder} / file).string());
    return out;
}

// The inputs that are there, each read once however often and by which of its names a report lists it.
class FoundInputs {
public:
    explicit FoundInputs(std::string folder) : folder_(std::move(folder)) {}

    // The text that the evidence is about, else the first that has its name, else nothing.
    [[nodiscard]] std::optional<std::string_view> find(const InputEvidence& evidence) {
        // `-` was standard input, which can't be read again.
        if (folder_.empty() && evidence.source == "-") return std::nullopt;
        // A NUL would cut the name short.
        if (evidence.source.find('\0') != std::string::npos) return std::nullopt;
        const bool lines = evidence.form == InputEvidence::Form::kLines;
        const std::size_t limit = lines ? std::numeric_limits<std::size_t>::max() - 1 : Limits{}.document_bytes;
        const Found* first = nullptr;
        for (const std::string& place : places_of(evidence.source, folder_)) {
            const Found* const found = read(place, limit);
            if (found == nullptr) continue;
            if (found->digest == evidence.digest) return found->input.text();
            if (first == nullptr) first = found;
        }
        return first == nullptr ? std::nullopt : std::optional{first->input.text()};
    }

private:
    struct Found {
        Input input;
        std::string digest;
    };

    [[nodiscard]] const Found* read(const std::string& place, std::size_t limit) {
        std::error_code error;
        const fs::path real = fs::canonical(place, error);
        const std::string name = error ? place : real.string();
        if (const auto known = found_.find(name); known != found_.end()) return &known->second;
        auto text = read_regular_file(name, limit);
        if (!text) return nullptr;
        Input input{place, std::move(*text)};
        std::string digest = input_evidence(input.text(), {}).digest;
        return &found_.emplace(name, Found{std::move(input), std::move(digest)}).first->second;
    }

    std::string folder_;
    std::map<std::string, Found> found_;
};

// Parameters of which nothing is said here keep the values that the report had, as it must have been told of them. What
// is said here counts, and where it is something else the report doesn't hold. Where rule files changed, a value may be
// another because of that, so nothing is taken from the report.
[[nodiscard]] Pack load_for(const ReportClaim& claim, const Settings& settings) {
    Pack pack = load_pack(settings);
    Settings as_then = settings;
    bool differs = false;
    std::map<std::string, std::string> now;
    const Evidence here_now = evidence_of(*pack.compiled.rules, {});
    if (here_now.rules != claim.evidence.rules) return pack;
    for (const ParameterEvidence& one : here_now.parameters) now[one.name] = one.value;
    for (const ParameterEvidence& one : claim.evidence.parameters) {
        const auto here = now.find(one.name);
        if (here == now.end() || here->second == one.value || settings.params.contains(one.name)) continue;
        as_then.params[one.name] = one.value;
        differs = true;
    }
    if (!differs) return pack;
    Pack again = compile_pack(rules_path(as_then), as_then, {}, Scope::kPack);
    // A value that the pack can't take any more: that it had another then is told by comparing.
    return again.compiled.rules ? std::move(again) : std::move(pack);
}

}  // namespace

Status run_verify(const Arguments& arguments) {
    const Settings settings = settle(arguments);
    if (settings.format == Format::kGithub)
        fail(Status::kUsage, "`keywright verify` has no format `github`", "there are pretty, compact and json");
    const std::string name = arguments.words.empty() ? "-" : arguments.words.front();
    if (!arguments.inputs.empty() && !is_folder(arguments.inputs))
        fail(Status::kFile, "`" + arguments.inputs + "` can't be read: no such folder");
    const std::string report = read_file(name, Limits{}.document_bytes);
    const ReadReport read = read_report(report);
    if (!read.report) {
        fail(Status::kUndetermined, "`" + name + "` is no report that could be repeated: " + read.error,
             "a report is what `keywright check --format json` writes");
    }
    const ReportClaim& claim = *read.report;
    const Pack pack = load_for(claim, settings);

    FoundInputs inputs{arguments.inputs};
    std::vector<std::optional<std::string_view>> texts;
    for (const InputEvidence& evidence : claim.evidence.inputs) texts.push_back(inputs.find(evidence));
    const Verification verification = verify(report, claim, *pack.compiled.rules, texts);

    Output out{settings.output};
    switch (settings.format) {
        case Format::kPretty: out.write(to_pretty(verification, claim, name, settings.style)); break;
        case Format::kCompact: out.write(to_compact(verification, name)); break;
        case Format::kJson:
        case Format::kNdjson: out.write(to_json(verification, claim, name)); break;
        case Format::kGithub: break;
    }
    out.finish();
    switch (verification.holds) {
        case Holds::kYes: return Status::kClean;
        case Holds::kNo: return Status::kFindings;
        case Holds::kUnknown: return Status::kUndetermined;
    }
    return Status::kFault;
}

}  // namespace keywright::command

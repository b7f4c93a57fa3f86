// `keywright diff`: what changed in meaning between two packs, or two revisions of one.
#include "files.h"
#include "inputs.h"
#include "messages.h"
#include "numbers.h"
#include "pack.h"
#include "revision.h"
#include "signing.h"
#include "verbs.h"

#include "keywright/render_analysis.h"
#include "keywright/text.h"

#include <filesystem>
#include <utility>

namespace keywright::command {

namespace {

// A pack to compare: a path, and the revision in which to look for it.
struct Side {
    std::string path, revision;  // an empty revision is the working tree
};

// `--set` and `--waivers` are about the new pack: compared with itself under them, a pack tells what they change.
[[nodiscard]] Rules compile_side(const Side& side, const Settings& settings, bool is_new) {
    Settings own = settings;
    // An older version is what there is to compare with; nothing is decided by it.
    if (!is_new || !side.revision.empty()) {
        own.known_versions = "none";
        own.at_least.clear();
    }
    if (!is_new) {
        own.params.clear();
        own.waivers.clear();
    }
    Pack pack;
    if (side.revision.empty()) {
        pack = compile_pack(side.path, own, {}, Scope::kPack);
    } else {
        const bool is_file = side.path.ends_with(".kw");
        const std::filesystem::path path{side.path};
        const std::string root =
            is_file ? (path.has_parent_path() ? path.parent_path().generic_string() : ".") : side.path;
        CompileOptions options;
        options.params = own.params;
        if (!own.waivers.empty())
            fail(Status::kUsage,
                 "waivers are files of today, so they don't go with a pack of revision `" + printable(side.revision) +
                     "`",
                 "compare with the working tree, or say `--no-waivers`");
        pack.compiled =
            compile(RevisionFiles{side.revision, root}, is_file ? path.filename().string() : "pack.kw", options);
        pack.root = root;
        if (!pack.compiled.unreadable.empty())
            fail(Status::kFile, "`" + side.path + "` can't be read: " + pack.compiled.unreadable.front());
        require_signature(pack.compiled, RevisionFiles{side.revision, root}, own);
    }
    DiagnosticsShown{settings}.show(pack);
    if (!pack.compiled.rules) fail(Status::kRuleErrors, "rule files have errors, so nothing was compared");
    return *pack.compiled.rules;
}

// `OLD NEW` are paths; `REV` is the pack in force then and now; `REV..REV` is it then and then.
[[nodiscard]] std::pair<Side, Side> sides_of(const Arguments& arguments, const Settings& settings) {
    const std::vector<std::string>& words = arguments.words;
    const auto exists = [](const std::string& path) { return is_file(path) || is_folder(path); };
    if (words.size() == 2) {
        std::pair<Side, Side> out;
        for (const std::size_t i : {std::size_t{0}, std::size_t{1}}) {
            Side& side = i == 0 ? out.first : out.second;
            if (exists(words[i])) {
                side.path = words[i];
            } else if (is_revision(words[i])) {
                side = {rules_path(settings), words[i]};
            } else {
                fail(Status::kFile, "`" + printable(words[i]) + "` is neither a file or folder nor a revision");
            }
        }
        return out;
    }
    if (words.size() != 1)
        fail(Status::kUsage, "two packs are compared", "name two paths, or one git revision: `keywright diff HEAD~1`");
    const std::string& range = words.front();
    if (const std::size_t dots = range.find(".."); dots != std::string::npos) {
        const std::string from = range.substr(0, dots), to = range.substr(dots + 2);
        for (const std::string& name : {from, to}) {
            if (!is_revision(name)) fail(Status::kFile, "`" + printable(name) + "` is no revision here");
        }
        return {{rules_path(settings), from}, {rules_path(settings), to}};
    }
    if (!is_revision(range))
        fail(Status::kFile, "`" + printable(range) + "` is no revision here", "to compare two paths, name both");
    return {{rules_path(settings), range}, {rules_path(settings), {}}};
}

enum class FailOn : std::uint8_t { kAny, kStricter, kLooser, kNever };

[[nodiscard]] FailOn fail_on_of(const std::optional<std::string>& word) {
    if (!word || *word == "any") return FailOn::kAny;
    if (*word == "stricter") return FailOn::kStricter;
    if (*word == "looser") return FailOn::kLooser;
    if (*word == "never") return FailOn::kNever;
    fail(Status::kUsage, "`--fail-on` of `diff` takes any, stricter, looser or never, not `" + printable(*word) + "`");
}

[[nodiscard]] bool fails(const Diff& diff, bool keys_affected, FailOn on) {
    const bool both = diff.direction == Direction::kBoth;
    switch (on) {
        case FailOn::kAny:
            return !diff.rules.empty() || diff.violation.any() || !diff.schema.empty() || !diff.declared.empty() ||
                   keys_affected;
        case FailOn::kStricter: return both || diff.direction == Direction::kStricter;
        case FailOn::kLooser: return both || diff.direction == Direction::kLooser;
        case FailOn::kNever: return false;
    }
    return false;
}

}  // namespace

Status run_diff(const Arguments& given) {
    Arguments arguments = given;
    const FailOn on = fail_on_of(std::exchange(arguments.fail_on, std::nullopt));
    const Settings settings = settle(arguments);
    const auto [before_side, after_side] = sides_of(arguments, settings);
    const Rules before = compile_side(before_side, settings, false);
    const Rules after = compile_side(after_side, settings, true);
    const Diff difference = diff(before, after, budget_of(arguments));

    InventoryDiff inventory;
    if (!arguments.inventory.empty()) {
        refuse_unknown_adapter(before, settings.input);
        refuse_unknown_adapter(after, settings.input);
        CheckOptions options;
        options.now = instant_of(settings);
        options.adapter = settings.input;
        for (Input& input : read_inputs({arguments.inventory})) {
            options.source = input.name();
            options.form = holds_lines(input.name()) ? CheckOptions::Form::kLines : CheckOptions::Form::kAuto;
            inventory = compare_inventory(before, after, input.text(), options);
            input.wipe();
        }
    }
    const bool has_inventory = !arguments.inventory.empty();
    Output out{settings.output};
    switch (settings.format) {
        case Format::kPretty:
            out.write(to_pretty(difference, settings.style));
            if (has_inventory) out.write(to_pretty(inventory, settings.style));
            break;
        case Format::kJson:
        case Format::kNdjson: out.write(to_json(difference, has_inventory ? &inventory : nullptr)); break;
        case Format::kCompact:
        case Format::kGithub:
            out.write(to_compact(difference));
            if (has_inventory) out.write(to_compact(inventory));
            break;
    }
    out.finish();
    if (fails(difference, !inventory.affected.empty(), on)) return Status::kFindings;
    return difference.complete && inventory.invalid == 0 ? Status::kClean : Status::kUndetermined;
}

}  // namespace keywright::command

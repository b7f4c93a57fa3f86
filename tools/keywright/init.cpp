// `keywright init`: writes a new pack.
#include "files.h"
#include "init_files.h"
#include "status.h"
#include "verbs.h"

#include "keywright/keywright.h"
#include "keywright/text.h"

#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace keywright::command {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kWorkflow = "workflow.yml";
constexpr std::string_view kPackName = "my_keys";  // in the files as they lie in the repository

// A name of the language from that of a folder: `Desk rules (2)` is `desk_rules_2`.
[[nodiscard]] std::string pack_name(const std::string& folder) {
    std::string out;
    for (const char c : folder) {
        const bool upper = c >= 'A' && c <= 'Z';
        const bool letter = (c >= 'a' && c <= 'z') || upper;
        const bool digit = c >= '0' && c <= '9';
        if (letter || (digit && !out.empty())) {
            out += upper ? static_cast<char>(c - 'A' + 'a') : c;
        } else if (!out.empty() && out.back() != '_') {
            out += '_';
        }
    }
    while (!out.empty() && out.back() == '_') out.pop_back();
    // A word of the language is no name, and `_pack` behind one makes it a name.
    const std::string text = "edition 1\n\npack " + out + " {\n    version \"1\"\n}\n\nschema key {\n    a: bool\n}\n";
    if (out.empty()) return std::string{kPackName};
    return compile_text(text).rules ? out : out + "_pack";
}

[[nodiscard]] std::string renamed(std::string_view text, const std::string& name) {
    std::string out{text};
    for (std::size_t at = out.find(kPackName); at != std::string::npos; at = out.find(kPackName, at + name.size()))
        out.replace(at, kPackName.size(), name);
    return out;
}

struct Planned {
    fs::path path;
    std::string text;
};

// What was made so far, gone again unless all of it was.
class Made {
public:
    Made() = default;
    Made(const Made&) = delete;
    Made& operator=(const Made&) = delete;
    ~Made() {
        for (auto path = paths_.rbegin(); path != paths_.rend(); ++path) {
            std::error_code ignored;
            fs::remove(*path, ignored);  // a folder only where it is empty
        }
    }
    void add(fs::path path) { paths_.push_back(std::move(path)); }
    void keep() { paths_.clear(); }

private:
    std::vector<fs::path> paths_;
};

void make_folder(const fs::path& folder, Made& made) {
    std::error_code error;
    if (folder.empty() || fs::is_directory(folder, error)) return;
    make_folder(folder.parent_path(), made);
    if (fs::create_directory(folder, error)) made.add(folder);
    if (error) fail(Status::kFile, "`" + folder.string() + "` can't be made: " + error.message());
}

}  // namespace

Status run_init(const Arguments& arguments) {
    if (arguments.ci && *arguments.ci != "github")
        fail(Status::kUsage, "`--ci` can't be `" + printable(*arguments.ci) + "`", "it may be `github`");
    const fs::path folder = arguments.words.empty() ? fs::path{"."} : fs::path{arguments.words.front()};
    std::error_code error;
    fs::path whole = fs::absolute(folder, error).lexically_normal();
    if (!whole.has_filename()) whole = whole.parent_path();
    const std::string name = pack_name(whole.filename().string());

    std::vector<Planned> plan;
    for (const InitFile& file : init_files()) {
        if (file.name == kWorkflow) {
            if (arguments.ci)
                plan.push_back({folder / ".github" / "workflows" / "keywright.yml", std::string{file.text}});
        } else {
            plan.push_back({folder / file.name, renamed(file.text, name)});
        }
    }
    std::string there;
    for (const Planned& file : plan) {
        if (fs::symlink_status(file.path, error).type() != fs::file_type::not_found)
            there += (there.empty() ? "`" : ", `") + file.path.generic_string() + '`';
    }
    if (!there.empty())
        fail(Status::kFile, "nothing was written, as this is there already: " + there, "choose an empty folder");

    Made made;
    for (const Planned& file : plan) {
        make_folder(file.path.parent_path(), made);
        if (!write_new_file(file.path.string(), file.text))
            fail(Status::kFile,
                 "nothing was written, as this came in the meantime: `" + file.path.generic_string() + '`');
        made.add(file.path);
    }
    made.keep();
    if (!arguments.quiet) {
        Output out{{}};
        for (const Planned& file : plan) out.write(printable(file.path.lexically_normal().generic_string()) + '\n');
        out.write("the pack " + name + ": begin with document.kw; `keywright test` runs its tests\n");
        out.finish();
    }
    return Status::kClean;
}

}  // namespace keywright::command

// This file and snapshot_folders.cpp are the only ones that know toml++.
#include "configuration.h"

#include "files.h"
#include "keywright/signature.h"
#include "keywright/text.h"
#include "status.h"

#include <toml++/toml.h>

#include <array>
#include <filesystem>
#include <string_view>
#include <vector>

namespace keywright::command {

namespace {

constexpr std::size_t kLimit = std::size_t{1} << 20;

class Reader {
public:
    explicit Reader(Configuration& into) : into_(into) {}

    void read(const toml::table& table) {
        for (const auto& [key, node] : table) {
            const std::string name{key.str()};
            if (name == "params") {
                read_params(node);
            } else if (name == "waivers") {
                read_waivers(node);
            } else if (std::optional<std::string>* member = find(name)) {
                *member = text_of(name, node);
            } else {
                refuse(node, "there is no key `" + name + "`", near(name));
            }
        }
    }

private:
    std::optional<std::string>* find(std::string_view name) {
        if (name == "rules") return &into_.rules;
        if (name == "input") return &into_.input;
        if (name == "format") return &into_.format;
        if (name == "fail_on") return &into_.fail_on;
        if (name == "color") return &into_.color;
        if (name == "require_signature") return &into_.require_signature;
        return nullptr;
    }

    static std::string near(std::string_view name) {
        static const std::vector<std::string> kKeys = {"rules",   "waivers", "input",  "format",
                                                       "fail_on", "color",   "params", "require_signature"};
        const std::string word = closest_word(name, kKeys);
        return word.empty() ? "the keys are `rules`, `waivers`, `input`, `format`, `fail_on`, `color`, "
                              "`require_signature` and the "
                              "table `params`"
                            : "did you mean `" + word + "`?";
    }

    std::string text_of(const std::string& name, const toml::node& node) const {
        const auto text = node.value_exact<std::string>();
        if (!text) refuse(node, "`" + name + "` is a text", "put it in quotes");
        return *text;
    }

    void read_waivers(const toml::node& node) {
        const toml::array* paths = node.as_array();
        if (paths == nullptr) {
            into_.waivers.push_back(text_of("waivers", node));
            return;
        }
        for (const toml::node& path : *paths) into_.waivers.push_back(text_of("waivers", path));
    }

    void read_params(const toml::node& node) {
        const toml::table* params = node.as_table();
        if (params == nullptr) refuse(node, "`params` is a table", "write `[params]` on a line of its own");
        for (const auto& [key, value] : *params) {
            const std::string name{key.str()};
            if (const auto whole = value.value_exact<std::int64_t>()) {
                into_.params[name] = std::to_string(*whole);
            } else if (const auto flag = value.value_exact<bool>()) {
                into_.params[name] = *flag ? "true" : "false";
            } else {
                into_.params[name] = text_of(name, value);
            }
        }
    }

    [[noreturn]] void refuse(const toml::node& node, const std::string& what, std::string help) const {
        const std::string line = std::to_string(node.source().begin.line);
        fail(Status::kUsage, into_.path + ":" + line + ": " + what, std::move(help));
    }

    Configuration& into_;
};

}  // namespace

Configuration read_configuration() {
    Configuration out;
    const auto found = find_configuration(".");
    if (!found) return out;
    const std::filesystem::path file{*found};
    out.path = seen_from_here(file.parent_path().string(), file.filename().string());
    const std::string text = read_file(*found, kLimit);
    if (text.size() > kLimit) fail(Status::kUsage, "`" + out.path + "` is larger than 1 MiB");
    try {
        Reader{out}.read(toml::parse(std::string_view{text}));
    } catch (const toml::parse_error& error) {
        fail(Status::kUsage, out.path + ":" + std::to_string(error.source().begin.line) + ": this is not TOML",
             std::string{error.description()});
    }
    // A key may stand there itself; anything else is the name of a file.
    if (out.require_signature && !read_verifying_key(*out.require_signature).key)
        out.require_signature = seen_from_here(file.parent_path().string(), *out.require_signature);
    for (std::string& path : out.waivers) path = seen_from_here(file.parent_path().string(), path);
    if (out.rules) out.rules = seen_from_here(file.parent_path().string(), *out.rules);
    return out;
}

}  // namespace keywright::command

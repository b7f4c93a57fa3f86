// `keywright embed`: checks a pack and writes it down as C++, so that a program carries its rules with it.
//
// What is written are the texts of the rule files. The program compiles them on the first call; that they compile was
// seen here, in the same way and from the same texts. With `--inline` it is what they mean: a header without needs.
#include "files.h"
#include "messages.h"
#include "pack.h"
#include "signing.h"
#include "verbs.h"

#include "keywright/keywright.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

namespace keywright::command {

namespace {

namespace fs = std::filesystem;

class MemoryFiles final : public FileSource {
public:
    explicit MemoryFiles(const std::vector<Compiled::File>& files) {
        for (const Compiled::File& file : files) texts_.emplace(file.path, file.text);
    }
    [[nodiscard]] Result read(const std::string& path, std::size_t limit) const override {
        const auto found = texts_.find(path);
        if (found == texts_.end()) return {{}, "no such file"};
        return {found->second.substr(0, limit + 1), {}};
    }

private:
    std::map<std::string, std::string> texts_;
};

[[nodiscard]] bool is_identifier(const std::string& name) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c >= '0' && c <= '9');
    };
    return !name.empty() && (name.front() < '0' || name.front() > '9') && std::all_of(name.begin(), name.end(), fits);
}

// A string literal, a line of text a line. Everything beside plain ASCII is an octal escape of three digits, which
// nothing that follows can lengthen; `?` too, on account of trigraphs.
[[nodiscard]] std::string literal(std::string_view text) {
    std::string out = "\"";
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte == '\n') {
            out += "\\n";
            if (i + 1 < text.size()) out += "\"\n        \"";
        } else if (byte == '"' || byte == '\\') {
            out += '\\';
            out += text[i];
        } else if (byte < 0x20 || byte >= 0x7f || byte == '?') {
            out += '\\';
            for (int shift = 6; shift >= 0; shift -= 3) out += static_cast<char>('0' + ((byte >> shift) & 7));
        } else {
            out += text[i];
        }
    }
    return out + '"';
}

[[nodiscard]] std::string header_text(const std::string& name) {
    return "// Written by `keywright embed`.\n"
           "#pragma once\n"
           "\n"
           "#include <keywright/rules.h>\n"
           "\n"
           "namespace keywright_rules {\n"
           "\n"
           "// Compiled on the first call, from the texts that were embedded; safe to call from several threads.\n"
           "const keywright::Rules& " +
           name +
           "();\n"
           "\n"
           "}  // namespace keywright_rules\n";
}

[[nodiscard]] std::string source_text(const std::string& name, const std::string& header, const std::string& entry,
                                      const Compiled& compiled) {
    const RulesIdentity identity = compiled.rules->identity();
    std::string out =
        "// Written by `keywright embed`.\n"
        "#include \"" +
        header +
        "\"\n"
        "\n"
        "#include <cstdio>\n"
        "#include <cstdlib>\n"
        "#include <string>\n"
        "#include <string_view>\n"
        "\n"
        "namespace keywright_rules {\n"
        "\n"
        "namespace {\n"
        "\n"
        "struct File {\n"
        "    std::string_view path, text;\n"
        "};\n"
        "\n"
        "constexpr std::string_view kEntry = " +
        literal(entry) +
        ";\n"
        "constexpr std::string_view kDigest = " +
        literal(identity.digest) +
        ";\n"
        "constexpr File kFiles[] = {\n";
    for (const Compiled::File& file : compiled.files) {
        out += "    {" + literal(file.path) + ",\n        " + literal(file.text) + "},\n";
    }
    return out +
           "};\n"
           "\n"
           "class Files final : public keywright::FileSource {\n"
           "public:\n"
           "    Result read(const std::string& path, std::size_t limit) const override {\n"
           "        for (const File& file : kFiles) {\n"
           "            if (file.path == path) return {std::string{file.text.substr(0, limit + 1)}, {}};\n"
           "        }\n"
           "        return {{}, \"no such file\"};\n"
           "    }\n"
           "};\n"
           "\n"
           "keywright::Rules compile_embedded() {\n"
           "    auto compiled = keywright::compile(Files{}, std::string{kEntry});\n"
           "    // Only a library of another version can see these texts differently.\n"
           "    if (!compiled.rules || compiled.rules->identity().digest != kDigest) {\n"
           "        std::fputs(\"keywright: the embedded rules do not fit the library\\n\", stderr);\n"
           "        std::abort();\n"
           "    }\n"
           "    return *compiled.rules;\n"
           "}\n"
           "\n"
           "}  // namespace\n"
           "\n"
           "const keywright::Rules& " +
           name +
           "() {\n"
           "    static const keywright::Rules rules = compile_embedded();\n"
           "    return rules;\n"
           "}\n"
           "\n"
           "}  // namespace keywright_rules\n";
}

}  // namespace

namespace {

// Compiles what is to be written down, and shows what its author should know. What can't be embedded is a `Failure`.
[[nodiscard]] Compiled compile_checked(const Arguments& arguments, const Settings& settings) {
    CompileOptions options;
    options.root = arguments.root;
    options.params = settings.params;
    options.waivers = waiver_files(settings.waivers);
    Compiled compiled = compile_path(*arguments.rules, options);
    if (!compiled.unreadable.empty()) fail(Status::kFile, "the rules can't be read: " + compiled.unreadable.front());
    std::error_code error;
    std::string root = arguments.root;
    if (root.empty())
        root = is_folder(*arguments.rules) ? *arguments.rules : fs::path{*arguments.rules}.parent_path().string();
    require_signature(compiled, fs::canonical(root.empty() ? "." : root, error).string(), settings, Scope::kPack);
    Pack shown{compiled, fs::canonical(root.empty() ? "." : root, error).string()};
    for (Diagnostic& diagnostic : shown.compiled.diagnostics) shown.relocate(diagnostic);
    for (Compiled::File& file : shown.compiled.files) file.path = shown.located(file.path);
    DiagnosticsShown{settings}.show(shown);
    if (!compiled.rules) fail(Status::kRuleErrors, "the rules have errors, so they are not embedded");
    return compiled;
}

// `--inline`: the rules as C++. Parameters and waivers are those in force now.
[[nodiscard]] Status write_inlined(const Arguments& arguments, const Settings& settings) {
    if (arguments.output || !arguments.header.empty()) {
        fail(Status::kUsage, "`--inline` writes one header, so `--output` and `--header` don't go with it",
             "leave them out");
    }
    if (!is_namespace_for_rules(arguments.name)) {
        fail(Status::kUsage, "`--name` is not a C++ namespace: `" + arguments.name + "`",
             "use identifiers like `desk_rules` or `desk::rules`, and none that C++ or Keywright keeps for itself");
    }
    const Compiled compiled = compile_checked(arguments, settings);
    write_file(arguments.inlined, to_inlined_header(*compiled.rules, arguments.name));
    return Status::kClean;
}

}  // namespace

Status run_embed(const Arguments& arguments) {
    if (!arguments.rules) fail(Status::kUsage, "no rules are given", "name them with `--rules`");
    // What a build makes, and whether it fails, hangs on nothing but its command line.
    if (!arguments.inlined.empty()) return write_inlined(arguments, settle_from_command_line(arguments));
    if (!arguments.output) fail(Status::kUsage, "no file to write is given", "name it with `--output`");
    if (arguments.header.empty()) fail(Status::kUsage, "no header to write is given", "name it with `--header`");
    if (!is_identifier(arguments.name)) {
        fail(Status::kUsage, "`--name` is not a C++ identifier: `" + arguments.name + "`",
             "use letters, digits and `_`");
    }
    if (!arguments.set.empty() || !arguments.waivers.empty()) {
        fail(Status::kUsage,
             "`--set` and `--waivers` go with `--inline` alone: else the texts of the rules are embedded",
             "leave them out");
    }
    Compiled compiled = compile_checked(arguments, settle_from_command_line(arguments));

    const std::string entry = compiled.files.front().path;
    const Compiled again = compile(MemoryFiles{compiled.files}, entry);
    if (!again.rules || again.rules->identity() != compiled.rules->identity()) {
        fail(Status::kFault, "the rules mean something else when they are read from memory");
    }
    // Files come in the order of reading; in that of their paths the output is the same on every machine.
    std::sort(compiled.files.begin(), compiled.files.end(),
              [](const Compiled::File& a, const Compiled::File& b) { return a.path < b.path; });
    const std::string header_name = fs::path{arguments.header}.filename().string();
    write_file(arguments.header, header_text(arguments.name));
    write_file(*arguments.output, source_text(arguments.name, header_name, entry, compiled));
    return Status::kClean;
}

}  // namespace keywright::command

// Writes the headers that inlined_test.cpp compares, and beside each what fills its record from one of the library's:
//
//     keywright_make_inlined FOLDER
#include "emit/header.h"
#include "inlined/cases.h"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <string>

using namespace keywright;

namespace {

bool write(const std::string& path, const std::string& text) {
    std::ofstream file{path, std::ios::binary};
    file << text;
    return static_cast<bool>(file.flush());
}

}  // namespace

int main(int count, char** words) {
    if (count != 2) return 64;
    const std::string folder = words[1];
    std::string all = "// The headers, and how their records are filled.\n#pragma once\n\n", list;
    for (const test::InlinedCase& one : test::inlined_cases()) {
        if (!one.module) {
            std::fprintf(stderr, "%s doesn't compile\n", one.name.c_str());
            return 1;
        }
        const std::string name_space = "cases::" + one.name;
        emit::HeaderOptions options{name_space, "sha256:0"};
        if (one.in_parts) options.longest_function = 10;
        if (!write(folder + "/" + one.name + ".h", emit::header(*one.module, options))) return 74;
        all += fmt::format("#include \"{}.h\"\n", one.name);
        const emit::Names names = emit::names_of(*one.module, name_space);
        list += fmt::format(
            "struct case_{0} {{\n"
            "    static constexpr const char* name = \"{0}\";\n"
            "    using Record = ::cases::{0}::Record;\n"
            "    static constexpr std::span<const keywright::inlined::RuleInfo> rules = ::cases::{0}::kRules;\n"
            "    static Record nothing_given() {{ return ::cases::{0}::nothing_given(); }}\n"
            "    static auto decide(const Record& record, keywright::inlined::Instant now) {{\n"
            "        return ::cases::{0}::decide(record, now);\n"
            "    }}\n"
            "    template <class Visit>\n"
            "    static void each_field([[maybe_unused]] Record& record, [[maybe_unused]] Visit&& visit) {{\n",
            one.name);
        for (std::size_t f = 0; f < names.members.size(); ++f) {
            list += fmt::format("        visit({}, record.{});\n", f, names.members[f]);
        }
        list += "    }\n};\n\n";
    }
    all += "\n" + list + "template <class Visit>\nvoid for_each_case(Visit visit) {\n";
    for (const test::InlinedCase& one : test::inlined_cases())
        all += fmt::format("    visit(case_{}{{}});\n", one.name);
    return write(folder + "/cases.inc", all + "}\n") ? 0 : 74;
}

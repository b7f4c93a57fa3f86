#include "emit/names.h"

namespace keywright::emit {

namespace {

// Keywords of C++20 and of C++23's and C's dialects, and names that platforms define as macros.
constexpr std::string_view kReserved =
    " alignas alignof and and_eq asm assert atomic_cancel atomic_commit atomic_noexcept auto bitand bitor "
    "bool break case catch char char16_t char32_t char8_t class co_await co_return co_yield compl "
    "concept const const_cast consteval constexpr constinit continue decltype default delete do double "
    "dynamic_cast else enum errno explicit export extern false far float for friend goto huge i386 if "
    "import inline int interface linux long major makedev minor module mutable namespace near new "
    "noexcept not not_eq nullptr operator or or_eq private protected public reflexpr register "
    "reinterpret_cast requires restrict return short signed sizeof small static static_assert "
    "static_cast stderr stdin stdout struct sun switch synchronized template this thread_local throw "
    "true try typedef typeid typename typeof typeof_unqual union unix unsigned using va_arg va_end "
    "va_start virtual void volatile wchar_t while xor xor_eq BUFSIZ CALLBACK CONST DELETE DOMAIN EOF "
    "ERROR FALSE HUGE HUGE_VAL I IGNORE IN INFINITE INFINITY INT64_MAX INT64_MIN NAN NDEBUG NO_ERROR "
    "NULL OPTIONAL OUT OVERFLOW PASCAL PI PLOSS SING STRICT TLOSS TRUE UNDERFLOW UNICODE VOID ";

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::string identifier(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool plain = is_letter(c) || is_digit(c);
        if (!plain && (out.empty() || out.back() == '_')) continue;
        if (out.empty() && is_digit(c)) out = "n";
        out += plain ? c : '_';
    }
    if (out.empty()) out = "x";
    if (kReserved.find(' ' + out + ' ') != std::string_view::npos) out += '_';
    return out;
}

std::string type_identifier(std::string_view text) {
    std::string out;
    bool capital = true;
    for (const char c : text) {
        if (!is_letter(c) && !is_digit(c)) {
            capital = true;
            continue;
        }
        if (out.empty() && is_digit(c)) out = "N";
        out += capital && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        capital = false;
    }
    return identifier(out.empty() ? "X" : out);
}

std::string Scope::add(std::string name) {
    if (!taken_.contains(name)) {
        taken_.insert(name);
        return name;
    }
    if (name.back() != '_') name += '_';
    if (taken_.insert(name).second) return name;
    for (std::size_t n = 2;; ++n) {
        std::string numbered = name + std::to_string(n);
        if (taken_.insert(numbered).second) return numbered;
    }
}

bool is_namespace(std::string_view name) {
    bool first = true;
    for (;;) {
        const std::size_t end = name.find("::");
        const std::string_view part = name.substr(0, end);
        if (part.empty() || identifier(part) != part) return false;
        if (first && (part == "std" || part == "posix" || part == "keywright")) return false;
        first = false;
        if (end == std::string_view::npos) return true;
        name.remove_prefix(end + 2);
    }
}

Names names_of(const ir::Module& module, std::string_view name_space) {
    Names names;
    // What the text of the header itself says without a qualification.
    std::set<std::string> reserved{"Record", "Rule", "Decision", "inlined", "logic", "std", "keywright"};
    for (std::size_t end = 0; end != std::string_view::npos;) {
        end = name_space.find("::");
        reserved.emplace(name_space.substr(0, end));
        if (end != std::string_view::npos) name_space.remove_prefix(end + 2);
    }
    Scope types{reserved};
    names.enums.resize(module.enums.size());
    names.enumerators.resize(module.enums.size());
    for (const ir::Field& field : module.schema.fields) {
        const bool of_enum = field.type.kind == ir::Kind::kEnum ||
                             (field.type.kind == ir::Kind::kSet && field.type.element == ir::Kind::kEnum);
        if (!of_enum) continue;
        const std::size_t id = field.type.enumeration.index();
        if (!names.enums[id].empty()) continue;
        names.enums[id] = types.add(type_identifier(field.name));
        reserved.insert(names.enums[id]);
        Scope values;
        for (const std::string& value : module.enums[id].values) {
            names.enumerators[id].push_back(values.add(identifier(value)));
        }
    }
    Scope members{reserved};
    for (const ir::Field& field : module.schema.fields) names.members.push_back(members.add(identifier(field.name)));
    Scope rules;
    for (const ir::Rule& rule : module.rules) names.rules.push_back(rules.add(identifier(rule.name)));
    return names;
}

}  // namespace keywright::emit

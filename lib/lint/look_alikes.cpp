// KW7026: names that a reader, or a hand in a hurry, easily takes for each other.
//
// Two names of one namespace are reported where they differ
//   * only in upper and lower case, or in underscores: `ip_list` and `iplist`;
//   * only in signs that look alike: `l`, `I` and `1`, `O` and `0`, `rn` and `m`, `vv` and `w`;
//   * of fields, parameters and defines of one type: only in a plural's `s`. Of two types the compiler notices.
// Namespaces are: fields, parameters and defines; the members of a nested record; rules; samples; adapters; documents;
// the values of one enumeration. Names of tests are reported where they differ only in case or blanks.
#include "base/text.h"
#include "lint/checks.h"

#include <fmt/format.h>

#include <array>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace keywright::lint {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string without_case_and_blanks(std::string_view name) {
    std::string out;
    for (const char c : name) {
        if (c != ' ' && c != '\t') out += lower(c);
    }
    return out;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Between digits an underscore tells two numbers apart.
std::string without_underscores(std::string_view name) {
    std::string out;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const bool between = i > 0 && i + 1 < name.size() && is_digit(name[i - 1]) && is_digit(name[i + 1]);
        if (name[i] != '_' || between) out += lower(name[i]);
    }
    return out;
}

std::string as_seen(std::string_view name) {
    std::string out;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const std::string_view pair = name.substr(i, 2);
        if (pair == "rn" || pair == "vv") {
            out += pair == "rn" ? 'm' : 'w';
            ++i;
        } else if (name[i] == 'I' || name[i] == '1') {
            out += 'l';
        } else if (name[i] == '0') {
            out += 'O';
        } else {
            out += name[i];
        }
    }
    return out;
}

struct Name {
    std::string_view kind;
    std::string name;       // the whole one: `limits.daily`
    std::string_view last;  // what is compared
    base::Span span;
    const ir::Type* type = nullptr;  // of values
    bool is_value = false;           // of an enumeration: `name` is the field that it is a value of

    [[nodiscard]] std::string shown() const { return is_value ? std::string{last} : name; }
};

class Names {
public:
    explicit Names(Findings& findings) : findings_(findings) {}

    void add(const Name& name) {
        static constexpr std::array<std::string_view, 3> kHow{"differ only in case or underscores",
                                                              "differ only in signs that look alike",
                                                              "differ only in a plural's `s`"};
        const std::array<std::string, 3> keys{without_underscores(name.last), as_seen(name.last),
                                              name.type != nullptr ? plural_key(name) : std::string{}};
        const Name* other = nullptr;
        std::size_t how = 0;
        for (std::size_t i = 0; i < keys.size(); ++i) {
            if (keys[i].empty()) continue;
            const auto [at, fresh] = seen_[i].try_emplace(keys[i], name);
            if (fresh || other != nullptr || at->second.last == name.last) continue;
            other = &at->second;
            how = i;
        }
        if (other == nullptr) return;
        findings_
            .report(diag::Code::kLookAlikes, {name.kind, name.name}, name.span,
                    fmt::format("`{}` and `{}` {}", other->shown(), name.shown(), kHow[how]), "this one")
            .note(other->span, "and this one")
            .key(other->shown())
            .help("rename one of them, so that they can't be taken for each other");
    }

private:
    static std::string plural_key(const Name& name) {
        std::string_view stem = name.last;
        if (stem.size() > 2 && stem.ends_with("s")) stem.remove_suffix(1);
        const ir::Type& type = *name.type;
        return fmt::format("{} {} {} {}", stem, static_cast<int>(type.kind), static_cast<int>(type.element),
                           type.enumeration.value);
    }

    Findings& findings_;
    std::array<std::map<std::string, Name>, 3> seen_;
};

void values(const Subject& subject, Findings& findings) {
    const ir::Module& module = subject.module;
    std::map<ir::FieldId, Names> members;
    Names top{findings};
    for (const ir::Field& field : module.schema.fields) {
        const Name name{"field", field.name, field.member, field.span, &field.type};
        if (field.parent.valid()) {
            members.try_emplace(field.parent, findings).first->second.add(name);
        } else {
            top.add(name);
        }
    }
    for (const ir::Param& param : module.params) top.add({"param", param.name, param.name, param.span, &param.type});
    for (const ir::Define& define : module.defines) {
        top.add({"define", define.name, define.name, define.span, &module.type(define.root)});
    }
}

void enumerations(const Subject& subject, Findings& findings) {
    std::set<ir::EnumId> done;  // several fields may share one
    for (const ir::Field& field : subject.module.schema.fields) {
        const ir::EnumId which = field.type.enumeration;
        if (!which.valid() || !done.insert(which).second) continue;
        const syntax::Cursor item = subject.item_at(field.span);
        const syntax::Cursor type = item ? item.child(syntax::Kind::kType) : syntax::Cursor{};
        if (!type) continue;
        Names names{findings};
        for (const syntax::Cursor value : type) {
            if (value.kind() != syntax::Kind::kName) continue;
            names.add({"field", field.name, value.text(), value.span(), nullptr, true});
        }
    }
}

template <class Things>
void namespace_of(const Things& things, std::string_view kind, Findings& findings) {
    Names names{findings};
    for (const auto& thing : things) names.add({kind, thing.name, thing.name, thing.span});
}

void tests(const Subject& subject, Findings& findings) {
    std::map<std::string, const ir::Test*> seen;
    for (const ir::Test& test : subject.module.tests) {
        const auto [at, fresh] = seen.try_emplace(without_case_and_blanks(test.name), &test);
        if (fresh) continue;
        findings
            .report(
                diag::Code::kLookAlikes, {"test", test.name}, test.span,
                fmt::format("the names of two tests differ only in case or blanks: `{}`", base::printable(test.name)),
                "this one")
            .note(at->second->span, "and this one")
            .key(at->second->name)
            .help("say in the name what the test is about");
    }
}

}  // namespace

void look_alikes(const Subject& subject, Findings& findings) {
    values(subject, findings);
    enumerations(subject, findings);
    namespace_of(subject.module.rules, "rule", findings);
    namespace_of(subject.module.samples, "sample", findings);
    namespace_of(subject.module.adapters, "adapter", findings);
    namespace_of(subject.module.documents, "document", findings);
    tests(subject, findings);
}

}  // namespace keywright::lint

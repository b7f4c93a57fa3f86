#include "input/members.h"

#include "base/text.h"
#include "input/member_names.h"

#include <algorithm>

namespace keywright::input {

using diag::Code;

std::vector<std::string> pointer_names(std::string_view pointer) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < pointer.size(); ++i) {
        if (pointer[i] == '/') {
            names.emplace_back();
        } else if (names.empty()) {
            return {};  // not a pointer
        } else if (pointer[i] == '~' && i + 1 < pointer.size()) {
            names.back() += pointer[++i] == '0' ? '~' : '/';
        } else {
            names.back() += pointer[i];
        }
    }
    return names;
}

MemberTree::MemberTree() : nodes_(1) {}

std::size_t MemberTree::child_of(std::size_t node, std::string_view name) const {
    for (const std::size_t child : nodes_[node].children) {
        if (nodes_[child].name == name) return child;
    }
    return 0;
}

std::size_t MemberTree::add_child(std::size_t node, std::string_view name) {
    if (const std::size_t found = child_of(node, name); found != 0) return found;
    nodes_.push_back({std::string{name}, Use::kOnTheWay, {}});
    nodes_[node].children.push_back(nodes_.size() - 1);
    return nodes_.size() - 1;
}

void MemberTree::add(std::string_view pointer, Use use) {
    std::size_t node = 0;
    for (const std::string& name : pointer_names(pointer)) node = add_child(node, name);
    Use& known = nodes_[node].use;
    if (use == Use::kNullOnly) {
        if (known == Use::kOnTheWay && nodes_[node].children.empty()) known = use;
    } else {
        known = known == Use::kNullOnly ? use : std::max(known, use);
    }
}

void MemberTree::allow_beside(std::string_view pointer, std::string_view name) {
    std::size_t node = 0;
    for (const std::string& step : pointer_names(pointer)) {
        const std::size_t beside = add_child(node, name);
        if (name != step) nodes_[beside].use = Use::kWhole;
        node = add_child(node, step);
    }
}

void MemberTree::check(Context& context, JsonDocument::Index object, const std::string& path) const {
    check_below(context, 0, object, path);
}

void MemberTree::check_value(Context& context, std::size_t node, JsonDocument::Index value,
                             const std::string& path) const {
    const JsonDocument& json = context.json;
    const JsonKind kind = json.kind(value);
    switch (nodes_[node].use) {
        case Use::kWhole: return;
        case Use::kNullOnly:
            if (kind == JsonKind::kNull) return;
            context.problems.add(Code::kUnknownMember, json.begin(value), pointer_to(context, path),
                                 quoted(nodes_[node].name) + " is given, but this source says that it never is",
                                 "leave the member out, or read the record in another form");
            return;
        case Use::kRecord:
            if (kind == JsonKind::kObject) check_below(context, node, value, path);
            return;
        case Use::kOnTheWay: break;
    }
    if (kind == JsonKind::kNull) return;  // counts as missing
    if (kind == JsonKind::kObject || kind == JsonKind::kArray) return check_below(context, node, value, path);
    context.problems.add(Code::kWrongType, json.begin(value), pointer_to(context, path),
                         quoted(nodes_[node].name) + " must be an object, not " + std::string{word(kind)});
}

void MemberTree::check_below(Context& context, std::size_t node, JsonDocument::Index value,
                             const std::string& path) const {
    const JsonDocument& json = context.json;
    const bool array = json.kind(value) == JsonKind::kArray;
    std::size_t position = 0;
    for (auto child = json.first_child(value); child != JsonDocument::kNone; child = json.next_sibling(child)) {
        const std::string number = array ? std::to_string(position) : std::string{};
        ++position;
        const std::string_view name = array ? std::string_view{number} : json.key(child);
        if (const std::size_t known = child_of(node, name); known != 0) {
            if (nodes_[known].use != Use::kWhole) {
                check_value(context, known, child, path + "/" + base::escape_pointer(name));
            }
            continue;
        }
        if (context.problems.full()) {  // further problems are only counted
            context.problems.add(Code::kUnknownMember, json.begin(child), {}, {});
            continue;
        }
        if (array) {
            context.problems.add(Code::kUnknownMember, json.begin(child), pointer_to(context, path + "/" + number),
                                 "unexpected element");
            continue;
        }
        std::vector<std::string> names;
        for (const std::size_t sibling : nodes_[node].children) names.push_back(nodes_[sibling].name);
        std::string help = suggest(name, names);
        std::string message = "unknown member " + shown_name(name, names);
        if (!may_be_shown(name, names)) {
            message += ", number " + std::to_string(position) + " of its object";
            if (help.empty()) help = "the name might be a secret in the wrong place, so it is not shown";
        }
        context.problems.add(Code::kUnknownMember, json.begin(child),
                             pointer_to(context, path + "/" + pointer_step(name, names)), std::move(message),
                             std::move(help));
    }
}

}  // namespace keywright::input

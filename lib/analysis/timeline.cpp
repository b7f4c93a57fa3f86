#include "analysis/timeline.h"

#include "eval/decision.h"
#include "ir/operands.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace keywright::analysis {

using ir::FieldId;
using ir::NodeId;
using ir::Op;

namespace {

constexpr std::size_t kMostLines = 256;         // that one end of a number may follow
constexpr std::size_t kMostInstants = 1 << 16;  // of one record

// Beyond these a sum could reach the evaluators' infinities somewhere before the end of time.
constexpr std::int64_t kSteepest = std::int64_t{1} << 40;
constexpr Nanos kFarthest = Nanos{1} << 115;

bool is_time(ir::Kind kind) { return kind == ir::Kind::kInstant || kind == ir::Kind::kDuration; }

// `offset + slope * now`; no line where the number is unbounded.
struct Line {
    std::int64_t slope = 0;
    Nanos offset = 0;
    friend auto operator<=>(const Line&, const Line&) = default;
};

using Lines = std::vector<Line>;

// Every line that the lower and the upper bound of a number may follow.
struct Ends {
    Lines low, high;
};

std::optional<Nanos> nanos_of(const value::Value& value) {
    if (const auto* instant = std::get_if<Instant>(&value)) return value::to_nanos(*instant);
    if (const auto* duration = std::get_if<Duration>(&value)) return value::to_nanos(*duration);
    return std::nullopt;
}

// A member of a record that isn't given is as that record.
value::State state_of(const ir::Module& module, const value::Record& record, FieldId id) {
    for (FieldId parent = module.schema.fields[id.index()].parent; parent.valid();
         parent = module.schema.fields[parent.index()].parent) {
        if (record.state(parent.index()) != value::State::kGiven) {
            // The outermost such record says it, but absent or unknown, the member has no value of its own.
            return state_of(module, record, parent);
        }
    }
    return record.state(id.index());
}

Nanos given(const ir::Module& module, const value::Record& record, FieldId id) {
    const std::size_t i = id.index();
    return module.schema.fields[i].type.kind == ir::Kind::kInstant ? value::to_nanos(record.instant(i))
                                                                   : value::to_nanos(record.duration(i));
}

Nanos floor_divide(Nanos a, Nanos b) {
    const Nanos quotient = a / b;
    return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

}  // namespace

// One record's lines and where they cross.
class Crossings {
public:
    Crossings(const Timeline& timeline, const value::Record& record, Nanos after, Nanos last)
        : timeline_(timeline),
          module_(timeline.module_),
          record_(record),
          after_(after),
          last_(last),
          ends_(module_.nodes.size()) {}

    std::optional<std::vector<Nanos>> find() {
        for (const NodeId id : timeline_.terms_) ends_[id.index()] = compute(id);
        for (const Timeline::Pair& pair : timeline_.comparisons_) cross(all(of(pair.a)), all(of(pair.b)));
        for (const ir::Rule& rule : module_.rules) {
            if (rule.expiry) expiry(*rule.expiry);
        }
        if (too_much_) return std::nullopt;
        shrink();
        return std::move(found_);
    }

private:
    const Ends& of(NodeId id) const { return ends_[id.index()]; }

    static Lines all(const Ends& ends) {
        Lines out = ends.low;
        out.insert(out.end(), ends.high.begin(), ends.high.end());
        return out;
    }

    void tidy(Lines& lines) {
        std::sort(lines.begin(), lines.end());
        lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
        for (const Line& line : lines) {
            if (line.slope > kSteepest || line.slope < -kSteepest || line.offset > kFarthest ||
                line.offset < -kFarthest) {
                too_much_ = true;
            }
        }
        if (lines.size() > kMostLines) too_much_ = true;
        if (too_much_) lines.clear();
    }

    static void join(Ends& into, const Ends& more) {
        into.low.insert(into.low.end(), more.low.begin(), more.low.end());
        into.high.insert(into.high.end(), more.high.begin(), more.high.end());
    }

    static Lines sum(const Lines& a, const Lines& b, int sign) {
        Lines out;
        out.reserve(a.size() * b.size());
        for (const Line& x : a) {
            for (const Line& y : b) out.push_back({x.slope + sign * y.slope, x.offset + sign * y.offset});
        }
        return out;
    }

    static Ends exactly(Line line) { return {{line}, {line}}; }

    Ends add(const Ends& a, const Ends& b) {
        Ends out{sum(a.low, b.low, 1), sum(a.high, b.high, 1)};
        tidy(out.low);
        tidy(out.high);
        return out;
    }

    Ends subtract(const Ends& a, const Ends& b) {
        Ends out{sum(a.low, b.high, -1), sum(a.high, b.low, -1)};
        tidy(out.low);
        tidy(out.high);
        return out;
    }

    Ends constant(const value::Value& value) {
        const auto number = nanos_of(value);
        return number ? exactly({0, *number}) : Ends{};
    }

    Ends field(FieldId id) {
        switch (state_of(module_, record_, id)) {
            case value::State::kAbsent: return {};
            case value::State::kGiven: return exactly({0, given(module_, record_, id)});
            case value::State::kUnknown: break;
        }
        Ends out;
        for (const Timeline::Bound& bound : timeline_.bounds_[id.index()]) {
            Line line{0, bound.step};
            if (bound.term.is_now) {
                line.slope = 1;
            } else if (bound.term.constant.valid()) {
                const auto number = nanos_of(module_.constants[bound.term.constant.index()]);
                if (!number) continue;
                line.offset += *number;
            } else if (state_of(module_, record_, bound.term.field) == value::State::kGiven) {
                line.offset += given(module_, record_, bound.term.field);
            } else {
                continue;  // unbounded
            }
            (bound.is_upper ? out.high : out.low).push_back(line);
        }
        tidy(out.low);
        tidy(out.high);
        // Where the bounds cross they contradict each other, and from there on none of them counts, or counts again.
        cross(out.low, out.high);
        return out;
    }

    Ends compute(NodeId id) {
        const ir::Node& node = module_.node(id);
        switch (node.op) {
            case Op::kConst: return constant(module_.constant(node.a));
            case Op::kParam: return constant(module_.constants[module_.params[node.a].value.index()]);
            case Op::kField: return field(FieldId{node.a});
            case Op::kNow: return exactly({1, 0});
            case Op::kDefine: return of(NodeId{node.a});
            case Op::kElse: {
                Ends out = of(NodeId{node.a});
                join(out, of(NodeId{node.b}));
                tidy(out.low);
                tidy(out.high);
                return out;
            }
            case Op::kMatch: {
                // The least of several numbers is always one of them, whichever arms are possible.
                Ends out;
                for (const NodeId arm : module_.list(node).subspan(1)) join(out, of(arm));
                tidy(out.low);
                tidy(out.high);
                return out;
            }
            case Op::kAdd: return add(of(NodeId{node.a}), of(NodeId{node.b}));
            case Op::kSubtract: return subtract(of(NodeId{node.a}), of(NodeId{node.b}));
            case Op::kElement:   // no set has elements of time
            case Op::kDeadline:  // stands in messages alone
            case Op::kNot:
            case Op::kAnd:
            case Op::kOr:
            case Op::kImplies:
            case Op::kIsPresent:
            case Op::kEqual:
            case Op::kNotEqual:
            case Op::kLess:
            case Op::kLessEqual:
            case Op::kGreater:
            case Op::kGreaterEqual:
            case Op::kIn:
            case Op::kHasAny:
            case Op::kHasAll:
            case Op::kHasNone:
            case Op::kHasOnly:
            case Op::kIsEmpty:
            case Op::kCount:
            case Op::kWithin:
            case Op::kCovers:
            case Op::kOverlaps:
            case Op::kIsOpen:
            case Op::kIsPrivate:
            case Op::kPrefixLength:
            case Op::kFamily:
            case Op::kLength:
            case Op::kIsBlank:
            case Op::kStartsWith:
            case Op::kEndsWith:
            case Op::kLike:
            case Op::kHasFact:
            case Op::kAny:
            case Op::kEvery:
            case Op::kNo: break;
        }
        return {};
    }

    void expiry(const ir::Expiry& expiry) {
        const Lines now{{1, 0}};
        const Ends deadline = add(of(expiry.since), of(expiry.after));
        cross(now, all(deadline));
        if (expiry.warn_before.valid()) cross(now, all(subtract(deadline, of(expiry.warn_before))));
    }

    // The order of two lines changes at most twice: to equal, and from it. Where they meet between two instants, once.
    void cross(const Lines& a, const Lines& b) {
        for (const Line& x : a) {
            for (const Line& y : b) {
                if (x.slope == y.slope || too_much_) continue;
                const Nanos meet = floor_divide(y.offset - x.offset, Nanos{x.slope} - y.slope);
                for (const Nanos t : {meet, meet + 1}) {
                    if (t > after_ && t <= last_) found_.push_back(t);
                }
                if (found_.size() > 4 * kMostInstants) shrink();
            }
        }
    }

    void shrink() {
        std::sort(found_.begin(), found_.end());
        found_.erase(std::unique(found_.begin(), found_.end()), found_.end());
        if (found_.size() > kMostInstants) too_much_ = true;
    }

    const Timeline& timeline_;
    const ir::Module& module_;
    const value::Record& record_;
    const Nanos after_, last_;
    std::vector<Ends> ends_;  // by node, of those in Timeline::terms_
    std::vector<Nanos> found_;
    bool too_much_ = false;
};

Timeline::Timeline(const ir::Module& module) : module_(module), bounds_(module.schema.fields.size()) {
    std::vector<bool> read(module.nodes.size(), false);
    const auto mark = [&](NodeId id) {
        if (id.valid()) read[id.index()] = true;
    };
    for (const ir::Rule& rule : module.rules) {
        mark(rule.when);
        mark(rule.requirement);
        for (const ir::Exemption& exemption : rule.exemptions) mark(exemption.condition);
        if (rule.expiry) {
            mark(rule.expiry->after);
            mark(rule.expiry->since);
            mark(rule.expiry->warn_before);
        }
    }
    // Operands have lower numbers than what reads them.
    for (std::size_t i = module.nodes.size(); i-- > 0;) {
        if (read[i]) ir::for_each_operand(module, module.nodes[i], mark);
    }
    std::set<FieldId> fields;
    for (std::size_t i = 0; i < module.nodes.size(); ++i) {
        if (!read[i]) continue;
        const NodeId id{i};
        const ir::Node& node = module.nodes[i];
        if (is_time(module.type(id).kind)) {
            terms_.push_back(id);
            if (node.op == Op::kField && fields.insert(FieldId{node.a}).second) find_bounds(FieldId{node.a});
        }
        const bool compares = node.op == Op::kEqual || node.op == Op::kNotEqual || node.op == Op::kLess ||
                              node.op == Op::kLessEqual || node.op == Op::kGreater || node.op == Op::kGreaterEqual;
        if (compares && is_time(module.type(NodeId{node.a}).kind)) {
            comparisons_.push_back({NodeId{node.a}, NodeId{node.b}});
        }
    }
}

void Timeline::find_bounds(FieldId start) {
    for (const bool is_upper : {true, false}) {
        std::set<std::pair<FieldId, bool>> seen{{start, false}};
        std::vector<std::pair<FieldId, bool>> pending{{start, false}};
        while (!pending.empty()) {
            const auto [from, strict_so_far] = pending.back();
            pending.pop_back();
            for (const ir::Assumption& a : module_.schema.assumptions) {
                const ir::AssumeTerm& here = is_upper ? a.lesser : a.greater;
                const ir::AssumeTerm& there = is_upper ? a.greater : a.lesser;
                if (here.field != from || !here.field.valid()) continue;
                const bool strict = strict_so_far || a.strict;
                // A longer way round may be less strict, or the evaluators may stop earlier: both are kept.
                bounds_[start.index()].push_back({there, is_upper, strict ? (is_upper ? -1 : 1) : 0});
                if (there.field.valid() && seen.insert({there.field, strict}).second)
                    pending.emplace_back(there.field, strict);
            }
        }
    }
}

std::optional<std::vector<Nanos>> Timeline::instants(const value::Record& record, Nanos after, Nanos last) const {
    return Crossings{*this, record, after, last}.find();
}

std::optional<Nanos> Timeline::unreadable_from(const value::Record& record, Nanos now) const {
    std::optional<Nanos> first;
    for (const ir::Assumption& a : module_.schema.assumptions) {
        if (!a.lesser.is_now || a.greater.is_now) continue;
        std::optional<Nanos> bound;
        if (a.greater.constant.valid()) bound = nanos_of(module_.constants[a.greater.constant.index()]);
        // As reading does it: what a member says of itself, wherever it stands.
        if (a.greater.field.valid() && record.state(a.greater.field.index()) == value::State::kGiven)
            bound = given(module_, record, a.greater.field);
        if (!bound) continue;
        const Nanos from = a.strict ? *bound : *bound + 1;
        if (from > now && from <= kEndOfTime && (!first || from < *first)) first = from;
    }
    return first;
}

}  // namespace keywright::analysis

#include "logic/predicate.h"

#include "base/text.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

namespace keywright::logic {
namespace {

// Every question about text is answered by reading it once, character by character, and remembering little: each is a
// finite automaton. Their product is walked breadth first, so the shortest texts of every combination come first.

using Scalars = std::u32string;

Scalars scalars_of(const std::string& text) {
    Scalars out;
    for (std::size_t at = 0; at < text.size();) out.push_back(base::next_scalar(text, at));
    return out;
}

void append(std::string& out, char32_t c) {
    const auto byte = [&](char32_t bits) { out.push_back(static_cast<char>(static_cast<unsigned char>(bits))); };
    if (c < 0x80) {
        byte(c);
    } else if (c < 0x800) {
        byte(0xc0 | (c >> 6));
        byte(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        byte(0xe0 | (c >> 12));
        byte(0x80 | ((c >> 6) & 0x3f));
        byte(0x80 | (c & 0x3f));
    } else {
        byte(0xf0 | (c >> 18));
        byte(0x80 | ((c >> 12) & 0x3f));
        byte(0x80 | ((c >> 6) & 0x3f));
        byte(0x80 | (c & 0x3f));
    }
}

struct GlobItem {
    enum class Kind : std::uint8_t { kRun, kOne, kLetter } kind = Kind::kLetter;
    char32_t letter = 0;
};

std::vector<GlobItem> items_of(const std::string& glob) {
    std::vector<GlobItem> out;
    const Scalars scalars = scalars_of(glob);
    for (std::size_t i = 0; i < scalars.size(); ++i) {
        const char32_t c = scalars[i];
        if (c == U'*') {
            out.push_back({GlobItem::Kind::kRun, 0});
        } else if (c == U'?') {
            out.push_back({GlobItem::Kind::kOne, 0});
        } else if (c == U'\\' && i + 1 < scalars.size()) {
            out.push_back({GlobItem::Kind::kLetter, scalars[++i]});
        } else {
            out.push_back({GlobItem::Kind::kLetter, c});
        }
    }
    return out;
}

// The state of all automata, one number each but for globs, which need a bit for each of their items.
using State = std::vector<std::uint64_t>;

class Product {
public:
    explicit Product(std::span<const Predicate> predicates) : predicates_(predicates) {
        for (const Predicate& p : predicates) {
            Machine m;
            m.at = width_;
            if (p.ask == Ask::kLike) {
                m.items = items_of(std::get<std::string>(p.value));
                width_ += m.items.size() / 64 + 1;
            } else {
                if (const auto* text = std::get_if<std::string>(&p.value)) m.word = scalars_of(*text);
                width_ += 1;
            }
            machines_.push_back(std::move(m));
        }
    }

    [[nodiscard]] State start() const {
        State s(width_, 0);
        for (std::size_t i = 0; i < predicates_.size(); ++i) {
            if (predicates_[i].ask == Ask::kLike) {
                set(s, machines_[i], 0);
                close(s, machines_[i]);
            }
        }
        return s;
    }

    [[nodiscard]] State step(const State& from, char32_t c) const {
        State to(width_, 0);
        for (std::size_t i = 0; i < predicates_.size(); ++i) {
            const Machine& m = machines_[i];
            const std::uint64_t was = from[m.at];
            std::uint64_t& now = to[m.at];
            const std::size_t size = m.word.size();
            switch (predicates_[i].ask) {
                case Ask::kIs:  // letters matched; size + 1: another text
                    now = was < size && m.word[was] == c ? was + 1 : size + 1;
                    break;
                case Ask::kStartsWith:  // stays where the prefix has been read
                    now = was == size ? size : was < size && m.word[was] == c ? was + 1 : size + 1;
                    break;
                case Ask::kEndsWith: now = longest_end(m.word, static_cast<std::size_t>(was), c); break;
                case Ask::kIsBlank: now = was != 0 || !base::is_white_space(c) ? 1 : 0; break;
                case Ask::kLength:
                    now = std::min<std::uint64_t>(
                        was + 1, static_cast<std::uint64_t>(std::max<std::int64_t>(0, predicates_[i].number)));
                    break;
                case Ask::kLike:
                    for (std::size_t k = 0; k < m.items.size(); ++k) {
                        if (!get(from, m, k)) continue;
                        const GlobItem& item = m.items[k];
                        if (item.kind == GlobItem::Kind::kRun)
                            set(to, m, k);
                        else if (item.kind == GlobItem::Kind::kOne || item.letter == c)
                            set(to, m, k + 1);
                    }
                    close(to, m);
                    break;
                case Ask::kAtLeast:
                case Ask::kWithin:
                case Ask::kCovers:
                case Ask::kOverlaps:
                case Ask::kIsOpen:
                case Ask::kIsPrivate:
                case Ask::kIsIpv6:
                case Ask::kPrefix:
                case Ask::kFact: break;  // not about text
            }
        }
        return to;
    }

    [[nodiscard]] std::vector<bool> truth(const State& s) const {
        std::vector<bool> out;
        for (std::size_t i = 0; i < predicates_.size(); ++i) {
            const Machine& m = machines_[i];
            switch (predicates_[i].ask) {
                case Ask::kIs:
                case Ask::kStartsWith:
                case Ask::kEndsWith: out.push_back(s[m.at] == m.word.size()); break;
                case Ask::kIsBlank: out.push_back(s[m.at] == 0); break;
                case Ask::kLength: out.push_back(static_cast<std::int64_t>(s[m.at]) >= predicates_[i].number); break;
                case Ask::kLike: out.push_back(get(s, m, m.items.size())); break;
                case Ask::kAtLeast:
                case Ask::kWithin:
                case Ask::kCovers:
                case Ask::kOverlaps:
                case Ask::kIsOpen:
                case Ask::kIsPrivate:
                case Ask::kIsIpv6:
                case Ask::kPrefix:
                case Ask::kFact: out.push_back(false); break;
            }
        }
        return out;
    }

    // Letters that matter, and as many others as members are wanted: no automaton tells those apart.
    [[nodiscard]] Scalars alphabet(std::size_t members) const {
        std::set<char32_t> named;
        bool blank = false;
        for (std::size_t i = 0; i < predicates_.size(); ++i) {
            named.insert(machines_[i].word.begin(), machines_[i].word.end());
            for (const GlobItem& item : machines_[i].items) {
                if (item.kind == GlobItem::Kind::kLetter) named.insert(item.letter);
            }
            blank = blank || predicates_[i].ask == Ask::kIsBlank;
        }
        Scalars out;
        const auto add_others = [&](std::u32string_view likely, char32_t from, char32_t to, bool white) {
            std::size_t left = members;
            const auto take = [&](char32_t c) {
                if (left == 0 || named.contains(c) || base::is_white_space(c) != white || out.find(c) != Scalars::npos)
                    return;
                out.push_back(c);
                --left;
            };
            for (const char32_t c : likely) take(c);
            for (char32_t c = from; c < to && left > 0; ++c) take(c);
        };
        add_others(U"xyzabcdefghijklmnopqrstuvw0123456789", 0x4e00, 0x9fa5, false);
        out.append(named.begin(), named.end());
        if (blank) add_others(U" \t\n\u00a0", 0x1680, 0x3001, true);
        return out;
    }

private:
    struct Machine {
        std::size_t at = 0;
        Scalars word;
        std::vector<GlobItem> items;
    };

    static bool get(const State& s, const Machine& m, std::size_t bit) {
        return (s[m.at + bit / 64] >> (bit % 64) & 1U) != 0;
    }
    static void set(State& s, const Machine& m, std::size_t bit) {
        s[m.at + bit / 64] |= std::uint64_t{1} << (bit % 64);
    }
    // A run may be empty.
    static void close(State& s, const Machine& m) {
        for (std::size_t k = 0; k < m.items.size(); ++k) {
            if (get(s, m, k) && m.items[k].kind == GlobItem::Kind::kRun) set(s, m, k + 1);
        }
    }
    // The longest beginning of `word` that `word[0, was)` and `c` end with.
    static std::uint64_t longest_end(const Scalars& word, std::size_t was, char32_t c) {
        Scalars read = word.substr(0, was);
        read.push_back(c);
        for (std::size_t n = std::min(read.size(), word.size()); n > 0; --n) {
            if (read.compare(read.size() - n, n, word, 0, n) == 0) return n;
        }
        return 0;
    }

    std::span<const Predicate> predicates_;
    std::vector<Machine> machines_;
    std::size_t width_ = 0;
};

}  // namespace

std::optional<std::vector<ValueClass>> text_classes(std::span<const Predicate> predicates, std::size_t members) {
    constexpr std::size_t kMostStates = 200'000;
    const Product product{predicates};
    const Scalars alphabet = product.alphabet(members);

    struct Found {
        State state;
        std::size_t from;  // index of the text that this one prolongs
        char32_t last;
    };
    // Texts in order of length; of one state no more than `members`, as what follows them is the same.
    std::vector<Found> texts;
    std::map<State, std::size_t> seen;
    const auto reach = [&](State state, std::size_t from, char32_t last) {
        std::size_t& count = seen[state];
        if (count >= members) return;
        ++count;
        texts.push_back({std::move(state), from, last});
    };
    reach(product.start(), 0, 0);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (texts.size() > kMostStates) return std::nullopt;
        for (const char32_t c : alphabet) reach(product.step(texts[i].state, c), i, c);
    }

    std::vector<ValueClass> out;
    std::map<std::vector<bool>, std::size_t> known;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        std::vector<bool> truth = product.truth(texts[i].state);
        const auto [at, is_new] = known.try_emplace(truth, out.size());
        if (is_new) out.push_back({std::move(truth), {}});
        ValueClass& found = out[at->second];
        if (found.members.size() >= members) continue;
        Scalars letters;
        for (std::size_t k = i; k != 0; k = texts[k].from) letters.push_back(texts[k].last);
        std::string text;
        for (auto c = letters.rbegin(); c != letters.rend(); ++c) append(text, *c);
        found.members.emplace_back(std::move(text));
    }
    return out;
}

}  // namespace keywright::logic

// The walk over the tokens of one record, which decodes it into a row of columns.
//
// It goes through the members in the order in which they stand, guessing each from the one before (records of one
// source have one order), and gives up at anything out of the ordinary. Nothing of a record that was given up is in the
// columns.
#pragma once

#include "input/rows_columns.h"
#include "input/rows_plan.h"
#include "value/network.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace keywright::input {

class RowWalk {
public:
    explicit RowWalk(const RowPlan::Plan& plan);

    // The tokens that follow belong to `text`, which lies in `around`: what may be read past its ends. `depth`: how
    // many arrays and objects stand round a record.
    void take(std::string_view text, std::string_view around, const std::uint32_t* tokens, std::size_t count,
              std::size_t depth);
    void set_now(Instant now) { now_ = now; }

    // Reads the record that begins at token `first`, a `{`, and ends before the byte `limit`. Returns the token behind
    // its closing brace, or 0 where it is left to the strict reader; the row must then be given up.
    [[nodiscard]] std::size_t record(std::size_t first, std::size_t limit, std::size_t row);

    ColumnStore& store() { return store_; }

private:
    using Token = const std::uint32_t*;  // in the index; null: given up

    // What stands at a token, and where its string ends.
    [[nodiscard]] char at(Token token) const { return text_[*token]; }
    [[nodiscard]] bool string_at(Token token, std::string_view& raw) const;
    [[nodiscard]] bool ends_at(const char* end, Token next) const;
    [[nodiscard]] bool literal_at(Token token, std::string_view word) const;
    [[nodiscard]] bool integer_at(Token token, std::int64_t& out) const;
    [[nodiscard]] bool roomy(const char* from, std::size_t bytes) const {
        return static_cast<std::size_t>(readable_end_ - from) >= bytes;
    }

    [[nodiscard]] Token object(Token token, std::uint32_t number, std::size_t depth);
    [[nodiscard]] std::uint32_t member_named(Token token, std::uint32_t object_number) const;
    [[nodiscard]] Token member(Token token, std::uint32_t number, const MemberPlan& member, std::size_t depth);
    [[nodiscard]] Token null_member(Token token, std::uint32_t number);
    [[nodiscard]] Token value(Token token, std::uint32_t number, MemberForm form, std::size_t depth);
    [[nodiscard]] Token stands_for_none(Token token, const FieldPlan& field, bool& given_up) const;
    [[nodiscard]] Token text_value(Token token, std::uint32_t number);
    [[nodiscard]] Token secret(Token token, std::uint32_t number, std::size_t depth);
    [[nodiscard]] Token secret_facts(Token token, value::SecretFacts& out) const;
    [[nodiscard]] Token enum_set(Token token, std::uint32_t number, std::size_t depth);
    [[nodiscard]] Token network_set(Token token, std::uint32_t number, std::size_t depth);
    [[nodiscard]] Token set(Token token, std::uint32_t number, MemberForm form, std::size_t depth);
    [[nodiscard]] bool element(std::string_view raw, const FieldPlan& field, MemberForm form);
    [[nodiscard]] bool pieces(std::string_view raw, const FieldPlan& field, MemberForm form);
    [[nodiscard]] bool finish_set(std::uint32_t number, MemberForm form);
    [[nodiscard]] Token unknown_list(Token token);
    [[nodiscard]] Token pass_over(Token token, std::size_t depth);
    [[nodiscard]] bool network_of(std::string_view raw, value::Network& out) const;
    [[nodiscard]] bool instant_number(std::int64_t number, const FieldPlan& field, std::uint32_t to);
    [[nodiscard]] bool duration_number(std::int64_t number, const FieldPlan& field, std::uint32_t to);
    [[nodiscard]] Token time_number(Token token, const FieldPlan& field, std::int64_t& out) const;

    void give(Column& column) { column.given[word_] |= bit_; }
    void mark(std::uint64_t* plane, bool holds) {
        if (plane != nullptr && holds) plane[word_] |= bit_;
    }
    void set_absent(std::uint32_t number);
    void set_unknown(std::uint32_t number);
    void set_text(std::uint32_t number, std::string_view text);
    void set_secret(std::uint32_t number, const value::SecretFacts& facts);
    void set_choice(std::uint32_t number, std::uint32_t index);
    void set_number(std::uint32_t number, std::int64_t seconds, std::uint32_t nanoseconds);
    void set_members(std::uint32_t number, std::uint64_t bits);
    void set_networks(std::uint32_t number, std::span<const value::Network> networks);
    void set_constant(std::uint32_t number, const value::Value& constant);
    [[nodiscard]] bool set_missing(std::uint32_t number);  // as the plan says; false where it may not be missing

    [[nodiscard]] bool finish();
    [[nodiscard]] bool missing_field(std::uint32_t number);
    [[nodiscard]] bool assumptions_hold();

    const RowPlan::Plan& plan_;
    ColumnStore store_;
    const char* text_ = nullptr;
    const char* readable_end_ = nullptr;
    const std::uint32_t* tokens_ = nullptr;
    const std::uint32_t* end_ = nullptr;
    std::size_t limit_ = 0, depth_ = 0;
    Instant now_;

    // The row.
    std::size_t row_ = 0, word_ = 0;
    std::uint64_t bit_ = 0;
    value::Record* record_ = nullptr;  // where a field is needed as it is
    std::vector<std::uint64_t> seen_;  // by member
    std::vector<std::uint64_t> listed_;
    bool any_listed_ = false;

    // Which member came behind which, by member, and which came first, by object: guesses.
    std::vector<std::uint32_t> next_, first_;
    std::vector<std::uint64_t> is_field_;  // by member

    // Elements of the set that is being read.
    std::size_t elements_ = 0;
    std::uint64_t words_seen_ = 0, bits_ = 0;
    std::vector<value::Network> networks_, sorted_networks_;
    std::vector<std::int64_t> integers_;
    std::vector<std::string_view> texts_;
    std::string unescaped_;
    std::vector<std::string_view> names_;  // of the objects that are passed over
};

}  // namespace keywright::input

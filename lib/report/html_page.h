// The scaffold of our HTML pages: one self-contained file each, which loads nothing and runs nothing but our own
// script.
//
// The policy in its head names the digests of our style and script; what comes from outside goes through Markup, and if
// something ever got past it, a browser still wouldn't run it. Without script, and in print, all is shown.
#pragma once

#include "keywright/report.h"
#include "report/markup.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace keywright::report {

// How something is marked: by a sign and a word as much as by a colour.
struct Tone {
    std::string_view name;  // of the class: `bad`, `warn`, `note`, `good`, `odd`, `dim`
    std::string_view sign, word;
};

[[nodiscard]] Tone tone_of(Verdict verdict);
[[nodiscard]] Tone tone_of(Severity severity);

// Values by which the items of a list can be filtered: boxes to tick.
struct FilterGroup {
    std::string_view legend;  // `Verdict`
    std::string_view name;    // of the items' attribute: `data-NAME` holds words
    struct Choice {
        std::string_view word;
        std::size_t count;
    };
    std::vector<Choice> choices;
};

class HtmlPage {
public:
    // `kind`: what the page is, in a few words above the headline; `headline`: what comes of it all.
    HtmlPage(std::string_view kind, std::string_view title, Tone tone, std::string_view headline);

    Markup& body() { return body_; }

    void begin_section(std::string_view id, std::string_view heading);
    void end_section();

    // Numbers side by side.
    struct Card {
        Tone tone;
        std::size_t count;
    };
    void cards(const std::vector<Card>& cards);

    // A table that scrolls by itself where it is too wide. A column whose name begins with `#` holds numbers: cells of
    // class `n`.
    void begin_table(std::string_view caption, const std::vector<std::string_view>& columns);
    void end_table();

    // `✗ violation` as a label.
    Markup& mark(Tone tone);

    // The controls above the list `id`, which is to follow as `<ol id=… class="items">`.
    void filter(std::string_view id, std::string_view what, const std::vector<FilterGroup>& groups);

    // Names and values.
    void facts(const std::vector<std::pair<std::string_view, std::string>>& facts);

    [[nodiscard]] std::string finish();

private:
    std::string title_;
    Markup head_, body_;
    std::vector<std::pair<std::string, std::string>> sections_;  // id, heading
};

// The texts of style.cpp: our style sheet and our script.
[[nodiscard]] std::string_view html_style();
[[nodiscard]] std::string_view html_script();

}  // namespace keywright::report

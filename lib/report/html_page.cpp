#include "report/html_page.h"

#include "base/digest.h"

#include <algorithm>
#include <cstdint>

namespace keywright::report {

namespace {

[[nodiscard]] std::uint32_t digit_of(char c) { return static_cast<std::uint32_t>(c >= 'a' ? c - 'a' + 10 : c - '0'); }

// `sha256-…` in base64, as a content security policy wants it.
[[nodiscard]] std::string policy_digest(std::string_view text) {
    constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const std::string hex = base::sha256(text).substr(std::string_view{"sha256:"}.size());
    std::string out = "sha256-";
    for (std::size_t i = 0; i < hex.size(); i += 6) {
        std::uint32_t bits = 0;
        const std::size_t given = std::min<std::size_t>(6, hex.size() - i);
        for (std::size_t k = 0; k < 6; ++k) bits = bits << 4 | (k < given ? digit_of(hex[i + k]) : 0);
        const std::size_t whole = given / 2 + 1;  // of four digits, those that hold bits
        for (std::size_t k = 0; k < 4; ++k) out += k < whole ? kDigits[bits >> (18 - 6 * k) & 63] : '=';
    }
    return out;
}

}  // namespace

Tone tone_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::kCompliant: return {"good", "✓", "compliant"};
        case Verdict::kViolation: return {"bad", "✗", "violation"};
        case Verdict::kUndetermined: return {"warn", "?", "undetermined"};
        case Verdict::kInvalid: return {"odd", "!", "unreadable"};
    }
    return {};
}

Tone tone_of(Severity severity) {
    switch (severity) {
        case Severity::kError: return {"bad", "✗", "error"};
        case Severity::kWarning: return {"warn", "▲", "warning"};
        case Severity::kInfo: return {"note", "•", "info"};
    }
    return {};
}

HtmlPage::HtmlPage(std::string_view kind, std::string_view title, Tone tone, std::string_view headline)
    : title_(title) {
    head_.raw("<p class=\"kind\">").text(kind).raw("</p>\n<h1 class=\"").raw(tone.name).raw("\">");
    head_.raw("<span aria-hidden=\"true\">").raw(tone.sign).raw("</span> ").text(headline).raw("</h1>\n");
    head_.element("p class=\"sub\"", title).raw("\n");
}

void HtmlPage::begin_section(std::string_view id, std::string_view heading) {
    sections_.emplace_back(id, heading);
    body_.raw("<section aria-labelledby=\"").raw(id).raw("\">\n<h2 id=\"").raw(id).raw("\">").text(heading);
    body_.raw("</h2>\n");
}

void HtmlPage::end_section() { body_.raw("</section>\n"); }

void HtmlPage::cards(const std::vector<Card>& cards) {
    body_.raw("<ul class=\"cards\">\n");
    for (const Card& card : cards) {
        body_.raw("<li class=\"").raw(card.count == 0 ? "dim" : card.tone.name).raw("\"><b>");
        body_.raw(std::to_string(card.count)).raw("</b> <span aria-hidden=\"true\">").raw(card.tone.sign);
        body_.raw("</span> ").text(card.tone.word).raw("</li>\n");
    }
    body_.raw("</ul>\n");
}

void HtmlPage::begin_table(std::string_view caption, const std::vector<std::string_view>& columns) {
    // What scrolls has to be reachable by keyboard, and needs a name then.
    body_.raw("<div class=\"scroll\" role=\"region\" tabindex=\"0\"")
        .attribute("aria-label", caption)
        .raw(">\n<table>\n");
    body_.element("caption", caption).raw("\n<thead><tr>");
    for (const std::string_view column : columns) {
        if (column.starts_with('#')) {
            body_.element("th scope=\"col\" class=\"n\"", column.substr(1));
        } else {
            body_.element("th scope=\"col\"", column);
        }
    }
    body_.raw("</tr></thead>\n<tbody>\n");
}

void HtmlPage::end_table() { body_.raw("</tbody>\n</table>\n</div>\n"); }

Markup& HtmlPage::mark(Tone tone) {
    body_.raw("<span class=\"mark ").raw(tone.name).raw("\"><span aria-hidden=\"true\">").raw(tone.sign);
    return body_.raw("</span> ").raw(tone.word).raw("</span>");
}

void HtmlPage::filter(std::string_view id, std::string_view what, const std::vector<FilterGroup>& groups) {
    body_.raw("<form class=\"filter\" hidden data-filter=\"").raw(id).raw("\" role=\"search\"");
    body_.attribute("aria-label", "Filter " + std::string{what})
        .raw(">\n<label>Text <input type=\"search\" autocomplete=\"off\" spellcheck=\"false\"></label>\n");
    for (const FilterGroup& group : groups) {
        body_.raw("<fieldset data-group=\"").raw(group.name).raw("\"><legend>").raw(group.legend).raw("</legend>\n");
        for (const FilterGroup::Choice& choice : group.choices) {
            if (choice.count == 0) continue;
            body_.raw("<label><input type=\"checkbox\" checked value=\"").raw(choice.word).raw("\"> ");
            body_.raw(choice.word).raw(" <small>").raw(std::to_string(choice.count)).raw("</small></label>\n");
        }
        body_.raw("</fieldset>\n");
    }
    body_.raw("<button type=\"reset\">Show all</button>\n<output aria-live=\"polite\"></output>\n</form>\n");
}

void HtmlPage::facts(const std::vector<std::pair<std::string_view, std::string>>& facts) {
    body_.raw("<dl class=\"facts\">\n");
    for (const auto& [name, value] : facts) body_.element("dt", name).element("dd", value).raw("\n");
    body_.raw("</dl>\n");
}

std::string HtmlPage::finish() {
    Markup out;
    out.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '");
    out.raw(policy_digest(html_style())).raw("'; script-src '").raw(policy_digest(html_script()));
    out.raw("'; base-uri 'none'; form-action 'none'\">\n");
    out.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.raw("<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n");
    out.raw("<meta name=\"generator\" content=\"Keywright " KEYWRIGHT_VERSION "\">\n");
    out.element("title", title_).raw("\n<style>").raw(html_style()).raw("</style>\n</head>\n<body>\n");
    out.raw("<a class=\"skip\" href=\"#main\">Skip to the contents</a>\n<header>\n").raw(head_.take());
    out.raw("<nav aria-label=\"Sections\"><ul>");
    for (const auto& [id, heading] : sections_) {
        out.raw("<li><a href=\"#").raw(id).raw("\">").text(heading).raw("</a></li>");
    }
    out.raw("</ul></nav>\n</header>\n<main id=\"main\">\n").raw(body_.take()).raw("</main>\n");
    out.raw("<footer><p>Made by Keywright " KEYWRIGHT_VERSION ". The same input gives the same page.</p></footer>\n");
    out.raw("<script>").raw(html_script()).raw("</script>\n</body>\n</html>\n");
    return out.take();
}

}  // namespace keywright::report

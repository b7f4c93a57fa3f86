#include "report/text_parts.h"

namespace keywright::report {

Mark mark_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::kCompliant: return {"✓", Ink::kGreen};
        case Verdict::kViolation: return {"✗", Ink::kRed};
        case Verdict::kUndetermined: return {"?", Ink::kYellow};
        case Verdict::kInvalid: return {"!", Ink::kMagenta};
    }
    return {"!", Ink::kMagenta};
}

std::string_view named(const std::string& pointer) {
    return pointer.empty() ? std::string_view{"the record"} : std::string_view{pointer};
}

void write_verdict(Page& page, Verdict verdict) {
    const Mark mark = mark_of(verdict);
    page.ink(mark.ink, mark.sign).plain(" ").ink(mark.ink, to_string(verdict)).plain("  ");
}

void write_source(Page& page, const std::string& source, std::size_t index) {
    page.name(source, Ink::kDim).ink(Ink::kDim, "#" + std::to_string(index)).line();
}

void write_error(Page& page, const RecordError& error) {
    page.spaces(2).ink(Ink::kMagenta, "error[").name(error.code, Ink::kMagenta).ink(Ink::kMagenta, "]").plain("  ");
    page.name(named(error.at), Ink::kBold).line();
    page.spaces(kBody).prose(error.message, kBody).line();
    if (!error.help.empty()) page.label("help", kBody, kValue).prose(error.help, kValue).line();
}

std::string words_of(const WaiverUsed& waiver) {
    std::string out = "until " + to_string(waiver.until);
    if (!waiver.owner.empty()) out += " by " + waiver.owner;
    out += ": " + waiver.reason;
    if (!waiver.ticket.empty()) out += " (" + waiver.ticket + ")";
    return out;
}

void write_place(Page& page, const SourceRange& range) {
    page.name(range.file, Ink::kDim).ink(Ink::kDim, ":" + std::to_string(range.line));
}

}  // namespace keywright::report

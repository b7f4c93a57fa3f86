#include "input/reader.h"

#include "base/text.h"
#include "input/adapter.h"
#include "input/assume.h"
#include "input/canonical.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace keywright::input {

namespace {

using diag::Code;

constexpr std::string_view kBlanks = " \t\r\n";

[[nodiscard]] std::string_view trim(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

// Hands out the lines of a text, line breaks left off.
class Lines {
public:
    explicit Lines(std::string_view text) : rest_(text) {}

    // The next line that isn't blank.
    [[nodiscard]] std::optional<std::string_view> next() {
        while (!done_) {
            const std::size_t end = rest_.find('\n');
            std::string_view line = rest_.substr(0, end);
            done_ = end == std::string_view::npos;
            if (!done_) rest_.remove_prefix(end + 1);
            ++number_;
            if (!trim(line).empty()) {
                if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
                return line;
            }
        }
        return std::nullopt;
    }
    [[nodiscard]] std::size_t number() const { return number_; }  // 1-based, of the line handed out last

private:
    std::string_view rest_;
    std::size_t number_ = 0;
    bool done_ = false;
};

// Tells on which line a byte of a text stands, for bytes asked for in ascending order: linear in the text for all of
// them together.
class LineCounter {
public:
    // `first`: the line that the text begins on.
    explicit LineCounter(std::string_view text, std::size_t first = 1) : text_(text), line_(first) {}

    [[nodiscard]] std::size_t line_of(std::size_t offset) {
        offset = std::min(offset, text_.size());
        for (; at_ < offset; ++at_) line_ += text_[at_] == '\n' ? 1 : 0;
        return line_;
    }

private:
    std::string_view text_;
    std::size_t at_ = 0, line_;
};

// The text of a field as people's name for the record; empty where it is not given or blank.
[[nodiscard]] std::string label(const ir::Module& module, const value::Record& record, std::size_t field) {
    if (record.state(field) != value::State::kGiven) return {};
    const ir::Kind kind = module.schema.fields[field].type.kind;
    if (kind == ir::Kind::kInt) return std::to_string(record.integer(field));
    if (kind != ir::Kind::kText || base::is_blank(record.text(field))) return {};
    return base::printable(record.text(field));
}

}  // namespace

class Reader::Session {
public:
    Session(const ir::Module& module, const ReadOptions& options)
        : module_(module),
          options_(options),
          canonical_(module),
          context_{module, options_.limits, json_, problems_, out_.record, {}, {}} {
        if (options.adapter != nullptr) native_.emplace(module, *options.adapter);
        for (const ir::Field& field : module.schema.fields) out_.pointers.push_back(field.pointer);
    }

    void run(std::string_view text, DocumentForm form, TextPlace place, const std::function<void(ReadRecord&)>& sink) {
        sink_ = &sink;
        place_ = place;
        if (trim(text).empty()) return;
        switch (form) {
            case DocumentForm::kDocument: document(text); break;
            case DocumentForm::kLines: lines(text); break;
            case DocumentForm::kAuto: guess(text); break;
        }
        json_.clear();
    }
    void refuse_empty(const std::function<void(ReadRecord&)>& sink) {
        sink_ = &sink;
        refuse(Code::kNoRecords, "the text holds no record",
               "give a JSON object, an array of objects, or one object a line");
    }

private:
    [[nodiscard]] LineCounter counter(std::string_view text) const { return LineCounter{text, place_.line}; }

    void guess(std::string_view text) {
        Lines all{text};
        const std::string_view first = trim(*all.next());
        const auto second = all.next();
        JsonError error;
        if (!second) return document(text);
        if (parse_json(first, options_.limits, json_, error) && json_.kind(json_.root()) == JsonKind::kObject) {
            return lines(text);
        }
        if (parse_json(text, options_.limits, json_, error)) return records_of_document(counter(text));
        // Neither reads. Lines that each look like an object are meant as such, and only some of them are wrong.
        bool looks_like_lines = first.front() == '{' && first.back() == '}';
        if (looks_like_lines) {
            Lines others{text};
            (void)others.next();
            looks_like_lines = false;
            while (const auto line = others.next()) {
                if (trim(*line).front() == '{') {
                    looks_like_lines = true;
                    break;
                }
            }
        }
        if (looks_like_lines) return lines(text);
        refuse(error, {}, counter(text).line_of(error.offset));
    }

    void document(std::string_view text) {
        JsonError error;
        if (parse_json(text, options_.limits, json_, error)) return records_of_document(counter(text));
        refuse(error, {}, counter(text).line_of(error.offset));
    }

    void lines(std::string_view text) {
        Lines all{text};
        while (const auto line = all.next()) {
            const std::size_t number = place_.line - 1 + all.number();
            const std::string where = "this is line " + std::to_string(number) + " of the text";
            if (line->size() > options_.limits.record_bytes) {
                refuse(Code::kJsonTooLarge, too_large("the line", line->size()), where, number);
                continue;
            }
            JsonError error;
            if (parse_json(*line, options_.limits, json_, error)) {
                records_of_document(LineCounter{*line, number});
            } else {
                refuse(error, where, number);
            }
        }
    }

    void records_of_document(LineCounter text) {
        NativeReader::Place place{json_.root(), {}};
        if (native_) {
            begin();
            out_.line = text.line_of(json_.begin(json_.root()));
            place = native_->open_envelope(context_);
            if (!problems_.empty()) return hand_over();
        }
        if (json_.kind(place.node) != JsonKind::kArray) {
            return record(place.node, place.pointer, text.line_of(json_.begin(place.node)));
        }
        std::size_t position = place_.element;
        for (auto child = json_.first_child(place.node); child != JsonDocument::kNone;
             child = json_.next_sibling(child)) {
            record(child, place.pointer + "/" + std::to_string(position++), text.line_of(json_.begin(child)));
        }
    }

    void begin() {
        out_.subject.clear();
        out_.line = 0;
        out_.errors.clear();
        out_.record.reset(module_.schema.fields.size());
        problems_.reset(options_.limits.errors_per_record);
        context_.base.clear();
        context_.objects.assign(module_.schema.fields.size(), JsonDocument::kNone);
    }

    void record(JsonDocument::Index node, std::string pointer, std::size_t line) {
        begin();
        out_.line = line;
        context_.base = std::move(pointer);
        const std::size_t bytes = json_.end(node) - json_.begin(node);
        if (json_.kind(node) != JsonKind::kObject) {
            problems_.add(Code::kNotAnObject, json_.begin(node), context_.base,
                          "a record must be an object, not " + std::string{word(json_.kind(node))});
        } else if (bytes > options_.limits.record_bytes) {
            problems_.add(Code::kJsonTooLarge, json_.begin(node), context_.base, too_large("the record", bytes));
        } else {
            if (native_) {
                native_->read(context_, node);
            } else {
                canonical_.read(context_, node);
            }
            out_.subject = subject_of(module_, options_.adapter, out_.record);
            if (problems_.empty()) assumptions();
        }
        hand_over();
    }

    void assumptions() {
        find_broken_assumptions(module_, out_.record, options_.now, [&](ir::FieldId field, std::string message) {
            std::string at = context_.base;
            if (field.valid()) {
                at += native_ ? native_->pointer_of(field.index()) : module_.schema.fields[field.index()].pointer;
            }
            problems_.add(Code::kAssumptionBroken, 0, std::move(at), std::move(message));
        });
    }

    void hand_over() {
        out_.errors = problems_.take();
        (*sink_)(out_);
    }

    // Hands over a record that only says what is wrong.
    void refuse(Code code, std::string message, std::string help, std::size_t line = 0) {
        begin();
        out_.line = line;
        problems_.add(code, 0, {}, std::move(message), std::move(help));
        hand_over();
    }
    void refuse(const JsonError& error, std::string help, std::size_t line) {
        begin();
        out_.line = line;
        out_.errors.push_back({error.code, error.pointer, error.message, std::move(help)});
        (*sink_)(out_);
    }

    [[nodiscard]] std::string too_large(std::string_view what, std::size_t bytes) const {
        return std::string{what} + " has " + std::to_string(bytes) + " bytes, more than " +
               std::to_string(options_.limits.record_bytes) + " (`record_bytes`)";
    }

    const ir::Module& module_;
    const ReadOptions options_;
    const std::function<void(ReadRecord&)>* sink_ = nullptr;
    TextPlace place_;
    JsonDocument json_;
    Problems problems_;
    ReadRecord out_;
    CanonicalReader canonical_;
    std::optional<NativeReader> native_;
    Context context_;
};

Reader::Reader(const ir::Module& module, const ReadOptions& options)
    : session_(std::make_unique<Session>(module, options)) {}
Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

void Reader::read(std::string_view text, DocumentForm form, TextPlace place,
                  const std::function<void(ReadRecord&)>& sink) {
    session_->run(text, form, place, sink);
}

std::string subject_of(const ir::Module& module, const ir::Adapter* adapter, const value::Record& record) {
    if (adapter != nullptr && adapter->subject.valid()) {
        std::string out = label(module, record, adapter->subject.index());
        if (!out.empty()) return out;
    }
    const auto& fields = module.schema.fields;
    for (const std::string_view name : {"name", "id"}) {
        const auto found =
            std::find_if(fields.begin(), fields.end(), [&](const ir::Field& f) { return f.name == name; });
        if (found == fields.end()) continue;
        std::string out = label(module, record, static_cast<std::size_t>(found - fields.begin()));
        if (!out.empty()) return out;
    }
    return {};
}

void read_records(const ir::Module& module, std::string_view text, DocumentForm form, const ReadOptions& options,
                  const std::function<void(ReadRecord&)>& sink) {
    Reader reader{module, options};
    if (trim(text).empty()) return reader.session_->refuse_empty(sink);
    reader.read(text, form, {}, sink);
}

}  // namespace keywright::input

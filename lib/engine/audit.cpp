// What an audit asks of a pack, the numbers it gathers, and the audit in one thread.
#include "keywright/audit.h"

#include "engine/audit_state.h"

#include <algorithm>
#include <utility>

namespace keywright {

namespace {

// Whether an array as the root of a document holds the records, whatever else the adapter reads. A pointer that begins
// with a number would lead into the array.
[[nodiscard]] bool reads_arrays(const ir::Adapter& adapter) {
    if (adapter.at.empty()) return true;
    const bool into_array =
        adapter.at.size() > 1 && ((adapter.at[1] >= '0' && adapter.at[1] <= '9') || adapter.at[1] == '-');
    return adapter.at_optional && !into_array;
}

}  // namespace

std::string_view to_string(AuditedInput::Form form) {
    switch (form) {
        case AuditedInput::Form::kLines: return "lines";
        case AuditedInput::Form::kArray: return "array";
        case AuditedInput::Form::kDocument: return "document";
    }
    return {};
}

bool AuditReport::violates(Severity at_least) const {
    return std::ranges::any_of(by_rule, [&](const AuditedRule& rule) {
        return (rule.violated > 0 && rule.severity >= at_least) || (rule.warned > 0 && rule.warning >= at_least);
    });
}

Auditor::State::State(const Rules& of, const AuditOptions& asked) : rules(of), options(asked) {
    options.block_bytes = std::clamp<std::size_t>(options.block_bytes, 1, std::size_t{1} << 30);
    const ir::Module& module = rules.state().module;
    if (!options.adapter.empty()) {
        const auto found = std::ranges::find(module.adapters, options.adapter, &ir::Adapter::name);
        knows_adapter = found != module.adapters.end();
        if (knows_adapter) {
            adapter = &*found;
            streams_arrays = reads_arrays(*adapter);
        }
    }
    std::uint32_t exemptions = 0;
    for (const ir::Rule& rule : module.rules) {
        first_exemption.push_back(exemptions);
        exemptions += static_cast<std::uint32_t>(rule.exemptions.size());
    }
    first_exemption.push_back(exemptions);
    // Results say why, which columns don't know.
    if (!options.columns || !knows_adapter || options.results != AuditOptions::Results::kNone) return;
    batch.emplace(module);
    row_plan.emplace(module, batch->needs(), adapter, options.limits);
    if (!row_plan->usable()) row_plan.reset();
}

CheckOptions Auditor::State::check_options(std::string_view source) const {
    CheckOptions out;
    out.now = options.now;
    out.adapter = options.adapter;
    out.source = source;
    out.limits = options.limits;
    return out;
}

Auditor::Auditor(const Rules& rules, const AuditOptions& options)
    : state_(std::make_shared<const State>(rules, options)) {}

const AuditOptions& Auditor::options() const { return state_->options; }
const Rules& Auditor::rules() const { return state_->rules; }

AuditBlock::AuditBlock() : state_(std::make_unique<State>()) {}
AuditBlock::~AuditBlock() = default;
AuditBlock::AuditBlock(AuditBlock&&) noexcept = default;
AuditBlock& AuditBlock::operator=(AuditBlock&&) noexcept = default;

namespace engine {

namespace {

// Not left out by the compiler, which may not know that nothing reads the bytes any more.
void wipe_bytes(char* bytes, std::size_t count) {
    static void* (*const volatile set)(void*, int, std::size_t) = std::memset;
    if (count > 0) set(bytes, 0, count);
}

}  // namespace

Buffer& Buffer::operator=(Buffer&& other) noexcept {
    if (this == &other) return *this;
    wipe();
    bytes_ = std::move(other.bytes_);
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, 0);
    used_ = std::exchange(other.used_, 0);
    return *this;
}

void Buffer::reserve(std::size_t capacity) {
    if (capacity <= capacity_) return;
    auto larger = std::make_unique_for_overwrite<char[]>(capacity);
    if (size_ > 0) std::memcpy(larger.get(), bytes_.get(), size_);
    const std::size_t size = size_;
    wipe();
    bytes_ = std::move(larger);
    capacity_ = capacity;
    size_ = used_ = size;
}

void Buffer::append(std::string_view bytes) {
    reserve(size_ + bytes.size());
    if (!bytes.empty()) std::memcpy(bytes_.get() + size_, bytes.data(), bytes.size());
    resize(size_ + bytes.size());
}

void Buffer::assign(std::string_view bytes) {
    size_ = 0;
    append(bytes);
}

void Buffer::resize(std::size_t size) {
    size_ = size;
    used_ = std::max(used_, size);
}

void Buffer::wipe() {
    if (bytes_) wipe_bytes(bytes_.get(), used_);
    bytes_.reset();
    size_ = capacity_ = used_ = 0;
}

void AuditCounts::reset(const Auditor::State& auditor) {
    auto keep_rules = std::move(rules);
    auto keep_exemptions = std::move(exemptions);
    *this = {};
    rules = std::move(keep_rules);
    exemptions = std::move(keep_exemptions);
    rules.assign(auditor.module().rules.size(), {});
    exemptions.assign(auditor.first_exemption.back(), 0);
}

void AuditCounts::add(const AuditCounts& other) {
    records += other.records;
    compliant += other.compliant;
    violation += other.violation;
    undetermined += other.undetermined;
    invalid += other.invalid;
    waived += other.waived;
    open += other.open;
    never_expire += other.never_expire;
    expired += other.expired;
    will_expire += other.will_expire;
    may_expire += other.may_expire;
    for (std::size_t i = 0; i < rules.size(); ++i) {
        rules[i].violated += other.rules[i].violated;
        rules[i].warned += other.rules[i].warned;
        rules[i].undetermined += other.rules[i].undetermined;
        rules[i].perhaps_warned += other.rules[i].perhaps_warned;
        rules[i].exempt += other.rules[i].exempt;
    }
    for (std::size_t i = 0; i < exemptions.size(); ++i) exemptions[i] += other.exemptions[i];
    for (const auto& [code, count] : other.errors) errors[code] += count;
}

void AuditPart::reset(const Auditor::State& auditor) {
    counts.reset(auditor);
    lines = 0;
    found.clear();
    expiring.clear();
    results.clear();
    holes.clear();
    broken.reset();
    broken_at = 0;
}

AuditWanted::AuditWanted(std::size_t kinds, std::size_t samples) : missing(kinds) {
    for (auto& one : missing) one.store(static_cast<std::uint32_t>(samples), std::memory_order_relaxed);
}

}  // namespace engine

// --- one thread ------------------------------------------------------------------------------------------------------

struct Audit::State {
    explicit State(const Auditor& of) : auditor(of), tally(of), worker(tally) {}

    void work() {
        while (auto block = input->next()) {
            worker.decide(*block);
            if (!tally.add(*block)) ended = true;
            input->reuse(std::move(*block));
        }
        if (input->problem()) ended = true;
    }

    Auditor auditor;
    AuditTally tally;
    AuditWorker worker;
    std::optional<AuditInput> input;
    bool ended = false;  // the input can't be read on
};

Audit::Audit(const Auditor& auditor) : state_(std::make_unique<State>(auditor)) {}
Audit::~Audit() = default;
Audit::Audit(Audit&&) noexcept = default;
Audit& Audit::operator=(Audit&&) noexcept = default;

void Audit::begin(std::string_view source, bool lines) {
    if (state_->input) end(false);
    state_->tally.begin(source);
    state_->input.emplace(state_->auditor, source, lines);
    state_->ended = false;
}

void Audit::add(std::string_view bytes) {
    while (state_->input && !state_->ended && !bytes.empty()) {
        const std::span<char> room = state_->input->room();
        const std::size_t count = std::min(room.size(), bytes.size());
        std::memcpy(room.data(), bytes.data(), count);
        state_->input->add(count);
        bytes.remove_prefix(count);
        state_->work();
    }
}

void Audit::end(bool all) {
    if (!state_->input) return;
    if (!state_->ended) {
        state_->input->end(all);
        state_->work();
    }
    state_->tally.end(all, state_->input->problem());
    state_->input.reset();
}

std::string Audit::take_results() { return state_->tally.take_results(); }
std::string Audit::results_head() const { return state_->tally.results_head(); }
std::string Audit::results_tail() const { return state_->tally.results_tail(); }
AuditReport Audit::report() const { return state_->tally.report(); }

}  // namespace keywright

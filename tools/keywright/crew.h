// Threads that decide blocks of an audit, which come back in the order in which they were given.
#pragma once

#include "keywright/audit.h"

#include <cstddef>
#include <memory>
#include <optional>

namespace keywright::command {

class Crew {
public:
    // With one job there is no thread beside the caller's. One that can't be started is done without. The tally
    // outlives this.
    Crew(const AuditTally& tally, std::size_t jobs);
    ~Crew();
    Crew(const Crew&) = delete;
    Crew& operator=(const Crew&) = delete;

    void give(AuditBlock&& block);
    // The oldest block that was given and not taken, as soon as it is decided; with `wait` false only if it is already.
    // What a worker threw is thrown here.
    [[nodiscard]] std::optional<AuditBlock> take(bool wait);
    [[nodiscard]] std::size_t pending() const;
    // So many may be pending before the caller had better wait.
    [[nodiscard]] std::size_t most() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace keywright::command

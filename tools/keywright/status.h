// How the command ends: the exit statuses of its contract, and the failures that end a verb early.
#pragma once

#include <string>
#include <utility>

namespace keywright::command {

enum class Status : int {
    kClean = 0,
    kFindings = 1,      // violations, failed tests, differences
    kUndetermined = 2,  // something is undetermined, or a record is unreadable
    kRuleErrors = 3,    // a rule file has errors
    kUsage = 64,
    kFault = 70,  // our own
    kFile = 74,   // a file can't be read or written
};

// Thrown where a verb can't go on; `main` shows the message (made harmless there) and returns the status.
struct Failure {
    Status status;
    std::string message;  // empty: say nothing
    std::string help;
};

[[noreturn]] inline void fail(Status status, std::string message, std::string help = {}) {
    throw Failure{status, std::move(message), std::move(help)};
}

}  // namespace keywright::command

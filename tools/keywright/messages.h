// What the command says on standard error.
#pragma once

#include "keywright/keywright.h"
#include "settings.h"
#include "status.h"

#include <string>
#include <string_view>

namespace keywright::command {

// Writes to standard error; what can't be written there is lost, as there is no other place.
void write_error(std::string_view text);

// `keywright: message`, with its help on a line of its own, both made harmless.
void show(const Failure& failure);

// Diagnostics in the format of the results, so that whoever reads those can read these.
void show(const Diagnostic& diagnostic, const std::vector<Compiled::File>& files, const Settings& settings);

}  // namespace keywright::command

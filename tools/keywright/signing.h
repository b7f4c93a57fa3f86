// `--require-signature`: rules that aren't signed by a key decide nothing.
#pragma once

#include "keywright/keywright.h"
#include "pack.h"
#include "settings.h"

#include <string>

namespace keywright::command {

// Where the settings require a signature: checks the texts that were compiled, and remembers the version that was seen.
// A pack that isn't as it was signed, or is an older one, loses its rules, and its diagnostics say why. `root` is the
// one that it was compiled with. A key or a memory that can't be read is a `Failure`.
void require_signature(Compiled& compiled, const std::string& root, const Settings& settings, Scope scope);
// The same for a pack that comes from elsewhere than the disk.
void require_signature(Compiled& compiled, const FileSource& files, const Settings& settings);

}  // namespace keywright::command

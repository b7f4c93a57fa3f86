// `keywright version`.
#include "files.h"
#include "verbs.h"

namespace keywright::command {

Status run_version(const Arguments&) {
    Output out{{}};
    out.write("keywright " KEYWRIGHT_VERSION "\nlanguage edition 1\n");
    out.finish();
    return Status::kClean;
}

}  // namespace keywright::command

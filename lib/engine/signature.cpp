// The signature of a pack on disk.
#include "keywright/signature.h"

#include "engine/disk.h"

namespace keywright {

PackSignature check_signature(const std::string& root, const Compiled& compiled, const SignatureOptions& options) {
    return check_signature(engine::DiskFiles{root}, compiled, options);
}

}  // namespace keywright

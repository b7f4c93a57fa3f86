// The member `evidence` of a report.
#pragma once

#include "keywright/evidence.h"
#include "report/json_writer.h"

namespace keywright::report {

void write(JsonWriter& json, const Evidence& evidence);

}  // namespace keywright::report

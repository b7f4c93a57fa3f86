// The limit: simdjson's first stage and a walk of our own, which decodes only what the rules can ask of a record.
#include "walk.h"

int main(int count, char** words) { return validators::run_walk<false>(count, words); }

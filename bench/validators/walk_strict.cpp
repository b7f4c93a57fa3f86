// The same walk where everything is checked as the product's reader checks it.
#include "walk.h"

int main(int count, char** words) { return validators::run_walk<true>(count, words); }

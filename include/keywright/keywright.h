// Keywright: checks API-key configurations against a rule pack, and says what is wrong, why, and where the source says
// so.
//
// Three steps (each header tells more):
//
//     #include <keywright/keywright.h>
//
//     keywright::Compiled compiled = keywright::compile_path("rules/kucoin_tr");      // rules.h
//     if (!compiled.rules) return show(compiled.diagnostics);                          // diagnostic.h
//     keywright::Report report = compiled.rules->check(json, {.now = instant});        // report.h
//
// What the design gives up, so that every answer is exact: rules have no loops, no recursion, no host functions, no
// regular expressions and no floating point. What it never does: throw for an input, print, exit, or read the clock.
#pragma once

#include "keywright/audit.h"
#include "keywright/columns.h"
#include "keywright/coverage.h"
#include "keywright/diagnostic.h"
#include "keywright/diff.h"
#include "keywright/emit.h"
#include "keywright/evidence.h"
#include "keywright/forecast.h"
#include "keywright/generate.h"
#include "keywright/limits.h"
#include "keywright/lint.h"
#include "keywright/mutation.h"
#include "keywright/proof.h"
#include "keywright/render.h"
#include "keywright/render_analysis.h"
#include "keywright/render_audit.h"
#include "keywright/render_coverage.h"
#include "keywright/render_mutation.h"
#include "keywright/render_reports.h"
#include "keywright/render_trace.h"
#include "keywright/render_verification.h"
#include "keywright/repair.h"
#include "keywright/report.h"
#include "keywright/rules.h"
#include "keywright/signature.h"
#include "keywright/testing.h"
#include "keywright/time.h"
#include "keywright/trace.h"
#include "keywright/verify.h"
#include "keywright/why.h"

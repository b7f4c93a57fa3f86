// Decides a key request before it is sent to the exchange, and says what to mend.
//
//     check_before_submit rules/kucoin_tr examples/kucoin/request.json
#include <keywright/keywright.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

int main(int count, char** words) {
    if (count != 3) return std::fputs("usage: check_before_submit RULES REQUEST\n", stderr), 64;
    const keywright::Compiled compiled = keywright::compile_path(words[1]);
    for (const auto& diagnostic : compiled.diagnostics)
        std::fputs(to_pretty(diagnostic, compiled.files).c_str(), stderr);
    if (!compiled.rules) return 3;

    std::ifstream file(words[2]);
    const std::string request{std::istreambuf_iterator<char>(file), {}};

    // The library never reads the clock: whoever asks says at what instant.
    keywright::CheckOptions options;
    options.now.seconds = std::chrono::system_clock::now().time_since_epoch() / std::chrono::seconds{1};
    options.adapter = "request";  // the pack knows that a key being asked for was neither created nor used
    options.source = words[2];

    const keywright::Report report = compiled.rules->check(request, options);
    bool submit = !report.results.empty();
    for (const auto& record : report.results) {
        std::fputs(to_pretty(record, report.rules, options.now).c_str(), stdout);
        submit = submit && record.verdict == keywright::Verdict::kCompliant;
    }
    std::puts(submit ? "submit it" : "don't submit it");
    return submit ? 0 : 1;
}

// Text as an address or block: what is accepted has one canonical text, and the questions about it agree with each
// other.
#include "fuzz/law.h"
#include "value/network.h"

#include <string>
#include <variant>
#include <vector>

using namespace keywright;
using fuzz::law;
using value::Network;

namespace {

void check_one(std::string_view text, bool allow_masked, std::vector<Network>& found) {
    const auto read = value::parse_network(text, allow_masked);
    if (const auto* failure = std::get_if<value::NetworkFailure>(&read)) {
        if (failure->suggestion.empty()) return;
        const auto again = value::parse_network(failure->suggestion, allow_masked);
        law(std::holds_alternative<Network>(again), "a suggestion is a network");
        law(failure->suggestion != text, "a suggestion is something else");
        return;
    }
    const Network& network = std::get<Network>(read);
    law(!network.masked || allow_masked, "masked only where it may be");
    if (network.masked) return;
    const std::string shown = value::to_string(network);
    const auto again = value::parse_network(shown, false);
    law(std::holds_alternative<Network>(again) && std::get<Network>(again) == network,
        "the canonical text is the same network");
    law(value::to_string(std::get<Network>(again)) == shown, "there is one canonical text");
    law(network.prefix <= (network.family == 4 ? 32 : 128), "a prefix fits its family");
    law(network.family == 6 || (network.high == 0 && network.low >> 32U == 0), "IPv4 stands in the low bits");
    law(value::covers(network, network) && value::overlaps(network, network), "a network is in itself");
    law(value::covered_by(network, std::vector{network}), "a network is covered by itself");
    found.push_back(network);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::text_of(data, size);
    std::vector<Network> found;
    const std::size_t cut = text.find('\n');
    check_one(text.substr(0, cut), (size & 1U) != 0, found);
    if (cut != std::string_view::npos) check_one(text.substr(cut + 1), (size & 1U) != 0, found);
    for (const Network& a : found) {
        for (const Network& b : found) {
            if (value::covers(a, b)) law(value::overlaps(a, b), "what covers overlaps");
            law(value::overlaps(a, b) == value::overlaps(b, a), "overlapping is mutual");
            law(value::overlaps(a, b) == (value::covers(a, b) || value::covers(b, a)), "blocks nest or are apart");
            if (value::covers(a, b) && value::covers(b, a)) law(a == b, "two that cover each other are one");
            law(value::covered_by(b, std::vector{a}) == value::covers(a, b), "one block covers as a list of one");
        }
    }
    return 0;
}

#include "analysis/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <system_error>
#include <thread>
#include <vector>

namespace keywright::analysis {

void for_each_block(std::size_t count, std::size_t threads, const std::function<void(std::size_t)>& work,
                    const std::function<void(std::size_t)>& tell) {
    if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
    threads = std::min(threads, count);
    std::atomic<std::size_t> next = 0;
    std::atomic<std::size_t> done = 0;
    std::vector<char> failed(count);
    const auto help = [&]() noexcept {
        for (std::size_t block = 0; (block = next++) < count; ++done) {
            try {
                work(block);
            } catch (...) {
                failed[block] = 1;
            }
        }
    };
    std::vector<std::thread> helpers;
    // Joins whatever happens, as a thread that is still running looks at what stands here.
    struct Join {
        std::vector<std::thread>& helpers;
        ~Join() {
            for (std::thread& helper : helpers) helper.join();
        }
    };
    {
        const Join join{helpers};
        helpers.reserve(threads);
        try {
            while (helpers.size() + 1 < threads) helpers.emplace_back(help);
        } catch (const std::system_error&) {
            // Those that there are, and this one, do it all.
        }
        for (std::size_t block = 0; (block = next++) < count;) {
            work(block);
            tell(++done);
        }
    }
    for (std::size_t block = 0; block < count; ++block) {
        if (failed[block] != 0) work(block);
    }
}

}  // namespace keywright::analysis

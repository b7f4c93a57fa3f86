#include "workers.h"

#include "numbers.h"

#include <pthread.h>
#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>
#include <vector>

namespace keywright::command {

namespace {

// What the compiler may walk on the stack fits into 8 MiB (limits.h); threads have less in some systems.
constexpr std::size_t kStack = std::size_t{16} << 20;

struct Job {
    std::size_t count;
    const std::function<void(std::size_t)>& work;
    std::vector<std::exception_ptr> failures;
    std::atomic<std::size_t> next = 0;
    std::atomic<std::size_t> done = 0;

    bool step() noexcept {
        const std::size_t i = next++;
        if (i >= count) return false;
        try {
            work(i);
        } catch (...) {
            failures[i] = std::current_exception();
        }
        ++done;
        return true;
    }
};

void* help(void* argument) {
    auto& job = *static_cast<Job*>(argument);
    while (job.step()) {
    }
    return nullptr;
}

}  // namespace

std::size_t jobs_of(const Arguments& arguments) {
    if (arguments.jobs) return static_cast<std::size_t>(number_of("--jobs", *arguments.jobs, 1024));
    return std::max(1u, std::thread::hardware_concurrency());
}

void for_each_of(std::size_t count, std::size_t jobs, const std::function<void(std::size_t)>& work,
                 const std::function<void(std::size_t)>& tell) {
    Job job{count, work, std::vector<std::exception_ptr>(count)};
    std::vector<pthread_t> helpers(std::min(jobs, count));
    std::size_t started = 0;
    pthread_attr_t attributes;
    if (helpers.size() > 1 && ::pthread_attr_init(&attributes) == 0) {
        (void)::pthread_attr_setstacksize(&attributes, kStack);
        // One that can't be started is done without.
        while (started + 1 < helpers.size() && ::pthread_create(&helpers[started], &attributes, help, &job) == 0)
            ++started;
        (void)::pthread_attr_destroy(&attributes);
    }
    while (job.step()) {
        if (tell) tell(job.done);
    }
    for (std::size_t i = 0; i < started; ++i) ::pthread_join(helpers[i], nullptr);
    for (const std::exception_ptr& failure : job.failures) {
        if (failure) std::rethrow_exception(failure);
    }
}

}  // namespace keywright::command

#include "crew.h"

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace keywright::command {

struct Crew::State {
    struct Task {
        AuditBlock block;
        bool begun = false, done = false;
        std::exception_ptr failure = nullptr;
    };

    explicit State(const AuditTally& tally) : own(tally) {}

    void work(AuditWorker& worker) {
        std::unique_lock lock{mutex};
        while (true) {
            has_work.wait(lock, [&] { return stop || next < tasks.size(); });
            if (stop) return;
            Task& task = *tasks[next++];
            lock.unlock();
            try {
                worker.decide(task.block);
            } catch (...) {
                task.failure = std::current_exception();
            }
            lock.lock();
            task.done = true;
            is_done.notify_one();
        }
    }

    AuditWorker own;
    std::vector<AuditWorker> workers;
    std::vector<std::thread> threads;

    std::mutex mutex;
    std::condition_variable has_work, is_done;
    std::deque<std::unique_ptr<Task>> tasks;
    std::size_t next = 0;  // the first of them that nobody has begun
    bool stop = false;
};

Crew::Crew(const AuditTally& tally, std::size_t jobs) : state_(std::make_unique<State>(tally)) {
    if (jobs <= 1) return;
    for (std::size_t i = 0; i < jobs; ++i) state_->workers.emplace_back(tally);
    for (AuditWorker& worker : state_->workers) {
        try {
            state_->threads.emplace_back([this, &worker] { state_->work(worker); });
        } catch (const std::system_error&) {
            break;
        }
    }
}

Crew::~Crew() {
    {
        const std::lock_guard lock{state_->mutex};
        state_->stop = true;
    }
    state_->has_work.notify_all();
    for (std::thread& thread : state_->threads) thread.join();
}

void Crew::give(AuditBlock&& block) {
    auto task = std::make_unique<State::Task>();
    task->block = std::move(block);
    if (state_->threads.empty()) {
        state_->own.decide(task->block);
        task->done = true;
    }
    {
        const std::lock_guard lock{state_->mutex};
        state_->tasks.push_back(std::move(task));
        if (state_->threads.empty()) ++state_->next;
    }
    state_->has_work.notify_one();
}

std::optional<AuditBlock> Crew::take(bool wait) {
    std::unique_lock lock{state_->mutex};
    if (state_->tasks.empty()) return std::nullopt;
    if (!state_->tasks.front()->done) {
        if (!wait) return std::nullopt;
        state_->is_done.wait(lock, [&] { return state_->tasks.front()->done; });
    }
    const std::unique_ptr<State::Task> task = std::move(state_->tasks.front());
    state_->tasks.pop_front();
    --state_->next;
    if (task->failure) std::rethrow_exception(task->failure);
    return std::move(task->block);
}

std::size_t Crew::pending() const {
    const std::lock_guard lock{state_->mutex};
    return state_->tasks.size();
}

std::size_t Crew::most() const { return state_->threads.empty() ? 1 : state_->threads.size() + 2; }

}  // namespace keywright::command

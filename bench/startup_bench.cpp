// The command from start to exit, beside a program that does nothing: what checking one record in a script costs.
#include <benchmark/benchmark.h>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

void spawn(benchmark::State& state, const char* const* arguments, int wanted) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    for (auto _ : state) {
        pid_t child = 0;
        int status = 0;
        const bool started =
            posix_spawn(&child, arguments[0], &actions, nullptr, const_cast<char**>(arguments), environ) == 0;
        if (!started || waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != wanted) {
            state.SkipWithError("the program did not end as it should");
            break;
        }
    }
    posix_spawn_file_actions_destroy(&actions);
}

void nothing(benchmark::State& state) {
    static constexpr const char* kArguments[] = {"/bin/true", nullptr};
    spawn(state, kArguments, 0);
}
BENCHMARK(nothing)->Unit(benchmark::kMillisecond)->UseRealTime();

void check_one_record(benchmark::State& state) {
    static constexpr const char* kArguments[] = {KEYWRIGHT_COMMAND,
                                                 "check",
                                                 "--rules",
                                                 KEYWRIGHT_SOURCE_DIR "/rules/kucoin_tr",
                                                 "--at",
                                                 "2026-02-15T00:00:00Z",
                                                 KEYWRIGHT_SOURCE_DIR "/examples/kucoin/spot_key.json",
                                                 nullptr};
    spawn(state, kArguments, 1);
}
BENCHMARK(check_one_record)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace

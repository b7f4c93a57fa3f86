#include "streams.h"

#include "files.h"
#include "status.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <system_error>
#include <vector>

namespace keywright::command {

namespace {

constexpr std::size_t kChunk = std::size_t{1} << 16;
// A frame may ask for a window of its own size to look back into; this one is what zstd's command takes by default (27
// is 128 MiB) narrowed to what keeps a thread's memory within its bounds.
constexpr int kZstdWindowLog = 23;  // 8 MiB

volatile std::sig_atomic_t interrupted_by = 0;
int wake_up[2] = {-1, -1};

timespec interrupted_at{};

// `timeout`, among others, sends a signal twice at once, to the process and to its group. A second one that comes later
// means it.
void on_interrupt(int signal) {
    constexpr long kTogether = 300;  // milliseconds
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    if (interrupted_by == 0) {
        interrupted_at = now;
    } else if ((now.tv_sec - interrupted_at.tv_sec) * 1000L + (now.tv_nsec - interrupted_at.tv_nsec) / 1'000'000L >
               kTogether) {
        (void)std::signal(signal, SIG_DFL);
        (void)std::raise(signal);  // as soon as this returns
        return;
    }
    interrupted_by = signal;
    const char byte = 0;
    if (wake_up[1] >= 0) (void)!::write(wake_up[1], &byte, 1);
}

enum class Packing : std::uint8_t { kUnknown, kPlain, kGzip, kZstd };

}  // namespace

void heed_interrupts() {
    // A signal between looking and waiting must not be missed: it leaves a byte to be found.
    if (::pipe2(wake_up, O_CLOEXEC | O_NONBLOCK) != 0) wake_up[0] = wake_up[1] = -1;
    struct sigaction action{};
    action.sa_handler = on_interrupt;
    for (const int signal : {SIGINT, SIGTERM}) (void)::sigaddset(&action.sa_mask, signal);
    for (const int signal : {SIGINT, SIGTERM}) (void)::sigaction(signal, &action, nullptr);
}

bool was_interrupted() { return interrupted_by != 0; }

struct Stream::State {
    explicit State(const std::string& path) : name(path == "-" ? "standard input" : path) {
        descriptor = path == "-" ? STDIN_FILENO : open_file(path);
        struct stat about{};
        if (descriptor < 0 || ::fstat(descriptor, &about) != 0) fail_to_read(errno);
        if (S_ISDIR(about.st_mode)) fail_to_read(EISDIR);
        if (S_ISREG(about.st_mode)) size = static_cast<std::uint64_t>(about.st_size);
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() {
        if (packing == Packing::kGzip) ::inflateEnd(&gzip);
        if (zstd != nullptr) ::ZSTD_freeDCtx(zstd);
        if (descriptor > STDERR_FILENO) ::close(descriptor);
        ::explicit_bzero(chunk.data(), chunk.size());
    }

    // Opening a pipe waits for who writes to it, which an interrupt ends.
    [[nodiscard]] static int open_file(const std::string& path) {
        while (true) {
            const int out = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
            if (out >= 0 || errno != EINTR || was_interrupted()) return out;
        }
    }

    [[noreturn]] void fail_to_read(int error) const {
        if (error == EINTR) fail(Status::kUndetermined, "interrupted before anything was read");
        fail(Status::kFile, "`" + name + "` can't be read: " + reason_of(error));
    }

    void give_up(const std::string& why) {
        problem = "`" + name + "` " + why;
        ended = true;
    }

    // Bytes of the file itself. 0: as for `Stream::read`.
    [[nodiscard]] std::size_t take(char* into, std::size_t count) {
        while (!ended) {
            if (was_interrupted()) {
                interrupted = ended = true;
                return 0;
            }
            if (!size && wake_up[0] >= 0) {
                // Waiting for a pipe has to end with a signal.
                pollfd both[2] = {{descriptor, POLLIN, 0}, {wake_up[0], POLLIN, 0}};
                if (::poll(both, 2, -1) < 0 && errno != EINTR) return failed(errno);
                if (was_interrupted()) continue;
            }
            const ssize_t got = ::read(descriptor, into, count);
            if (got > 0) {
                taken += static_cast<std::uint64_t>(got);
                return static_cast<std::size_t>(got);
            }
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) return failed(errno);
            file_ended = true;
            if (size && taken < *size) {
                give_up("has become shorter while it was read: it ends at byte " + std::to_string(taken) + " of " +
                        std::to_string(*size));
            }
            return 0;
        }
        return 0;
    }
    std::size_t failed(int error) {
        give_up("can't be read on at byte " + std::to_string(taken) + ": " + reason_of(error));
        return 0;
    }

    // --- what it is packed with --------------------------------------------------------------------------------------

    // The first bytes tell; a pipe may hand them over one by one.
    void find_packing() {
        chunk.resize(kChunk);
        while (filled < 4 && !file_ended && !ended) filled += take(chunk.data() + filled, chunk.size() - filled);
        const auto starts = [&](std::initializer_list<unsigned char> bytes) {
            std::size_t i = 0;
            for (const unsigned char byte : bytes) {
                if (i >= filled || static_cast<unsigned char>(chunk[i]) != byte) return false;
                ++i;
            }
            return true;
        };
        const bool skippable = filled >= 4 && starts({static_cast<unsigned char>(chunk[0]), 0x2a, 0x4d, 0x18}) &&
                               (static_cast<unsigned char>(chunk[0]) & 0xf0U) == 0x50U;
        if (starts({0x1f, 0x8b})) {
            // 16: a header of gzip and nothing else; 15: the largest window there is, 32 KiB.
            if (::inflateInit2(&gzip, 15 + 16) != Z_OK) return give_up("can't be decompressed: memory ran out");
            packing = Packing::kGzip;
        } else if (starts({0x28, 0xb5, 0x2f, 0xfd}) || skippable) {
            zstd = ::ZSTD_createDCtx();
            if (zstd == nullptr) return give_up("can't be decompressed: memory ran out");
            (void)::ZSTD_DCtx_setParameter(zstd, ZSTD_d_windowLogMax, kZstdWindowLog);
            packing = Packing::kZstd;
        } else {
            packing = Packing::kPlain;
        }
    }

    // More of the file into the chunk where all of it is used up; false: there is none.
    [[nodiscard]] bool refill() {
        if (used < filled) return true;
        used = 0;
        filled = file_ended ? 0 : take(chunk.data(), chunk.size());
        return filled > 0;
    }

    [[nodiscard]] std::size_t plain(std::span<char> room) {
        std::size_t count = 0;
        if (used < filled) {
            count = std::min(room.size(), filled - used);
            std::memcpy(room.data(), chunk.data() + used, count);
            used += count;
        }
        // A file gives all that is asked for; what a pipe has is handed on at once.
        while (count < room.size() && !file_ended && !ended && (size || count == 0))
            count += take(room.data() + count, room.size() - count);
        return count;
    }

    [[nodiscard]] std::size_t unzip(std::span<char> room) {
        gzip.next_out = reinterpret_cast<Bytef*>(room.data());
        gzip.avail_out = static_cast<uInt>(std::min<std::size_t>(room.size(), 1U << 30U));
        const std::size_t all = gzip.avail_out;
        while (gzip.avail_out > 0 && !ended) {
            if (!refill()) {
                if (!ended && in_member) truncated("gzip");
                break;
            }
            if (!in_member) {
                // Behind a member stands another one, or zeros that fill up a block of a tape.
                if (chunk[used] == '\0') {
                    ++used;
                    continue;
                }
                (void)::inflateReset(&gzip);
                in_member = true;
            }
            gzip.next_in = reinterpret_cast<Bytef*>(chunk.data() + used);
            gzip.avail_in = static_cast<uInt>(filled - used);
            const int result = ::inflate(&gzip, Z_NO_FLUSH);
            used = filled - gzip.avail_in;
            if (result == Z_STREAM_END) {
                in_member = false;
            } else if (result != Z_OK && result != Z_BUF_ERROR) {
                damaged("gzip");
            }
        }
        return all - gzip.avail_out;
    }

    [[nodiscard]] std::size_t unzstd(std::span<char> room) {
        ZSTD_outBuffer out{room.data(), room.size(), 0};
        while (out.pos < out.size && !ended) {
            const bool more = refill();
            if (!more && (ended || !in_member)) break;
            ZSTD_inBuffer in{chunk.data() + used, filled - used, 0};
            const std::size_t before = out.pos;
            const std::size_t result = ::ZSTD_decompressStream(zstd, &out, &in);
            used += in.pos;
            if (::ZSTD_isError(result) != 0) {
                const bool window = ::ZSTD_getErrorCode(result) == ZSTD_error_frameParameter_windowTooLarge;
                if (window) {
                    give_up("needs more than " + std::to_string((std::uint64_t{1} << kZstdWindowLog) >> 20U) +
                            " MiB to be decompressed, at byte " + std::to_string(place()) +
                            ": compress it with a smaller window (`zstd --long=" + std::to_string(kZstdWindowLog) +
                            "`, or a level up to 19)");
                } else {
                    damaged("zstd");
                }
                break;
            }
            in_member = result != 0;
            // What was decoded before may still be handed over; if nothing comes any more, something is missing.
            if (!more && in_member && out.pos == before) truncated("zstd");
        }
        return out.pos;
    }

    [[nodiscard]] std::uint64_t place() const { return taken - (filled - used); }
    void truncated(const char* what) {
        give_up("breaks off in the middle of its " + std::string{what} + " data, at byte " + std::to_string(taken));
    }
    void damaged(const char* what) {
        give_up("holds no valid " + std::string{what} + " data at byte " + std::to_string(place()));
    }

    std::string name;
    int descriptor = -1;
    std::optional<std::uint64_t> size;
    std::uint64_t taken = 0;
    bool file_ended = false, ended = false, interrupted = false;
    std::optional<std::string> problem;

    Packing packing = Packing::kUnknown;
    std::vector<char> chunk;
    std::size_t used = 0, filled = 0;
    bool in_member = false;
    z_stream gzip{};
    ZSTD_DCtx* zstd = nullptr;
};

Stream::Stream(const std::string& path) : state_(std::make_unique<State>(path)) {}
Stream::~Stream() = default;
Stream::Stream(Stream&&) noexcept = default;
Stream& Stream::operator=(Stream&&) noexcept = default;

std::size_t Stream::read(std::span<char> room) {
    if (state_->packing == Packing::kUnknown) state_->find_packing();
    switch (state_->packing) {
        case Packing::kUnknown: return 0;
        case Packing::kPlain: return state_->plain(room);
        case Packing::kGzip: return state_->unzip(room);
        case Packing::kZstd: return state_->unzstd(room);
    }
    return 0;
}

bool Stream::skip(std::uint64_t bytes) {
    State& state = *state_;
    if (state.packing == Packing::kUnknown) state.find_packing();
    if (state.packing == Packing::kPlain && state.size && bytes >= state.filled) {
        // From the file's beginning, for some of it has been read to see what it is.
        if (::lseek(state.descriptor, static_cast<off_t>(bytes), SEEK_SET) < 0) return (void)state.failed(errno), false;
        state.used = state.filled = 0;
        state.taken = bytes;
        return true;
    }
    std::vector<char> away(kChunk);
    while (bytes > 0) {
        const std::size_t count =
            read(std::span{away}.first(static_cast<std::size_t>(std::min<std::uint64_t>(bytes, away.size()))));
        if (count == 0) break;
        bytes -= count;
    }
    ::explicit_bzero(away.data(), away.size());
    return bytes == 0;
}

const std::optional<std::string>& Stream::problem() const { return state_->problem; }
bool Stream::interrupted() const { return state_->interrupted; }
const std::string& Stream::name() const { return state_->name; }
std::uint64_t Stream::taken() const { return state_->taken; }
std::optional<std::uint64_t> Stream::size() const { return state_->size; }

}  // namespace keywright::command

/* Stands between a process and the C library: the n-th call that writes under a folder fails, or time is another.

   FAULT_FOLDER  calls about what lies in there are counted
   FAULT_AT      the number of the call that fails, from 1; 0 for none
   FAULT_ERRNO   with which error it fails; 0: the process is killed instead
   FAULT_LASTING 1: so do all that follow it
   FAULT_LOG     a file that gets a line for each call that was counted
   FAULT_CLOCK   seconds by which the system's clock is off
   FAULT_LEAPS   `20:-3600,50:86400`: by how many it is off from the 20th call that is counted, and from the 50th

   Where the clock leaps, files that are written get their times by it. Settings are read when the process begins,
   and again by `fault_begin`. Processes that this one starts are left alone. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static const char *folder, *leaps;
static long at, number, shift;
static int error, lasting, log_handle = -1;
static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;

static const char *setting(const char *name, const char *otherwise) {
    const char *value = getenv(name);
    return value ? value : otherwise;
}

__attribute__((constructor)) void fault_begin(void) {
    number = 0;
    folder = setting("FAULT_FOLDER", "");
    at = atol(setting("FAULT_AT", "0"));
    error = atoi(setting("FAULT_ERRNO", "0"));
    lasting = atoi(setting("FAULT_LASTING", "0"));
    shift = atol(setting("FAULT_CLOCK", "0"));
    leaps = setting("FAULT_LEAPS", "");
    const char *log = setting("FAULT_LOG", "");
    if (*log)
        log_handle = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    unsetenv("LD_PRELOAD");
}

static int within(const char *path) {
    size_t length = strlen(folder);
    return length && strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == 0);
}

/* Whether the call is to fail; then errno is set. */
static int fails(const char *what, const char *path) {
    if (!within(path))
        return 0;
    pthread_mutex_lock(&one);
    long mine = ++number;
    for (const char *leap = leaps; leap && *leap; leap = strchr(leap, ',') ? strchr(leap, ',') + 1 : NULL) {
        long from, seconds;
        if (sscanf(leap, "%ld:%ld", &from, &seconds) == 2 && from == mine)
            shift = seconds;
    }
    if (log_handle >= 0) {
        char line[PATH_MAX + 64];
        int size = snprintf(line, sizeof line, "%s %s\n", what, path);
        if (syscall(SYS_write, log_handle, line, size) < 0)
            log_handle = -1;
    }
    pthread_mutex_unlock(&one);
    if (!at || mine < at || (mine > at && !lasting))
        return 0;
    if (!error)
        kill(getpid(), SIGKILL);
    errno = error;
    return 1;
}

static int fails_at(const char *what, int place, const char *name) {
    if (name[0] == '/')
        return fails(what, name);
    char link[64], path[2 * PATH_MAX];
    if (place == AT_FDCWD)
        snprintf(link, sizeof link, "/proc/self/cwd");
    else
        snprintf(link, sizeof link, "/proc/self/fd/%d", place);
    ssize_t size = readlink(link, path, PATH_MAX);
    if (size < 0)
        return 0;
    snprintf(path + size, sizeof path - (size_t)size, "/%s", name);
    return fails(what, path);
}

/* The path of an open file, in `path`; 0 where it has none. */
static int path_of(int handle, char *path) {
    if (!*folder || handle <= 2)
        return 0;
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", handle);
    ssize_t size = readlink(link, path, PATH_MAX);
    if (size < 0)
        return 0;
    path[size] = 0;
    return 1;
}

static int fails_on(const char *what, int handle) {
    char path[PATH_MAX + 1];
    return path_of(handle, path) && fails(what, path);
}

/* What the clock tells, for files. */
static void now(struct timespec *told) {
    syscall(SYS_clock_gettime, CLOCK_REALTIME, told);
    told->tv_sec += shift;
}

/* Gives a file that was written just now the time that the clock tells. */
static ssize_t stamped(int handle, ssize_t written) {
    char path[PATH_MAX + 1];
    if (written >= 0 && *leaps && shift && path_of(handle, path) && within(path)) {
        struct timespec times[2] = {{0, UTIME_OMIT}, {0, 0}};
        now(&times[1]);
        syscall(SYS_utimensat, handle, NULL, times, 0);
    }
    return written;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define WRITES(flags) (((flags) & O_ACCMODE) != O_RDONLY || ((flags) & (O_CREAT | O_TRUNC)))
#define MODE(flags)                                                                                                    \
    mode_t mode = 0;                                                                                                   \
    if ((flags) & (O_CREAT | O_TMPFILE)) {                                                                             \
        va_list more;                                                                                                  \
        va_start(more, flags);                                                                                         \
        mode = va_arg(more, mode_t);                                                                                   \
        va_end(more);                                                                                                  \
    }

#define OPEN(name)                                                                                                     \
    int name(const char *path, int flags, ...) {                                                                       \
        MODE(flags)                                                                                                    \
        if (WRITES(flags) && fails_at("open", AT_FDCWD, path))                                                         \
            return -1;                                                                                                 \
        return REAL(name)(path, flags, mode);                                                                          \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                                                                   \
    int name(int place, const char *path, int flags, ...) {                                                            \
        MODE(flags)                                                                                                    \
        if (WRITES(flags) && fails_at("open", place, path))                                                            \
            return -1;                                                                                                 \
        return REAL(name)(place, path, flags, mode);                                                                   \
    }
OPENAT(openat)
OPENAT(openat64)

ssize_t write(int handle, const void *data, size_t size) {
    return fails_on("write", handle) ? -1 : stamped(handle, REAL(write)(handle, data, size));
}

ssize_t writev(int handle, const struct iovec *parts, int count) {
    return fails_on("write", handle) ? -1 : stamped(handle, REAL(writev)(handle, parts, count));
}

ssize_t pwrite64(int handle, const void *data, size_t size, off64_t where) {
    return fails_on("write", handle) ? -1 : stamped(handle, REAL(pwrite64)(handle, data, size, where));
}

ssize_t sendfile64(int to, int from, off64_t *where, size_t size) {
    return fails_on("write", to) ? -1 : stamped(to, REAL(sendfile64)(to, from, where, size));
}

int utimensat(int place, const char *path, const struct timespec times[2], int flags) {
    struct timespec both[2];
    if (!times && *leaps && shift) {
        now(&both[0]);
        both[1] = both[0];
        times = both;
    }
    return (int)syscall(SYS_utimensat, place, path, times, flags);
}

int fsync(int handle) {
    return fails_on("sync", handle) ? -1 : REAL(fsync)(handle);
}

int fdatasync(int handle) {
    return fails_on("sync", handle) ? -1 : REAL(fdatasync)(handle);
}

int rename(const char *from, const char *to) {
    return fails_at("rename", AT_FDCWD, to) ? -1 : REAL(rename)(from, to);
}

int renameat(int from_place, const char *from, int to_place, const char *to) {
    return fails_at("rename", to_place, to) ? -1 : REAL(renameat)(from_place, from, to_place, to);
}

int mkdir(const char *path, mode_t mode) {
    return fails_at("mkdir", AT_FDCWD, path) ? -1 : REAL(mkdir)(path, mode);
}

int unlink(const char *path) {
    return fails_at("unlink", AT_FDCWD, path) ? -1 : REAL(unlink)(path);
}

int clock_gettime(clockid_t clock, struct timespec *told) {
    int result = (int)syscall(SYS_clock_gettime, clock, told);
    if (result == 0 && clock == CLOCK_REALTIME)
        told->tv_sec += shift;
    return result;
}

time_t time(time_t *told) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (told)
        *told = now.tv_sec;
    return now.tv_sec;
}

int gettimeofday(struct timeval *told, void *zone) {
    (void)zone;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    told->tv_sec = now.tv_sec;
    told->tv_usec = now.tv_nsec / 1000;
    return 0;
}

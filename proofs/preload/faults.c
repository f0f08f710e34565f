/* Stands between a program and the disk: writes down what it does to the files under one folder, and lets one of its
 * calls fail or be its last. Loaded before the C library (LD_PRELOAD); built by the proofs when they run.
 *
 *   FAULTS_UNDER    the folder; everything else passes untouched
 *   FAULTS_CONTROL  a file of one `struct control`, shared by all processes
 *   FAULTS_RECORD   where to write records; nothing is recorded without it
 *
 * A record is a `struct record`, the path, the second path, the bytes. A write stands in the record before it is made,
 * a sync twice: when it begins and when it has succeeded. So what a sync covers is what stands before its beginning. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum operation { WRITE = 1, TRUNCATE, SYNC_BEGINS, SYNC_DONE, CREATE, RENAME, UNLINK };
enum fault { KILL = 1, IO_ERROR, NO_SPACE, SHORT_WRITE };

struct control {
    _Atomic int64_t countdown; /* the call that brings this to zero meets the fault; below one, none does */
    _Atomic int64_t seen;      /* calls so far */
    _Atomic int32_t fault;
    _Atomic int32_t fired;
};

struct record {
    uint32_t operation, sync;
    int64_t offset;
    uint32_t path, second, bytes, magic;
};

static const uint32_t MAGIC = 0xba44d1e5;
static struct control *control;
static const char *under;
static int record_to = -1;
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static _Atomic uint32_t syncs;

__attribute__((constructor)) static void begin(void) {
    /* A copy: PostgreSQL writes its titles over the place where the environment stood. */
    under = getenv("FAULTS_UNDER") ? strdup(getenv("FAULTS_UNDER")) : NULL;
    const char *shared = getenv("FAULTS_CONTROL"), *record = getenv("FAULTS_RECORD");
    if (shared) {
        int fd = syscall(SYS_openat, AT_FDCWD, shared, O_RDWR | O_CLOEXEC, 0);
        void *map = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (map != MAP_FAILED) control = map;
        if (fd >= 0) syscall(SYS_close, fd);
    }
    if (record) record_to = syscall(SYS_openat, AT_FDCWD, record, O_WRONLY | O_APPEND | O_CLOEXEC, 0);
}

static int is_under(const char *path) {
    size_t length = under ? strlen(under) : 0;
    return length && strncmp(path, under, length) == 0 && (path[length] == '/' || path[length] == 0);
}

/* The path of an open file under the folder; 0 when it is none, or is gone. */
static int path_of(int fd, char *path) {
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, path, 4095);
    if (length <= 0) return 0;
    path[length] = 0;
    return is_under(path) && !strstr(path, " (deleted)");
}

static int absolute(int at, const char *name, char *path) {
    char folder[4096];
    if (name[0] == '/') snprintf(path, 4096, "%s", name);
    else if (at == AT_FDCWD) {
        if (!getcwd(folder, sizeof folder)) return 0;
        snprintf(path, 4096, "%.2000s/%.2000s", folder, strncmp(name, "./", 2) ? name : name + 2);
    } else {
        char link[40];
        snprintf(link, sizeof link, "/proc/self/fd/%d", at);
        ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, folder, 4095);
        if (length <= 0) return 0;
        folder[length] = 0;
        snprintf(path, 4096, "%.2000s/%.2000s", folder, name);
    }
    return is_under(path);
}

static void note(enum operation operation, uint32_t sync, int64_t offset, const char *path, const char *second,
                 const void *bytes, size_t count) {
    if (record_to < 0) return;
    struct record record = {operation, sync, offset, strlen(path), second ? strlen(second) : 0, count, MAGIC};
    struct iovec parts[4] = {{&record, sizeof record},
                             {(void *)path, record.path},
                             {(void *)second, record.second},
                             {(void *)bytes, count}};
    syscall(SYS_writev, record_to, parts, 4);
}

/* The fault that this call meets, or 0. */
static int fate(void) {
    if (!control) return 0;
    atomic_fetch_add(&control->seen, 1);
    if (atomic_load(&control->countdown) < 1 || atomic_fetch_sub(&control->countdown, 1) != 1) return 0;
    atomic_store(&control->fired, 1);
    int fault = atomic_load(&control->fault);
    if (fault == KILL) syscall(SYS_kill, getpid(), SIGKILL);
    return fault;
}

/* Whether the call fails here and now. */
static int fails(int fault) {
    if (fault == IO_ERROR) errno = EIO;
    else if (fault == NO_SPACE) errno = ENOSPC;
    return fault == IO_ERROR || fault == NO_SPACE;
}

static ssize_t put(int fd, const struct iovec *parts, int count, off_t offset, int at_offset) {
    char path[4096];
    long number = at_offset ? SYS_pwritev : SYS_writev;
    if (fd == record_to || !path_of(fd, path)) {
        return at_offset ? syscall(number, fd, parts, count, (long)offset, 0L) : syscall(number, fd, parts, count);
    }
    int fault = fate();
    if (fails(fault)) return -1;
    struct iovec first = parts[0];
    if (fault == SHORT_WRITE) {
        first.iov_len = (first.iov_len + 1) / 2;
        parts = &first;
        count = 1;
    }
    pthread_mutex_lock(&turn);
    off_t from = offset;
    if (!at_offset) {
        int flags = syscall(SYS_fcntl, fd, F_GETFL);
        from = syscall(SYS_lseek, fd, 0, flags & O_APPEND ? SEEK_END : SEEK_CUR);
    }
    off_t next = from;
    for (int i = 0; i < count; i++) {
        note(WRITE, 0, next, path, NULL, parts[i].iov_base, parts[i].iov_len);
        next += parts[i].iov_len;
    }
    ssize_t done = at_offset ? syscall(number, fd, parts, count, (long)offset, 0L) : syscall(number, fd, parts, count);
    int error = errno;
    pthread_mutex_unlock(&turn);
    errno = error;
    return done;
}

ssize_t write(int fd, const void *bytes, size_t count) {
    struct iovec all = {(void *)bytes, count};
    return put(fd, &all, 1, 0, 0);
}
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) {
    struct iovec all = {(void *)bytes, count};
    return put(fd, &all, 1, offset, 1);
}
ssize_t pwrite64(int fd, const void *bytes, size_t count, off_t offset) { return pwrite(fd, bytes, count, offset); }
ssize_t writev(int fd, const struct iovec *parts, int count) { return put(fd, parts, count, 0, 0); }
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) { return put(fd, parts, count, offset, 1); }
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off_t offset) {
    return put(fd, parts, count, offset, 1);
}

static int resize(int fd, off_t length, int grow_only) {
    char path[4096];
    if (path_of(fd, path)) {
        if (fails(fate())) return -1;
        note(TRUNCATE, grow_only, length, path, NULL, NULL, 0);
    }
    if (grow_only) return syscall(SYS_fallocate, fd, 0, 0L, (long)length);
    return syscall(SYS_ftruncate, fd, (long)length);
}

int ftruncate(int fd, off_t length) { return resize(fd, length, 0); }
int ftruncate64(int fd, off_t length) { return resize(fd, length, 0); }
int posix_fallocate(int fd, off_t offset, off_t length) { return resize(fd, offset + length, 1) ? errno : 0; }
int posix_fallocate64(int fd, off_t offset, off_t length) { return posix_fallocate(fd, offset, length); }

static int make_durable(int fd, long number) {
    char path[4096];
    if (!path_of(fd, path)) return syscall(number, fd);
    if (fails(fate())) return -1;
    uint32_t sync = (uint32_t)getpid() << 8 ^ atomic_fetch_add(&syncs, 1);
    note(SYNC_BEGINS, sync, 0, path, NULL, NULL, 0);
    int done = syscall(number, fd);
    if (done == 0) note(SYNC_DONE, sync, 0, path, NULL, NULL, 0);
    return done;
}

int fsync(int fd) { return make_durable(fd, SYS_fsync); }
int fdatasync(int fd) { return make_durable(fd, SYS_fdatasync); }

static int open_at(int at, const char *name, int flags, mode_t mode) {
    char path[4096];
    int ours = flags & (O_CREAT | O_TRUNC) && absolute(at, name, path);
    struct stat seen;
    int fresh = ours && flags & O_CREAT && syscall(SYS_newfstatat, at, name, &seen, 0) != 0;
    if (fresh && fails(fate())) return -1;
    if (fresh) note(CREATE, 0, 0, path, NULL, NULL, 0);
    else if (ours && flags & O_TRUNC) note(TRUNCATE, 0, 0, path, NULL, NULL, 0);
    return syscall(SYS_openat, at, name, flags, mode);
}

#define OPENS(name)                                                                                                    \
    int name(const char *path, int flags, ...) {                                                                       \
        va_list rest;                                                                                                  \
        va_start(rest, flags);                                                                                         \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;                                        \
        va_end(rest);                                                                                                  \
        return open_at(AT_FDCWD, path, flags, mode);                                                                   \
    }
#define OPENS_AT(name)                                                                                                 \
    int name(int at, const char *path, int flags, ...) {                                                               \
        va_list rest;                                                                                                  \
        va_start(rest, flags);                                                                                         \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;                                        \
        va_end(rest);                                                                                                  \
        return open_at(at, path, flags, mode);                                                                         \
    }
OPENS(open)
OPENS(open64)
OPENS_AT(openat)
OPENS_AT(openat64)

int renameat2(int from_at, const char *from, int to_at, const char *to, unsigned flags) {
    char old[4096], new[4096];
    if (absolute(from_at, from, old) && absolute(to_at, to, new)) {
        if (fails(fate())) return -1;
        note(RENAME, 0, 0, old, new, NULL, 0);
    }
    return syscall(SYS_renameat2, from_at, from, to_at, to, flags);
}
int renameat(int from_at, const char *from, int to_at, const char *to) {
    return renameat2(from_at, from, to_at, to, 0);
}
int rename(const char *from, const char *to) { return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0); }

int unlinkat(int at, const char *name, int flags) {
    char path[4096];
    if (!(flags & AT_REMOVEDIR) && absolute(at, name, path)) {
        if (fails(fate())) return -1;
        note(UNLINK, 0, 0, path, NULL, NULL, 0);
    }
    return syscall(SYS_unlinkat, at, name, flags);
}
int unlink(const char *name) { return unlinkat(AT_FDCWD, name, 0); }

/* What the nightly job does in a store beside writing rollups: the lock, revisions, and
 * forgetting what is old. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "footfall/store.h"
#include "store_name.h"

static enum ff_err cannot(const char *path, const char *what, struct ff_fault *fault)
{
    return ff_fault_set(fault, FF_ERR_IO, "%.300s: cannot %s: %s", path, what,
                        strerror(errno));
}

/* Who holds the lock, for people: the file has its process number. */
static void tell_holder(int fd, const char *path, ff_store_wait *wait)
{
    char pid[24] = "", sentence[512];
    const ssize_t n = pread(fd, pid, sizeof pid - 1, 0);
    pid[n > 0 ? strcspn(pid, "\n") : 0] = '\0';
    snprintf(sentence, sizeof sentence, "%.300s is held by process %s; waiting for it",
             path, *pid ? pid : "unknown");
    wait(sentence);
}

static bool flock_retried(int fd, int operation)
{
    int result;
    do
        result = flock(fd, operation);
    while (result != 0 && errno == EINTR);
    return result == 0;
}

static enum ff_err take_lock(int fd, const char *path, ff_store_wait *wait,
                             struct ff_fault *fault)
{
    if (!flock_retried(fd, LOCK_EX | LOCK_NB)) {
        if (errno != EWOULDBLOCK)
            return cannot(path, "lock", fault);
        tell_holder(fd, path, wait);
        if (!flock_retried(fd, LOCK_EX))
            return cannot(path, "lock", fault);
    }
    /* For whoever waits next; if it cannot be written the lock holds all the same. */
    if (ftruncate(fd, 0) == 0)
        dprintf(fd, "%ld\n", (long)getpid());
    return FF_OK;
}

enum ff_err ff_store_lock(const char *dir, const char *site, ff_store_wait *wait,
                          int *lock, struct ff_fault *fault)
{
    char *path = NULL;
    *lock = -1;
    FF_TRY(ff_store_make_site(dir, site, fault));
    if (asprintf(&path, "%s/%s/lock", dir, site) < 0)
        return ff_fault_nomem(fault);
    const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    enum ff_err err =
        fd < 0 ? cannot(path, "open", fault) : take_lock(fd, path, wait, fault);
    free(path);
    if (err && fd >= 0)
        close(fd);
    if (!err)
        *lock = fd;
    return err;
}

void ff_store_unlock(int lock)
{
    if (lock >= 0)
        close(lock);
}

enum ff_err ff_store_revision(const char *dir, const struct ff_rollup *rollup,
                              uint32_t *revision, struct ff_fault *fault)
{
    struct ff_rollup_list list = { 0 };
    *revision = 0;
    char *path = ff_store_path(dir, rollup);
    if (!path)
        return ff_fault_nomem(fault);
    enum ff_err err = FF_OK;
    if (access(path, F_OK) == 0)
        err = ff_rollup_read_file(&list, path, fault);
    if (!err && list.n)
        *revision = list.items[0]->revision;
    ff_rollup_list_clear(&list);
    free(path);
    return err;
}

static enum ff_err forget_one(const char *folder, const char *name,
                              struct ff_fault *fault)
{
    char *path = NULL;
    if (asprintf(&path, "%s/%s", folder, name) < 0)
        return ff_fault_nomem(fault);
    const enum ff_err err =
        unlink(path) == 0 || errno == ENOENT ? FF_OK : cannot(path, "delete", fault);
    free(path);
    return err;
}

enum ff_err ff_store_forget(const char *dir, const char *site, int32_t before, bool dry,
                            unsigned *n, struct ff_fault *fault)
{
    struct ff_store_names names = { 0 };
    char *folder = NULL;
    *n = 0;
    if (asprintf(&folder, "%s/%s", dir, site) < 0)
        return ff_fault_nomem(fault);
    enum ff_err err = ff_store_names_read(&names, folder, fault);
    for (size_t i = 0; i < names.n && !err; i++) {
        const struct ff_store_name *name = &names.items[i];
        if (ff_period_end(name->grain, name->start) > before)
            continue;
        ++*n;
        if (!dry)
            err = forget_one(folder, name->text, fault);
    }
    free(names.items);
    free(folder);
    return err;
}

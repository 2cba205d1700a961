/* Replacing a file so that a reader, or a crash at any instant, finds the old one or
 * the whole new one. */
#define _XOPEN_SOURCE 700 /* realpath */

#include "footfall/store.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"

static enum ff_err refused(struct ff_fault *fault, const char *path, const char *what)
{
    return ff_fault_set(fault, FF_ERR_IO, "%s: cannot %s: %s", path, what,
                        strerror(errno));
}

static bool write_all(int fd, const void *bytes, size_t len)
{
    const unsigned char *at = bytes;
    while (len > 0) {
        const ssize_t n = write(fd, at, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            errno = n < 0 ? errno : EIO;
            return false;
        }
        at += n;
        len -= (size_t)n;
    }
    return true;
}

/* The name is of no use until the folder that holds it is on the disk too. Some file
 * systems cannot do that for a folder and say EINVAL. */
bool ff_file_sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    const size_t len = !slash ? 1 : slash == path ? 1 : (size_t)(slash - path);
    char *folder = strndup(slash ? path : ".", len);
    if (!folder)
        return false;
    const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(folder);
    if (fd < 0)
        return false;
    const bool is_done = fsync(fd) == 0 || errno == EINVAL;
    const int error = errno;
    close(fd);
    errno = error;
    return is_done;
}

/* What a file is to have. */
struct contents {
    const void *bytes;
    size_t len;
    mode_t mode;
};

static enum ff_err write_temporary(const char *path, const char *temporary,
                                   const struct contents *contents,
                                   struct ff_fault *fault)
{
    unlink(temporary); /* of a killed process that had our number */
    const int fd =
        open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, contents->mode);
    if (fd < 0)
        return refused(fault, path, "create");
    enum ff_err err = FF_OK;
    if (!write_all(fd, contents->bytes, contents->len) || fsync(fd) != 0)
        err = refused(fault, path, "write");
    if (close(fd) != 0 && err == FF_OK)
        err = refused(fault, path, "write");
    if (err == FF_OK && rename(temporary, path) != 0)
        err = refused(fault, path, "replace");
    if (err != FF_OK)
        unlink(temporary);
    return err;
}

static enum ff_err replace_regular(const char *path, const struct contents *contents,
                                   struct ff_fault *fault)
{
    const size_t room = strlen(path) + sizeof ".18446744073709551615.tmp";
    char *temporary = malloc(room);
    if (!temporary)
        return ff_fault_nomem(fault);
    snprintf(temporary, room, "%s.%llu.tmp", path, (unsigned long long)getpid());
    const enum ff_err err = write_temporary(path, temporary, contents, fault);
    free(temporary);
    if (err != FF_OK)
        return err;
    return ff_file_sync_folder(path) ? FF_OK : refused(fault, path, "sync its folder");
}

/* A device, a pipe or a socket is written to: there is nothing to replace. */
static enum ff_err write_special(const char *path, const void *bytes, size_t len,
                                 struct ff_fault *fault)
{
    const int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return refused(fault, path, "open");
    enum ff_err err = FF_OK;
    if (!write_all(fd, bytes, len))
        err = refused(fault, path, "write");
    if (close(fd) != 0 && err == FF_OK)
        err = refused(fault, path, "write");
    return err;
}

enum ff_err ff_file_replace_private(const char *path, const void *bytes, size_t len,
                                    struct ff_fault *fault)
{
    const struct contents contents = { bytes, len, 0600 };
    return replace_regular(path, &contents, fault);
}

enum ff_err ff_file_replace(const char *path, const void *bytes, size_t len,
                            struct ff_fault *fault)
{
    const struct contents contents = { bytes, len, 0644 };
    assert(bytes || len == 0);
    struct stat info;
    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode))
        return write_special(path, bytes, len, fault);
    if (lstat(path, &info) != 0 || !S_ISLNK(info.st_mode))
        return replace_regular(path, &contents, fault);
    /* A symbolic link stays, and what it names is replaced. */
    char *target = realpath(path, NULL);
    if (!target)
        return refused(fault, path, "follow the link");
    const enum ff_err err = replace_regular(target, &contents, fault);
    free(target);
    return err;
}

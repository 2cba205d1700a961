/* A main for fuzz targets in builds without libFuzzer: runs the target over the files
 * named, or in the folders named, as they are and with a fixed set of changes (cut off
 * at some places, single bytes changed), so that each corpus is also an ordinary test.
 * The changes come from a generator with a fixed seed: the same files, the same run. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CUTS       16
#define CHANGES    64
#define LARGEST    ((size_t)4 << 20)
#define PATH_BYTES 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In memory of exactly its size, so that sanitizers see a read past the end. */
static void run_copy(const uint8_t *data, size_t size)
{
    uint8_t *copy = calloc(size ? size : 1, 1);
    if (!copy)
        return;
    if (size)
        memcpy(copy, data, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

/* Numerical Recipes' linear congruential generator; its high bits. */
static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static void run_changed(uint8_t *data, size_t size)
{
    uint32_t state = 1;
    for (size_t i = 0; i < CUTS; i++)
        run_copy(data, size * i / CUTS);
    for (size_t i = 0; size && i < CHANGES; i++) {
        const size_t at = next_random(&state) % size;
        const uint8_t before = data[at];
        data[at] = (uint8_t)next_random(&state);
        run_copy(data, size);
        data[at] = before;
    }
}

static int run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = calloc(LARGEST, 1);
    if (!file || !data) {
        fprintf(stderr, "cannot read %s\n", path);
        if (file)
            fclose(file);
        free(data);
        return 1;
    }
    const size_t size = fread(data, 1, LARGEST, file);
    fclose(file);
    run_copy(data, size);
    run_changed(data, size);
    free(data);
    return 0;
}

static int run_folder(DIR *folder, const char *path)
{
    int failed = 0;
    unsigned files = 0;
    for (const struct dirent *entry; (entry = readdir(folder));) {
        char name[PATH_BYTES];
        if (entry->d_name[0] == '.')
            continue;
        const int len = snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        if (len < 0 || (size_t)len >= sizeof name)
            return 1;
        failed |= run_file(name);
        files++;
    }
    printf("%s: %u files\n", path, files);
    return failed;
}

int main(int argc, char **argv)
{
    int failed = 0;
    uint8_t nothing = 0;
    run_copy(&nothing, 0);
    for (int i = 1; i < argc; i++) {
        DIR *folder = opendir(argv[i]);
        failed |= folder ? run_folder(folder, argv[i]) : run_file(argv[i]);
        if (folder)
            closedir(folder);
    }
    return failed;
}

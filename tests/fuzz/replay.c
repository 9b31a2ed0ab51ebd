/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main() for a fuzz target built without libFuzzer: gives it every file of the
 * directories named as arguments, each in memory of exactly its size.
 *
 *     fuzz_glob tests/fuzz/corpus/glob...
 */
#include "fuzz/fuzz.h"
#include <dirent.h>

enum { INPUT_MAX = 1 << 20 };

static bool replay_file(const char *path)
{
    static uint8_t bytes[INPUT_MAX];
    FILE *file = fopen(path, "rb");
    size_t size = file ? fread(bytes, 1, sizeof(bytes), file) : 0;
    uint8_t *input = malloc(size ? size : 1);
    bool ok = file && input && !ferror(file) && fgetc(file) == EOF;

    if (file)
        (void)fclose(file);
    if (ok) {
        memcpy(input, bytes, size);
        LLVMFuzzerTestOneInput(input, size);
    } else {
        fprintf(stderr, "%s: cannot be read, or is larger than %d bytes\n", path, INPUT_MAX);
    }
    free(input);
    return ok;
}

static bool replay_directory(const char *dir, size_t *count)
{
    DIR *d = opendir(dir);
    char path[4096];
    bool ok = d != NULL;

    for (const struct dirent *entry; ok && (entry = readdir(d));) {
        if (entry->d_name[0] == '.')
            continue;
        ok = snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name) < (int)sizeof(path);
        /* Said before it is tried: a crash then has a name. */
        fprintf(stderr, "%s\n", path);
        ok = ok && replay_file(path);
        ++*count;
    }
    if (d)
        (void)closedir(d);
    return ok;
}

int main(int count, char **args)
{
    size_t inputs = 0;
    bool ok = count > 1;

    for (int i = 1; ok && i < count; i++)
        ok = replay_directory(args[i], &inputs);
    printf("%zu inputs\n", inputs);
    /* An empty corpus shows nothing. */
    return ok && inputs > 0 ? 0 : 1;
}

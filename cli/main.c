/* footfall: web statistics from access logs, without personal data. */
#include <fcntl.h>
#include <unistd.h>

#include "command.h"
#include "folders.h"
#include "harden.h"
#include "version.h"

static void print_usage(FILE *out)
{
    fputs("footfall: web statistics from access logs, without personal data\n\n", out);
    for (size_t i = 0; i < ff_command_count; i++)
        fprintf(out, "  footfall %s %s\n      %s\n", ff_command_infos[i].name,
                ff_command_infos[i].usage, ff_command_infos[i].about);
    fputs("\nA LOG is a file, compressed or not, a folder of files, or - for standard "
          "input.\n"
          "footfall COMMAND --help lists a command's options; footfall --version.\n"
          "Exit status: 0 done, 1 could not, 2 usage, 3 done but something needs a "
          "look.\n",
          out);
}

/* Whether standard output took everything; says so if not. */
static bool is_written(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return true;
    ff_say("cannot write to standard output");
    return false;
}

static int run(const struct ff_command_info *command, int argc, char **argv)
{
    struct ff_options options;
    struct ff_fault fault = { "" };
    enum ff_exit exit = FF_EXIT_DONE;
    enum ff_err err = ff_options_read(&options, command->id, argc, argv, &fault);
    if (!err && options.wants_help) {
        printf("footfall %s %s\n    %s\n\n", command->name, command->usage,
               command->about);
        ff_options_print(stdout, command->id);
    } else if (!err) {
        if (command->id & FF_READS_LOGS) {
            err = ff_harden(&fault);
            if (!err)
                err = ff_folders_expand(&options, &fault);
        }
        if (!err)
            err = command->run(&options, &exit, &fault);
    }
    ff_options_clear(&options);
    if (!err && !is_written())
        return FF_EXIT_FAILED;
    if (!err)
        return (int)exit;
    ff_say("%s", fault.text);
    return err == FF_ERR_USAGE ? FF_EXIT_USAGE : FF_EXIT_FAILED;
}

/* With a standard stream closed the first file opened would take its place, and
 * messages would be written into it. */
static bool hold_standard_streams(void)
{
    int fd;
    do
        fd = open("/dev/null", O_RDONLY);
    while (fd >= 0 && fd <= STDERR_FILENO);
    return fd < 0 || close(fd) == 0;
}

int main(int argc, char **argv)
{
    if (!hold_standard_streams())
        return FF_EXIT_FAILED;
    const char *word = argc > 1 ? argv[1] : "";
    if (strcmp(word, "--version") == 0) {
        puts("footfall " FF_VERSION);
        return is_written() ? FF_EXIT_DONE : FF_EXIT_FAILED;
    }
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        print_usage(stdout);
        return is_written() ? FF_EXIT_DONE : FF_EXIT_FAILED;
    }
    for (size_t i = 0; i < ff_command_count; i++)
        if (strcmp(word, ff_command_infos[i].name) == 0)
            return run(&ff_command_infos[i], argc - 1, argv + 1);
    if (*word)
        ff_say("no command \"%.80s\"", word);
    print_usage(stderr);
    return FF_EXIT_USAGE;
}

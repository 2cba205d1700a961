/* footfall: web statistics from access logs, without personal data. */
#include "command.h"
#include "version.h"

struct command {
    const char *name;
    enum ff_command id;
    ff_command_run *run;
    const char *usage;
    const char *about;
};

static const struct command commands[] = {
    { "run", FF_RUN, ff_run_command, "LOG... [-o FILE]...",
      "logs to a report; nothing else touches the disk" },
    { "rollup", FF_ROLLUP, ff_rollup_command, "--store DIR LOG...",
      "logs to anonymous rollups in a store: the nightly job" },
    { "report", FF_REPORT, ff_report_command, "--store DIR | FILE.cbor... [-o FILE]...",
      "rollups to a report" },
    { "inspect", FF_INSPECT, ff_inspect_command, "FILE.cbor...",
      "a rollup's CBOR in diagnostic notation" },
};
#define N_COMMANDS (sizeof commands / sizeof *commands)

static void print_usage(FILE *out)
{
    fputs("footfall: web statistics from access logs, without personal data\n\n", out);
    for (size_t i = 0; i < N_COMMANDS; i++)
        fprintf(out, "  footfall %s %s\n      %s\n", commands[i].name,
                commands[i].usage, commands[i].about);
    fputs("\nA LOG is a file, gzip or not, or - for standard input.\n"
          "footfall COMMAND --help lists a command's options; footfall --version.\n"
          "Exit status: 0 done, 1 could not, 2 usage, 3 done but something needs a "
          "look.\n",
          out);
}

static int run(const struct command *command, int argc, char **argv)
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
        err = command->run(&options, &exit, &fault);
    }
    if (!err && (fflush(stdout) != 0 || ferror(stdout)))
        err = ff_fault_set(&fault, FF_ERR_IO, "cannot write to standard output");
    if (!err)
        return (int)exit;
    ff_say("%s", fault.text);
    return err == FF_ERR_USAGE ? FF_EXIT_USAGE : FF_EXIT_FAILED;
}

int main(int argc, char **argv)
{
    const char *word = argc > 1 ? argv[1] : "";
    if (strcmp(word, "--version") == 0) {
        puts("footfall " FF_VERSION);
        return FF_EXIT_DONE;
    }
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        print_usage(stdout);
        return FF_EXIT_DONE;
    }
    for (size_t i = 0; i < N_COMMANDS; i++)
        if (strcmp(word, commands[i].name) == 0)
            return run(&commands[i], argc - 1, argv + 1);
    if (*word)
        ff_say("no command \"%.80s\"", word);
    print_usage(stderr);
    return FF_EXIT_USAGE;
}

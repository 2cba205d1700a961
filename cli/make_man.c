/* make_man: writes the man page, in mdoc(7): a template, with the options of the table
 * in place of its line @OPTIONS@. Runs when footfall is built; it is not installed.
 *
 *     make_man TEMPLATE >footfall.1 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "command.h"

static const char *const titles[FF_GROUPS] = {
    [FF_GROUP_OUTPUT] = "What comes out",
    [FF_GROUP_INPUT] = "What goes in",
    [FF_GROUP_PERIODS] = "Visits and periods",
};

/* Plain text as mdoc's: a line a sentence; a line that begins like a request, and a
 * hyphen before an option, would be read as something else. */
static void put_text(const char *text, bool is_sentence)
{
    bool is_start = true;
    for (const char *at = text; *at; at++) {
        const bool is_first = at == text;
        if (is_start && (*at == '.' || *at == '\''))
            fputs("\\&", stdout);
        is_start = false;
        if (*at == '\\')
            fputs("\\e", stdout);
        else if (*at == '-' && (at[1] == '-' || (at > text && at[-1] == '-')))
            fputs("\\-", stdout);
        else if (*at == ' ' && at > text && at[-1] == '.' &&
                 isupper((unsigned char)at[1]))
            is_start = putchar('\n') != EOF;
        else
            putchar(is_first && is_sentence ? toupper((unsigned char)*at) : *at);
    }
    puts(is_sentence ? "." : "");
}

/* Which commands take it; none are named where all do. */
static void put_commands(unsigned commands)
{
    const char *before = ".Pq Cm ";
    for (size_t i = 0; i < ff_command_count; i++) {
        if (!(commands & ff_command_infos[i].id))
            continue;
        printf("%s%s", before, ff_command_infos[i].name);
        before = " , ";
    }
    puts("");
}

static void put_option(const struct ff_option_info *info)
{
    printf(".It ");
    if (info->letter)
        printf("Fl %c%s%s , ", info->letter, info->argument ? " Ar " : "",
               info->argument ? info->argument : "");
    printf("Fl -%s", info->name);
    if (info->argument)
        printf(" Ar %s", info->argument);
    puts("");
    if (strcmp(info->name, "help") != 0)
        put_commands(info->commands);
    put_text(info->help, true);
    if (info->more)
        put_text(info->more, false);
}

static void put_options(void)
{
    for (enum ff_option_group group = 0; group < FF_GROUPS; group++) {
        printf(".Ss %s\n.Bl -tag -width Ds\n", titles[group]);
        for (size_t i = 0; i < ff_option_count; i++)
            if (ff_option_infos[i].group == group)
                put_option(&ff_option_infos[i]);
        puts(".El");
    }
}

int main(int argc, char **argv)
{
    char line[512];
    FILE *template = argc == 2 ? fopen(argv[1], "r") : NULL;
    if (!template) {
        fprintf(stderr, "usage: make_man TEMPLATE\n");
        return 2;
    }
    while (fgets(line, sizeof line, template)) {
        if (strcmp(line, "@OPTIONS@\n") == 0)
            put_options();
        else
            fputs(line, stdout);
    }
    const bool is_bad = ferror(template) || fflush(stdout) || ferror(stdout);
    fclose(template);
    return is_bad;
}

/* footfall completion: a script for the shell, made from the table of options. Its
 * words are ours alone: no file or log has a say in them. */
#include "command.h"

/* ---- bash ---- */

static void put_command_names(FILE *out)
{
    for (size_t i = 0; i < ff_command_count; i++)
        fprintf(out, "%s ", ff_command_infos[i].name);
    fputs("--help --version", out);
}

/* "--period" or "-o|--output" as a pattern of case. */
static void put_pattern(FILE *out, const struct ff_option_info *info)
{
    if (info->letter)
        fprintf(out, "-%c|", info->letter);
    fprintf(out, "--%s", info->name);
}

static void put_bash_values(FILE *out)
{
    for (size_t i = 0; i < ff_option_count; i++) {
        const struct ff_option_info *info = &ff_option_infos[i];
        if (!info->argument)
            continue;
        fputs("    ", out);
        put_pattern(out, info);
        fputs(")", out);
        if (info->completes == FF_WITH_FILES)
            fputs(" compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "
                  "\"$cur\");",
                  out);
        if (info->completes == FF_WITH_FOLDERS)
            fputs(" compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "
                  "\"$cur\");",
                  out);
        if (info->completes == FF_WITH_WORDS)
            fprintf(out, " mapfile -t COMPREPLY < <(compgen -W \"%s\" -- \"$cur\");",
                    info->words);
        fputs(" return ;;\n", out);
    }
}

static void put_bash_command(FILE *out, const struct ff_command_info *command)
{
    fprintf(out, "    %s) options=\"", command->name);
    for (size_t i = 0; i < ff_option_count; i++)
        if (ff_option_infos[i].commands & command->id)
            fprintf(out, "--%s ", ff_option_infos[i].name);
    fprintf(out, "\" words=\"%s\" ;;\n", command->words ? command->words : "");
}

static void put_bash(FILE *out)
{
    fputs("# bash completion for footfall, made by: footfall completion bash\n"
          "_footfall() {\n"
          "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
          "    local options='' words=''\n"
          "    COMPREPLY=()\n"
          "    if ((COMP_CWORD == 1)); then\n"
          "        mapfile -t COMPREPLY < <(compgen -W \"",
          out);
    put_command_names(out);
    fputs("\" -- \"$cur\")\n        return\n    fi\n    case $prev in\n", out);
    put_bash_values(out);
    fputs("    esac\n    case ${COMP_WORDS[1]} in\n", out);
    for (size_t i = 0; i < ff_command_count; i++)
        put_bash_command(out, &ff_command_infos[i]);
    fputs("    esac\n"
          "    if [[ $cur == -* ]]; then\n"
          "        mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$cur\")\n"
          "    elif [[ $words ]]; then\n"
          "        mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
          "    else\n"
          "        compopt -o filenames\n"
          "        mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
          "    fi\n"
          "}\n"
          "complete -F _footfall footfall\n",
          out);
}

/* ---- zsh ---- */

/* Text inside '...[ ]...' of _arguments. */
static void put_quoted(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '\'')
            fputs("'\\''", out);
        else if (strchr("[]:\\", *text))
            fprintf(out, "\\%c", *text);
        else
            putc(*text, out);
    }
}

static void put_zsh_action(FILE *out, enum ff_completes completes, const char *words)
{
    if (completes == FF_WITH_FILES)
        fputs("_files", out);
    if (completes == FF_WITH_FOLDERS)
        fputs("_files -/", out);
    if (completes == FF_WITH_WORDS)
        fprintf(out, "(%s)", words);
}

static void put_zsh_option(FILE *out, const struct ff_option_info *info,
                           const char *dashes, const char *name)
{
    fprintf(out, "            '%s%s%s%s[",
            info->kind == FF_TAKES_LIST || info->kind == FF_TAKES_GOAL ? "*" : "",
            dashes, name, info->argument && dashes[1] ? "=" : "");
    put_quoted(out, info->help);
    fputs("]", out);
    if (info->argument) {
        fputs(":", out);
        put_quoted(out, info->argument);
        fputs(":", out);
        put_zsh_action(out, info->completes, info->words);
    }
    fputs("' \\\n", out);
}

static void put_zsh_command(FILE *out, const struct ff_command_info *command)
{
    fprintf(out, "    %s)\n        _arguments -s \\\n", command->name);
    for (size_t i = 0; i < ff_option_count; i++) {
        const struct ff_option_info *info = &ff_option_infos[i];
        const char letter[2] = { info->letter, '\0' };
        if (!(info->commands & command->id))
            continue;
        put_zsh_option(out, info, "--", info->name);
        if (info->letter)
            put_zsh_option(out, info, "-", letter);
    }
    fputs("            '*:", out);
    put_quoted(out, command->usage);
    fputs(":", out);
    put_zsh_action(out, command->completes, command->words);
    fputs("'\n        ;;\n", out);
}

static void put_zsh(FILE *out)
{
    fputs("#compdef footfall\n"
          "# zsh completion for footfall, made by: footfall completion zsh\n"
          "_footfall() {\n"
          "    local -a subcommands\n"
          "    if ((CURRENT == 2)); then\n"
          "        subcommands=(\n",
          out);
    for (size_t i = 0; i < ff_command_count; i++) {
        fprintf(out, "            '%s:", ff_command_infos[i].name);
        put_quoted(out, ff_command_infos[i].about);
        fputs("'\n", out);
    }
    fputs("        )\n"
          "        _describe command subcommands\n"
          "        return\n"
          "    fi\n"
          "    local command=$words[2]\n"
          "    shift words\n"
          "    ((CURRENT--))\n"
          "    case $command in\n",
          out);
    for (size_t i = 0; i < ff_command_count; i++)
        put_zsh_command(out, &ff_command_infos[i]);
    fputs("    esac\n"
          "}\n"
          "if [[ $funcstack[1] == _footfall ]]; then\n"
          "    _footfall \"$@\"\n"
          "else\n"
          "    compdef _footfall footfall\n"
          "fi\n",
          out);
}

enum ff_err ff_completion_command(const struct ff_options *options, enum ff_exit *exit,
                                  struct ff_fault *fault)
{
    (void)exit;
    const char *shell = options->n_files == 1 ? options->files[0] : "";
    if (strcmp(shell, "bash") == 0)
        put_bash(stdout);
    else if (strcmp(shell, "zsh") == 0)
        put_zsh(stdout);
    else
        return ff_fault_set(fault, FF_ERR_USAGE, "completion takes bash or zsh");
    return FF_OK;
}

#include "command.h"

/* clang-format off */
const struct ff_command_info ff_command_infos[] = {
    { "run", FF_RUN, ff_run_command, "LOG... [-o FILE]...",
      "logs to a report; nothing else touches the disk", FF_WITH_FILES, NULL },
    { "rollup", FF_ROLLUP, ff_rollup_command, "--store DIR LOG...",
      "logs to anonymous rollups in a store: the nightly job", FF_WITH_FILES, NULL },
    { "report", FF_REPORT, ff_report_command, "--store DIR | FILE.cbor... [-o FILE]...",
      "rollups to a report", FF_WITH_FILES, NULL },
    { "serve", FF_SERVE, ff_serve_command, "--store DIR [--listen 127.0.0.1:7880]",
      "the reports of a store over HTTP, for a team", FF_WITH_NOTHING, NULL },
    { "live", FF_LIVE, ff_live_command, "[-] [--store DIR] [--html FILE]",
      "a log on standard input, watched; on a terminal as a dashboard", FF_WITH_NOTHING, NULL },
    { "ingest", FF_INGEST, ff_ingest_command, "LOG... | footfall aggregate",
      "logs to hits, for a process of its own; hits are pseudonymous", FF_WITH_FILES, NULL },
    { "aggregate", FF_AGGREGATE, ff_aggregate_command, "[-o FILE]... [--store DIR]",
      "what ingest writes into a pipe to a report or into a store", FF_WITH_NOTHING, NULL },
    { "explain", FF_EXPLAIN, ff_explain_command, "LOG... | --rules | --formats",
      "how logs are read, and how other tools would count them", FF_WITH_FILES, NULL },
    { "audit", FF_AUDIT, ff_audit_command, "FILE.cbor...",
      "checks rollups from their bytes alone", FF_WITH_FILES, NULL },
    { "inspect", FF_INSPECT, ff_inspect_command, "FILE.cbor...",
      "a rollup's CBOR in diagnostic notation", FF_WITH_FILES, NULL },
    { "completion", FF_COMPLETION, ff_completion_command, "bash|zsh",
      "a script that lets the shell complete options", FF_WITH_WORDS, "bash zsh" },
};
/* clang-format on */

const size_t ff_command_count = sizeof ff_command_infos / sizeof *ff_command_infos;

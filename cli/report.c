/* footfall report: rollups, from a store or from files, to a report. */
#include "output.h"
#include "spans.h"

struct report {
    struct ff_spans spans;
    bool has_complaints;
};

static void complain(void *context, const char *sentence)
{
    struct report *report = context;
    report->has_complaints = true;
    ff_say("%s; left out%s", sentence,
           report->spans.is_reading_other ? " of the comparison" : "");
}

/* The report says so, too, but it may be read much later. */
static void say_none_is_there(struct report *report)
{
    const struct ff_days days = report->spans.other_days;
    const struct ff_date from = ff_date_of_day(days.from);
    const struct ff_date to = ff_date_of_day(days.end - 1);
    report->has_complaints = true;
    ff_say("--compare: no rollups of %04d-%02d-%02d to %04d-%02d-%02d", (int)from.year,
           from.month, from.day, (int)to.year, to.month, to.day);
}

static enum ff_err make(struct report *report, const struct ff_options *o,
                        struct ff_fault *fault)
{
    const struct ff_run_lines lines = { 0 };
    const bool is_compared = o->compare.kind != FF_COMPARE_NOTHING;
    const struct ff_span_query query = { .store = o->store,
                                         .files = o->files,
                                         .n_files = o->n_files,
                                         .site = o->site,
                                         .profile = o->profile,
                                         .days = { o->from, o->to },
                                         .compare = o->compare,
                                         .complain = complain,
                                         .context = report };
    FF_TRY(ff_spans_read(&report->spans, &query, fault));
    const struct ff_comparison comparison = { report->spans.other_days,
                                              &report->spans.other };
    FF_TRY(ff_outputs_write(o, &report->spans.shown, is_compared ? &comparison : NULL,
                            &lines, fault));
    if (is_compared && report->spans.other.n == 0)
        say_none_is_there(report);
    return FF_OK;
}

enum ff_err ff_report_command(const struct ff_options *options, enum ff_exit *exit,
                              struct ff_fault *fault)
{
    struct report report = { 0 };
    if ((options->store != NULL) == (options->n_files > 0))
        return ff_fault_set(fault, FF_ERR_USAGE,
                            "report takes --store DIR, or rollup files (FILE.cbor...)");
    FF_TRY(ff_outputs_check(options, fault));
    const enum ff_err err = make(&report, options, fault);
    if (!err && report.has_complaints)
        *exit = FF_EXIT_LOOK;
    ff_spans_clear(&report.spans);
    return err;
}

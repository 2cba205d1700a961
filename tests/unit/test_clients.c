/* From client and agent to token, agent and country, with what is remembered between.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "clients.h"

static struct ff_secret secret;
static struct ff_keyring *keyring;
static struct ff_agents *agents;
static struct ff_exclusions *exclusions;
static struct ff_client_memo *memo;
static struct ff_clients *clients;

static int open_clients(void **state)
{
    (void)state;
    static const char *const office[] = { "203.0.113.0/24" };
    const struct ff_ingest_settings settings = { .exclude_nets = { office, 1 } };
    struct ff_fault fault;
    if (!ff_secret_init(&secret) || ff_keyring_create(&keyring, &fault) != FF_OK ||
        ff_agents_create(&agents, &fault) != FF_OK ||
        ff_client_memo_create(&memo, &fault) != FF_OK ||
        ff_exclusions_create(&exclusions, &settings, &fault) != FF_OK)
        return -1;
    const struct ff_clients_parts parts = { .memo = memo,
                                            .keyring = keyring,
                                            .agents = agents,
                                            .exclusions = exclusions,
                                            .secret = &secret };
    return ff_clients_create(&clients, &parts, &fault) == FF_OK ? 0 : -1;
}

static int close_clients(void **state)
{
    (void)state;
    ff_clients_destroy(clients);
    ff_client_memo_destroy(memo);
    ff_exclusions_destroy(exclusions);
    ff_agents_destroy(agents);
    ff_keyring_destroy(keyring);
    return 0;
}

/* `agent` NULL: the format has none. */
static struct ff_group_line line_of(const char *client, const char *agent,
                                    int32_t period)
{
    return (struct ff_group_line) { .record = { .client = ff_span_of(client),
                                                .agent = ff_span_of(agent ? agent : ""),
                                                .has = agent ? FF_HAS_AGENT : 0 },
                                    .period = period };
}

static struct ff_hit hit_of(const char *client, const char *agent, int32_t period,
                            enum ff_client_fate want)
{
    struct ff_group_line line = line_of(client, agent, period);
    struct ff_hit hit = { 0 };
    enum ff_client_fate fate;
    struct ff_fault fault;
    ff_clients_look(clients, &line, 1);
    assert_int_equal(ff_client_read(clients, &line, &hit, &fate, &fault), FF_OK);
    assert_int_equal(fate, want);
    return hit;
}

static struct ff_hit hit(const char *client, const char *agent)
{
    return hit_of(client, agent, 100, FF_CLIENT_COUNTS);
}

static void the_same_again_is_the_same(void **state)
{
    (void)state;
    const struct ff_hit first = hit("192.0.2.1", "a"), second = hit("192.0.2.1", "a");
    assert_true(first.visitor == second.visitor && first.net == second.net);
    assert_ptr_equal(first.agent, second.agent);
    /* Another spelling of the same address is another entry and the same visitor. */
    assert_true(hit("::ffff:192.0.2.1", "a").visitor == first.visitor);
    assert_true(hit("192.0.2.1", "b").visitor != first.visitor);
    assert_true(hit("192.0.2.2", "a").visitor != first.visitor);
}

/* Two files, one without an agent field: an empty agent is a robot's in the other only,
 * whichever line comes first. */
static void no_agent_and_no_agent_field(void **state)
{
    (void)state;
    assert_null(hit("192.0.2.3", NULL).agent);
    assert_int_equal(hit("192.0.2.3", "").agent->robot, FF_ROBOT_DECLARED);
    assert_null(hit("192.0.2.3", NULL).agent);
    assert_int_equal(hit("192.0.2.4", "").agent->robot, FF_ROBOT_DECLARED);
    assert_null(hit("192.0.2.4", NULL).agent);
}

static void periods_and_forgetting(void **state)
{
    (void)state;
    const struct ff_hit monday = hit_of("192.0.2.1", "a", 200, FF_CLIENT_COUNTS);
    const struct ff_hit tuesday = hit_of("192.0.2.1", "a", 201, FF_CLIENT_COUNTS);
    assert_true(monday.visitor != tuesday.visitor);
    ff_client_memo_forget(memo, 200);
    ff_keyring_forget(keyring, 200);
    assert_true(hit_of("192.0.2.1", "a", 200, FF_CLIENT_COUNTS).visitor !=
                monday.visitor);
    assert_true(hit_of("192.0.2.1", "a", 201, FF_CLIENT_COUNTS).visitor ==
                tuesday.visitor);
}

/* What is remembered of an agent is of that one alone, for all clients and periods, and
 * for no client. */
static void agents_are_remembered(void **state)
{
    (void)state;
    static const char *const texts[] = { "Googlebot/2.1", "curl/7.88.1", "what/1" };
    for (unsigned i = 0; i < 300; i++) {
        char client[16];
        const char *text = texts[i % 3];
        const int32_t period = (int32_t)(300 + i / 100);
        const struct ff_agent *want;
        struct ff_fault fault;
        snprintf(client, sizeof client, "192.0.2.%u", i % 100);
        assert_int_equal(ff_agent_read(agents, ff_span_of(text), &want, &fault), FF_OK);
        assert_ptr_equal(hit_of(client, text, period, FF_CLIENT_COUNTS).agent, want);
        hit_of("", text, period, FF_CLIENT_MALFORMED);
    }
    ff_client_memo_forget(memo, 300);
    const struct ff_agent *robot =
        hit_of("192.0.2.9", texts[0], 301, FF_CLIENT_COUNTS).agent;
    assert_int_equal(robot->robot, FF_ROBOT_DECLARED);
}

static void who_does_not_count(void **state)
{
    (void)state;
    for (int again = 0; again < 2; again++) {
        assert_false(hit("-", "a").has_client);
        assert_true(hit("host.example", "a").has_client);
        hit_of("<script>", "a", 100, FF_CLIENT_MALFORMED);
        hit_of("203.0.113.77", "a", 100, FF_CLIENT_EXCLUDED);
    }
}

/* Who is met with others, or twice, is who he is alone. Most are in the memo then: who
 * is taken for another is not. Lines that do not count bring nobody there. */
static void many_are_met_at_once(void **state)
{
    (void)state;
    static const struct {
        const char *client, *agent;
        enum ff_client_fate fate;
    } cases[] = {
        { "192.0.2.41", "x/1", FF_CLIENT_COUNTS },
        { "192.0.2.42", "x/1", FF_CLIENT_COUNTS },
        { "192.0.2.41", "x/2", FF_CLIENT_COUNTS },
        { "192.0.2.41", "", FF_CLIENT_COUNTS },
        { "192.0.2.41", NULL, FF_CLIENT_COUNTS },
        { "203.0.113.9", "x/1", FF_CLIENT_EXCLUDED },
        { "no client", "x/1", FF_CLIENT_MALFORMED },
        { "no client", NULL, FF_CLIENT_MALFORMED },
        { "198.51.100.9, 10.0.0.1", "x/1", FF_CLIENT_COUNTS },
        { "2001:db8:1:2::3", "x/1", FF_CLIENT_COUNTS },
        { "192.0.2.41", "x/1", FF_CLIENT_COUNTS },
        { "pc.example.net", "x/3", FF_CLIENT_COUNTS },
        { "-", "x/3", FF_CLIENT_COUNTS },
    };
    enum { N = sizeof cases / sizeof *cases };
    struct ff_group_line lines[N];
    struct ff_hit together[N];
    size_t n_met = 0;
    struct ff_fault fault;
    for (size_t i = 0; i < N; i++)
        lines[i] = line_of(cases[i].client, cases[i].agent, 400);
    ff_clients_look(clients, lines, N);
    for (size_t i = 0; i < N; i++)
        assert_false(ff_client_memo_has(memo, lines[i].hash.client));
    assert_int_equal(ff_clients_meet(clients, lines, N, &fault), FF_OK);
    for (size_t i = 0; i < N; i++)
        n_met += ff_client_memo_has(memo, lines[i].hash.client);
    assert_true(n_met >= N / 2);
    for (size_t i = 0; i < N; i++)
        together[i] = hit_of(cases[i].client, cases[i].agent, 400, cases[i].fate);
    ff_client_memo_forget(memo, 400);
    for (size_t i = 0; i < N; i++) {
        assert_false(ff_client_memo_has(memo, lines[i].hash.client));
        const struct ff_hit alone =
            hit_of(cases[i].client, cases[i].agent, 400, cases[i].fate);
        assert_true(alone.net == together[i].net &&
                    alone.visitor == together[i].visitor);
        assert_ptr_equal(alone.agent, together[i].agent);
        assert_int_equal(alone.has_client, together[i].has_client);
        ff_client_memo_forget(memo, 400);
    }
    assert_true(together[8].net ==
                hit_of("198.51.100.9", "x/1", 400, FF_CLIENT_COUNTS).net);
    ff_client_memo_forget(memo, 400);
    for (size_t i = 0; i < N; i++)
        lines[i].fate = FF_GROUP_EXCLUDED;
    assert_int_equal(ff_clients_meet(clients, lines, N, &fault), FF_OK);
    for (size_t i = 0; i < N; i++)
        assert_false(ff_client_memo_has(memo, lines[i].hash.client));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_again_is_the_same),
        cmocka_unit_test(no_agent_and_no_agent_field),
        cmocka_unit_test(periods_and_forgetting),
        cmocka_unit_test(agents_are_remembered),
        cmocka_unit_test(who_does_not_count),
        cmocka_unit_test(many_are_met_at_once),
    };
    return cmocka_run_group_tests(tests, open_clients, close_clients);
}

/* Any bytes as an agent: what it is called is a word of a closed list, the same when
 * read again, and the same as without prefilter and memo. */
#include <stdint.h>
#include <stdlib.h>

#include "agents.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool is_so)
{
    if (!is_so)
        abort();
}

/* Words are printable ASCII: nothing of a log's bytes becomes one. */
static void check_word(struct ff_span word)
{
    for (size_t i = 0; i < word.len; i++)
        require(word.data[i] >= ' ' && word.data[i] < 127);
}

static void check_agent(const struct ff_agent *agent)
{
    check_word(agent->family);
    check_word(agent->browser);
    check_word(agent->system);
    check_word(agent->device);
    check_word(agent->name);
    require((agent->robot == FF_HUMAN) == (agent->name.len == 0));
    require(agent->robot <= FF_ROBOT_AI);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* Made once: compiling the patterns anew for each input would be all that is done.
     */
    static struct ff_agents *agents;
    struct ff_fault fault;
    const struct ff_span text = { (const char *)data, size };
    const struct ff_agent *agent, *again, *slow;
    if (!agents && ff_agents_create(&agents, &fault))
        abort();
    if (ff_agent_read(agents, text, &agent, &fault) ||
        ff_agent_read(agents, text, &again, &fault) ||
        ff_agent_read_slowly(agents, text, &slow, &fault))
        abort();
    check_agent(agent);
    require(agent == again);
    require(agent->robot == slow->robot && ff_span_equal(agent->name, slow->name));
    return 0;
}

/* driver states: a driver's table of states, as records or as a graph in DOT. */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

/* One row of the table. */
struct state_row {
    const char *raw;
    int state;
    const uint16_t *ops;
};

static bool row_at(struct state_row *row, const nube_driver_info *drv, size_t i)
{
    return nube_driver_state(drv, i, &row->raw, &row->state, &row->ops) != 0;
}

/* "start, destroy"; NULL: the driver does not say. Owned. */
static char *allowed(const struct state_row *row)
{
    struct text t;
    if (!row->ops)
        return NULL;
    text_open(&t);
    for (size_t k = 0; row->ops[k]; k++)
        fprintf(t.file, "%s%s", k ? "," : "", nube_op_action((enum nube_op)row->ops[k]));
    return text_take(&t);
}

static int print_rows(struct app *app, const nube_driver_info *drv)
{
    struct out out;
    struct state_row row;
    int status = out_open_verb(&out, app);
    if (status)
        return status;
    for (size_t i = 0; row_at(&row, drv, i); i++) {
        char *ops = allowed(&row);
        out_record(&out, (const char *const[]){row.raw, nube_state_name(row.state), ops});
        free(ops);
    }
    out_close(&out);
    return app_status(app);
}

/* Where an action leads, the first that the driver has; an action that is not here leaves the state
 * as it is. */
static const struct {
    enum nube_op op;
    int to[2];
} leads[] = {
    {NUBE_OP_NODE_START, {NUBE_STATE_RUNNING, -1}},
    {NUBE_OP_NODE_STOP, {NUBE_STATE_STOPPED, -1}},
    {NUBE_OP_NODE_REBOOT, {NUBE_STATE_RUNNING, -1}},
    {NUBE_OP_NODE_SUSPEND, {NUBE_STATE_SUSPENDED, NUBE_STATE_PAUSED}},
    {NUBE_OP_NODE_RESUME, {NUBE_STATE_RUNNING, -1}},
    {NUBE_OP_NODE_REBUILD, {NUBE_STATE_RUNNING, -1}},
    {NUBE_OP_NODE_DESTROY, {NUBE_STATE_TERMINATED, -1}},
};
/* What ends by itself. */
static const int passes[][2] = {
    {NUBE_STATE_PENDING, NUBE_STATE_RUNNING},
    {NUBE_STATE_REBOOTING, NUBE_STATE_RUNNING},
    {NUBE_STATE_STOPPING, NUBE_STATE_STOPPED},
};

static bool has_state(const nube_driver_info *drv, int state)
{
    struct state_row row;
    for (size_t i = 0; row_at(&row, drv, i); i++)
        if (row.state == state)
            return true;
    return false;
}

static bool state_allows(const nube_driver_info *drv, int state, enum nube_op op)
{
    struct state_row row;
    for (size_t i = 0; row_at(&row, drv, i); i++)
        for (size_t k = 0; row.state == state && row.ops && row.ops[k]; k++)
            if (row.ops[k] == op)
                return true;
    return false;
}

/* A state with the provider's words for it. */
static void put_state(const nube_driver_info *drv, int state)
{
    struct state_row row;
    printf("  %s [label=\"%s\\n", nube_state_name(state), nube_state_name(state));
    for (size_t i = 0, n = 0; row_at(&row, drv, i); i++)
        if (row.state == state)
            printf("%s%s", n++ ? "\\n" : "", row.raw);
    puts("\"];");
}

/* The state that the op leads to; -1: the node is gone; -2: none that the driver has. */
static int target_of(const nube_driver_info *drv, size_t lead)
{
    for (size_t k = 0; k < 2; k++)
        if (leads[lead].to[k] >= 0 && has_state(drv, leads[lead].to[k]))
            return leads[lead].to[k];
    return leads[lead].op == NUBE_OP_NODE_DESTROY ? -1 : -2;
}

/* One edge for all actions that lead from one state to another. */
static void put_edge(const nube_driver_info *drv, int from, int to)
{
    size_t n = 0;
    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++) {
        if (target_of(drv, i) != to || !state_allows(drv, from, leads[i].op))
            continue;
        if (!n++)
            printf("  %s -> %s [label=\"", nube_state_name(from),
                   to < 0 ? "gone" : nube_state_name(to));
        else
            fputs(", ", stdout);
        fputs(nube_op_action(leads[i].op), stdout);
    }
    if (n)
        puts("\"];");
}

static void put_edges(const nube_driver_info *drv)
{
    for (int from = NUBE_STATE_UNKNOWN; from <= NUBE_STATE_ERROR; from++)
        for (int to = -1; to <= NUBE_STATE_ERROR; to++)
            put_edge(drv, from, to);
    for (size_t i = 0; i < sizeof passes / sizeof *passes; i++)
        if (has_state(drv, passes[i][0]) && has_state(drv, passes[i][1]))
            printf("  %s -> %s [style=dotted];\n", nube_state_name(passes[i][0]),
                   nube_state_name(passes[i][1]));
}

static int print_dot(const nube_driver_info *drv)
{
    printf("digraph \"%s\" {\n  label=\"States of a node: %s\";\n"
           "  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n"
           "  edge [fontname=\"sans-serif\", fontsize=10];\n",
           nube_driver_id(drv), nube_driver_title(drv));
    for (int state = NUBE_STATE_UNKNOWN; state <= NUBE_STATE_ERROR; state++)
        if (has_state(drv, state))
            put_state(drv, state);
    if (!has_state(drv, NUBE_STATE_TERMINATED))
        puts("  gone [shape=plaintext];");
    put_edges(drv);
    puts("}");
    return 0;
}

int cmd_driver_states(struct app *app)
{
    bool dot = args_get(&app->args, "dot") != NULL;
    if (dot && (args_get(&app->args, "output") || args_get(&app->args, "columns")))
        return app_fail(app, NUBE_E_USAGE,
                        "--dot is a form of its own: leave --output and --columns out");
    const nube_driver_info *drv = driver_word(app, app->args.words[0]);
    if (!drv)
        return app->exit;
    return dot ? print_dot(drv) : print_rows(app, drv);
}

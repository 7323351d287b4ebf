/* Arenas: texts are whole wherever a block ends, and what held a secret is wiped before it is
 * freed. */
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "arena.h"
#include "mem.h"

#define SECRET "HUNTER2-HUNTER2"

static size_t seen; /* freed blocks in which the secret still was */

static void look_and_free(void *block)
{
    if (block && memmem(block, malloc_usable_size(block), SECRET, strlen(SECRET)))
        seen++;
    free(block);
}

static int hook(void **state)
{
    (void)state;
    return nube_mem_hooks(malloc, realloc, look_and_free);
}

/* Around every block's end, so that some are printed twice. */
static void fill(struct nube_arena *a, size_t texts)
{
    char expected[512];
    size_t i;

    for (i = 0; i < texts; i++) {
        const char *text = nube_arena_fmt(a, "%zu %s %*d", i, SECRET, (int)(i * 37 % 400), 7);

        snprintf(expected, sizeof(expected), "%zu %s %*d", i, SECRET, (int)(i * 37 % 400), 7);
        assert_string_equal(text, expected);
    }
}

static void texts_are_whole_and_secrets_wiped_on_free(void **state)
{
    struct nube_arena a = {.secret = true};

    (void)state;
    fill(&a, 3000);
    seen = 0;
    nube_arena_free(&a);
    assert_int_equal(seen, 0);
}

static void what_is_rewound_is_wiped(void **state)
{
    struct nube_arena a = {.secret = true};
    struct nube_arena_mark mark;

    (void)state;
    nube_arena_strdup(&a, "before");
    mark = nube_arena_mark(&a);
    seen = 0;
    fill(&a, 500);
    nube_arena_rewind(&a, mark);
    assert_int_equal(seen, 0);
    nube_arena_free(&a);
    assert_int_equal(seen, 0);
}

static void what_is_reset_is_wiped_and_used_again(void **state)
{
    struct nube_arena a = {.secret = true};

    (void)state;
    seen = 0;
    fill(&a, 500);
    nube_arena_reset(&a);
    fill(&a, 3);
    nube_arena_free(&a);
    assert_int_equal(seen, 0);
}

/* The other tests could not fail otherwise. */
static void without_a_secret_nothing_is_wiped(void **state)
{
    struct nube_arena a = {0};

    (void)state;
    fill(&a, 500);
    seen = 0;
    nube_arena_free(&a);
    assert_true(seen > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_whole_and_secrets_wiped_on_free),
        cmocka_unit_test(what_is_rewound_is_wiped),
        cmocka_unit_test(what_is_reset_is_wiped_and_used_again),
        cmocka_unit_test(without_a_secret_nothing_is_wiped),
    };

    return cmocka_run_group_tests(tests, hook, NULL);
}

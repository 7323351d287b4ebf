/* What a measured program says of itself in one line: count, wall us, CPU us, peak KiB. */
#ifndef NUBE_BENCH_MEASURE_H
#define NUBE_BENCH_MEASURE_H

#include <stdio.h>
#include <time.h>

struct measure {
    double wall, cpu;
};

static inline double measure_clock(clockid_t id)
{
    struct timespec t;

    clock_gettime(id, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static inline struct measure measure_begin(void)
{
    return (struct measure){measure_clock(CLOCK_MONOTONIC),
                            measure_clock(CLOCK_PROCESS_CPUTIME_ID)};
}

/* What wait4() tells of memory includes the parent's before exec; this does not. */
static inline long measure_peak(void)
{
    FILE *f = fopen("/proc/self/status", "r");
    char line[256];
    long kib = 0;

    while (f && fgets(line, sizeof(line), f))
        if (sscanf(line, "VmHWM: %ld", &kib) == 1)
            break;
    if (f)
        fclose(f);
    return kib;
}

static inline void measure_end(struct measure from, size_t count)
{
    struct measure now = measure_begin();

    printf("%zu %.0f %.0f %ld\n", count, now.wall - from.wall, now.cpu - from.cpu, measure_peak());
}

#endif

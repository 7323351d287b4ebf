/* The process's peak memory in KiB; what wait4() tells includes the parent's before exec. */
#ifndef NUBE_BENCH_PEAK_H
#define NUBE_BENCH_PEAK_H

#include <stdio.h>

static long peak_kib(void)
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

#endif

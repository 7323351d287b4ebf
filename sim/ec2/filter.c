/* Filters: by table of fields, and tags; values with * and ?. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "ec2.h"

void ec2_value(struct ec2_values *v, const char *text)
{
    if (text && v->n < sizeof v->at / sizeof *v->at)
        v->at[v->n++] = text;
}

void ec2_value_fmt(struct ec2_values *v, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    size_t room = sizeof v->scratch - v->used;
    int n = vsnprintf(v->scratch + v->used, room, format, ap);
    va_end(ap);
    if (n >= 0 && (size_t)n < room) {
        ec2_value(v, v->scratch + v->used);
        v->used += (size_t)n + 1;
    }
}

void ec2_value_bool(struct ec2_values *v, bool yes)
{
    ec2_value(v, yes ? "true" : "false");
}

void ec2_value_time(struct ec2_values *v, int64_t ms)
{
    char buf[32];
    sim_iso_time(buf, sizeof buf, ms);
    ec2_value_fmt(v, "%s", buf);
}

uint64_t ec2_hash(const char *text)
{
    uint64_t h = 14695981039346656037u;
    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * 1099511628211u;
    return h;
}

static bool set_field(struct ec2_filter *f, const char *name, const struct ec2_field *fields,
                      size_t n, bool tags)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(fields[i].name, name)) {
            f->field = &fields[i];
            return true;
        }
    f->tag = !strncmp(name, "tag:", 4) ? name + 4 : NULL;
    f->tag_value = !strcmp(name, "tag-value");
    return tags && (f->tag || f->tag_value || !strcmp(name, "tag-key"));
}

bool ec2_filters_read(struct ec2_call *c, struct ec2_filters *fs, const struct ec2_field *fields,
                      size_t n, bool tags)
{
    const char *name, *value;
    for (int i = 1; (name = sim_paramf(c->q, "Filter.%d.Name", i)); i++) {
        SIM_PUSH(fs->at, fs->n, fs->size);
        struct ec2_filter *f = &fs->at[fs->n++];
        size_t size = 0;
        memset(f, 0, sizeof *f);
        if (!set_field(f, name, fields, n, tags)) {
            ec2_fail(c, "InvalidParameterValue", "The filter '%s' is invalid", name);
            ec2_filters_free(fs);
            return false;
        }
        fs->hash = fs->hash * 31 + ec2_hash(name);
        for (int k = 1; (value = sim_paramf(c->q, "Filter.%d.Value.%d", i, k)); k++) {
            SIM_PUSH(f->values, f->n_values, size);
            f->values[f->n_values++] = value;
            fs->hash = fs->hash * 37 + ec2_hash(value);
        }
        if (!f->n_values) {
            ec2_fail(c, "InvalidParameterValue", "The filter '%s' has no values", name);
            ec2_filters_free(fs);
            return false;
        }
    }
    return true;
}

void ec2_filters_free(struct ec2_filters *fs)
{
    for (size_t i = 0; i < fs->n; i++)
        free(fs->at[i].values);
    free(fs->at);
    fs->at = NULL;
    fs->n = fs->size = 0;
}

static bool wanted(const struct ec2_filter *f, const char *text)
{
    for (size_t i = 0; i < f->n_values; i++)
        if (sim_glob(f->values[i], text))
            return true;
    return false;
}

static bool match_tags(const struct ec2_filter *f, const struct ec2_tags *tags)
{
    for (size_t i = 0; tags && i < tags->n; i++) {
        const struct ec2_tag *t = &tags->at[i];
        bool value = f->tag || f->tag_value;
        if ((!f->tag || !strcmp(f->tag, t->key)) && wanted(f, value ? t->value : t->key))
            return true;
    }
    return false;
}

static bool match(const struct ec2_filter *f, const void *object, const struct ec2_tags *tags)
{
    struct ec2_values v;
    if (!f->field)
        return match_tags(f, tags);
    v.n = v.used = 0;
    f->field->get(object, &v);
    for (size_t i = 0; i < v.n; i++)
        if (wanted(f, v.at[i]))
            return true;
    return false;
}

bool ec2_filters_match(const struct ec2_filters *fs, const void *object,
                       const struct ec2_tags *tags)
{
    for (size_t i = 0; i < fs->n; i++)
        if (!match(&fs->at[i], object, tags))
            return false;
    return true;
}

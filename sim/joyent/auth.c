/* Who asks: a signature by one of the account's or its users' keys; before 7.0 a password too. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../mem.h"
#include "httpsig.h"
#include "joyent.h"

/* CloudAPI says the same for many causes; the log says which it was. */
static bool refuse(struct joy_call *c, const char *why, const char *what)
{
    if (why)
        sim_text_fmt(&c->r->why, "%s%s", why, what ? what : "");
    return joy_fail(c, "InvalidCredentials", "Invalid authorization credentials supplied");
}

static bool check_date(struct joy_call *c)
{
    const char *text = sim_header(c->q, "X-Date");
    int64_t at, skew;
    text = text ? text : sim_header(c->q, "Date");
    if (!text)
        return true; /* what has to be signed says whether it may be missing */
    at = httpsig_date(text);
    if (at < 0)
        return joy_fail(c, "InvalidHeader", "Authorization header invalid: the date is not one");
    skew = sim_wall_ms(c->cloud->sim) / 1000 - at;
    if (llabs((long long)skew) > c->cloud->settings->skew_limit_s)
        return joy_fail(c, "InvalidHeader",
                        "Authorization header invalid: clock skew of %llds was greater than %llds",
                        llabs((long long)skew), (long long)c->cloud->settings->skew_limit_s);
    return true;
}

/* ---- The key: /LOGIN/keys/KEY or /LOGIN/users/USER/keys/KEY --------------------------------- */

/* Cuts the path at its slashes; how many segments there are behind the first slash. */
static int segments(char *path, char **out, int max)
{
    int n = 0;
    if (*path != '/')
        return 0;
    for (char *at = path; at && n < max; at = strchr(at, '/')) {
        *at++ = 0;
        out[n++] = at;
    }
    return n;
}

static bool find_key(struct joy_call *c, char *key_id)
{
    char *seg[6] = {0};
    int n = segments(key_id, seg, 6);
    bool own = n == 3 && joy_same(seg[1], "keys");
    bool users = n == 5 && joy_same(seg[1], "users") && joy_same(seg[3], "keys");
    struct joy_account *a;
    if (!own && !(users && joy_is(c, 7, 2)))
        return joy_fail(c, "InvalidCredentials", "Invalid KeyId");
    a = joy_account_find(c->cloud, seg[0]);
    if (!a)
        return refuse(c, "there is no account ", seg[0]);
    c->user = users ? joy_user_find(a, seg[2]) : NULL;
    if (users && !c->user)
        return refuse(c, "there is no user ", seg[2]);
    c->key = joy_key_find(users ? &c->user->keys : &a->keys, seg[n - 1]);
    if (!c->key)
        return refuse(c, "there is no key ", seg[n - 1]);
    c->account = a;
    return true;
}

static bool check_signature(struct joy_call *c, const char *header)
{
    struct httpsig h;
    struct sim_text why = {0}, text = {0};
    bool good = httpsig_read(header, &h, &why) && httpsig_string(c->q, &h, &text, &why);
    if (!good)
        joy_fail(c, "InvalidHeader", "Authorization header invalid: %s", why.data);
    if (good)
        good = check_date(c) && find_key(c, h.key_id);
    if (good && !httpsig_verify(&h, c->key->pkey, c->key->kind, &text, &why))
        good = refuse(c, why.data, NULL);
    sim_text_free(&why);
    sim_text_free(&text);
    httpsig_free(&h);
    return good;
}

/* ---- A password: the API of 6.5 alone takes it ------------------------------------------------
 */

static bool check_password(struct joy_call *c, const char *base64)
{
    size_t len = 0;
    char *both = (char *)sim_base64_decode(base64, &len);
    char *colon = both ? strchr(both, ':') : NULL;
    bool good = false;
    if (colon) {
        *colon = 0;
        c->account = joy_account_find(c->cloud, both);
        good = c->account && joy_same(c->account->password, colon + 1);
    }
    free(both);
    return good || refuse(c, "no such account, or another password", NULL);
}

/* The login of the path is the caller's own, or "my". */
static bool check_login(struct joy_call *c)
{
    const char *login = c->q->seg[0];
    if (c->account->disabled)
        return joy_fail(c, "NotAuthorized", "Account is disabled");
    if (!login || joy_same(login, "my") || joy_same(login, c->account->login) ||
        joy_same(login, c->account->id))
        return true;
    return joy_account_find(c->cloud, login)
               ? joy_fail(c, "NotAuthorized", "%s is not yours", login)
               : joy_fail(c, "ResourceNotFound", "%s does not exist", login);
}

bool joy_authenticate(struct joy_call *c)
{
    const char *header = sim_header(c->q, "Authorization");
    bool good;
    if (!header)
        return joy_fail(c, "InvalidCredentials",
                        "You must make authenticated requests to use CloudAPI");
    if (!strncasecmp(header, "Basic ", 6) && !joy_is(c, 7, 0))
        good = check_password(c, header + 6);
    else
        good = check_signature(c, header);
    if (c->account)
        snprintf(c->r->who, sizeof c->r->who, "%s%s%s", c->account->login, c->user ? "/" : "",
                 c->user ? c->user->login : "");
    return good && check_login(c);
}

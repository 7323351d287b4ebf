/* Credentials from a program, and from roles at the token service. */
#include <string.h>

#include "auth.h"

void ec2_take_end(struct ec2_auth *a, const char *text)
{
    int64_t at = nube_time_of(text);

    if (at > 0)
        a->expires = at;
}

int ec2_take_keys(nube_call *c, struct ec2_auth *a, const nube_doc *doc, const char *const names[3])
{
    const char *key = nube_doc_str(doc, names[0]), *secret = nube_doc_str(doc, names[1]);

    if (!key || !*key || !secret || !*secret)
        return 0;
    a->key = nube_strdup(c, key);
    a->secret = nube_strdup(c, secret);
    a->token = nube_strdup(c, nube_doc_str(doc, names[2]));
    nube_secret(c, a->secret);
    nube_secret(c, a->token);
    return 1;
}

/* ---- A program ---------------------------------------------------------------------- */

static enum nube_step run(nube_call *c, const char *line)
{
    const char *const *argv = nube_words(c, line);

    if (!argv || !*argv)
        return nube_fail(c, NUBE_E_USAGE, "credential_process %s",
                         argv ? "is empty" : "has a quotation mark that is not closed");
    nube_need_exec(c, argv, NULL, NUBE_NEED_SECRET, 0);
    return ec2_send(c, EC2_RUN_PROCESS);
}

enum nube_step ec2_process(nube_call *c, struct ec2_auth *a, const nube_reply *r)
{
    static const char *const names[] = {"AccessKeyId", "SecretAccessKey", "SessionToken"};
    const char *program, *text;
    const nube_doc *doc;
    size_t len;

    if (!r)
        return run(c, a->process);
    program = *nube_words(c, a->process);
    text = nube_reply_body(r, &len);
    if (nube_reply_status(r) == 404)
        return nube_fail(c, NUBE_E_AUTH, "credential_process: there is no program %s", program);
    if (nube_reply_status(r) != 200)
        return nube_fail(c, NUBE_E_AUTH, "credential_process: %s failed: %.*s", program,
                         (int)strcspn(text, "\n"), text);
    doc = nube_doc_parse(c, text, len);
    if (nube_doc_int(doc, "Version", 0) != 1 || !ec2_take_keys(c, a, doc, names))
        return nube_fail(c, NUBE_E_AUTH,
                         "credential_process: the output of %s is not version 1 of its form",
                         program);
    ec2_take_end(a, nube_doc_str(doc, "Expiration"));
    return NUBE_DONE;
}

/* ---- The token service -------------------------------------------------------------- */

static const char *session_name(nube_call *c, const char *given)
{
    return given ? given : nube_fmt(c, "nube-%lld", (long long)(nube_now(c) / 1000));
}

static nube_req *sts(nube_call *c, const char *action)
{
    nube_req *q = nube_req_new(c, NUBE_POST, "sts");

    nube_req_tag(q, EC2_TAG_STS);
    nube_req_form(q, "Action", action);
    nube_req_form(q, "Version", "2011-06-15");
    nube_req_flag(q, NUBE_REQ_SAFE);
    return q;
}

void ec2_use(nube_call *c, const struct ec2_auth *a)
{
    nube_session_set(c, "key", a->key);
    nube_session_secret(c, "secret", a->secret);
    nube_session_secret(c, "token", a->token ? a->token : "");
}

/* EC2 says AuthFailure to everything: the token service tells a wrong key from a wrong secret, and
 * both from a right one. When it does not answer, nothing is known. */
enum nube_step ec2_ask_identity(nube_call *c, const struct ec2_auth *a)
{
    nube_req *q;

    ec2_use(c, a);
    q = sts(c, "GetCallerIdentity");
    nube_req_flag(q, NUBE_REQ_SIGNED | NUBE_REQ_TRY);
    return ec2_send(c, EC2_IDENTITY);
}

static enum nube_step take_role(nube_call *c, struct ec2_auth *a, const nube_reply *r,
                                const char *result, const char *arn)
{
    static const char *const names[] = {"AccessKeyId", "SecretAccessKey", "SessionToken"};
    const nube_doc *doc = nube_doc_path(nube_reply_doc(r), result);

    if (!ec2_take_keys(c, a, doc, names))
        return nube_fail(c, NUBE_E_PROTOCOL,
                         "the reply of the token service holds no credentials for role %s", arn);
    a->expires = 0;
    ec2_take_end(a, nube_doc_str(doc, "Expiration"));
    return NUBE_DONE;
}

/* The token is read anew for each login: it is replaced while the program runs. */
enum nube_step ec2_web(nube_call *c, struct ec2_auth *a, const nube_reply *r)
{
    const char *text;
    size_t len;
    nube_req *q;

    if (!r) {
        nube_need_file(c, a->web.file, NUBE_NEED_SECRET, 0);
        return ec2_send(c, EC2_WEB_TOKEN);
    }
    if (nube_phase(c) == EC2_WEB_ROLE)
        return take_role(c, a, r, "AssumeRoleWithWebIdentityResult.Credentials", a->web.arn);
    if (nube_reply_status(r) != 200)
        return nube_fail(c, NUBE_E_AUTH, "there is no web identity token in %s", a->web.file);
    text = nube_reply_body(r, &len);
    text = nube_fmt(c, "%.*s", (int)strcspn(text, "\r\n"), text);
    nube_secret(c, text);
    q = sts(c, "AssumeRoleWithWebIdentity");
    nube_req_form(q, "RoleArn", a->web.arn);
    nube_req_form(q, "RoleSessionName", session_name(c, a->web.session));
    nube_req_form(q, "WebIdentityToken", text);
    return ec2_send(c, EC2_WEB_ROLE);
}

static enum nube_step assume(nube_call *c, const struct ec2_auth *a, const char *code)
{
    const struct ec2_role *role = &a->roles[a->n_roles - 1];
    nube_req *q;

    ec2_use(c, a);
    q = sts(c, "AssumeRole");
    nube_req_form(q, "RoleArn", role->arn);
    nube_req_form(q, "RoleSessionName", session_name(c, role->session));
    nube_req_form(q, "DurationSeconds", role->duration);
    nube_req_form(q, "ExternalId", role->external_id);
    nube_req_form(q, "SerialNumber", role->mfa_serial);
    nube_req_form(q, "TokenCode", code);
    nube_req_flag(q, NUBE_REQ_SIGNED);
    return ec2_send(c, EC2_ASSUME);
}

static enum nube_step next_role(nube_call *c, const struct ec2_auth *a)
{
    const char *serial = a->roles[a->n_roles - 1].mfa_serial;

    if (!serial)
        return assume(c, a, NULL);
    nube_need_ask(c, nube_fmt(c, "MFA code of %s: ", serial), 0);
    return ec2_send(c, EC2_MFA);
}

enum nube_step ec2_assume(nube_call *c, struct ec2_auth *a, const nube_reply *r)
{
    const char *arn = a->roles[a->n_roles - 1].arn, *code;
    size_t len;

    if (!r)
        return next_role(c, a);
    if (nube_phase(c) == EC2_MFA) {
        code = nube_reply_body(r, &len);
        if (nube_reply_status(r) != 200 || !len)
            return nube_fail(c, NUBE_E_AUTH, "role %s wants an MFA code, and none was given", arn);
        nube_secret(c, code);
        return assume(c, a, nube_strdup(c, code));
    }
    if (take_role(c, a, r, "AssumeRoleResult.Credentials", arn) != NUBE_DONE)
        return NUBE_FAIL;
    return --a->n_roles ? next_role(c, a) : NUBE_DONE;
}

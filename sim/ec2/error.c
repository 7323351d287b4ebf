/* Errors: the status of each code, and bodies in the forms of EC2 and STS. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "ec2.h"

/* What is not here is 400. */
static const struct {
    unsigned status;
    const char *codes; /* with a space around each */
} statuses[] = {
    {401, " AuthFailure "},
    {403, " UnauthorizedOperation AccessDenied AccessDeniedException MissingAuthenticationToken "
          "InvalidClientTokenId SignatureDoesNotMatch UnrecognizedClientException ExpiredToken "
          "RegionDisabledException IDPRejectedClaim OptInRequired "
          "InvalidSignatureException RequestTimeTooSkewed "},
    {412, " DryRunOperation "},
    {500, " InternalError InternalFailure InternalServerError ServerInternal "
          "InsufficientInstanceCapacity InsufficientHostCapacity InsufficientCapacity "
          "InsufficientReservedInstanceCapacity InsufficientAddressCapacity "
          "InsufficientVolumeCapacity SpotMaxPriceTooLow "},
    {503, " RequestLimitExceeded EC2ThrottledException Unavailable ServiceUnavailable SlowDown "
          "Server.Unavailable "},
    {429, " TooManyRequestsException "},
    {509, " BandwidthLimitExceeded "},
};

unsigned ec2_error_status(const char *code)
{
    char *word = sim_fmt(" %s ", code);
    unsigned status = 400;
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        if (strstr(statuses[i].codes, word))
            status = statuses[i].status;
    free(word);
    return status;
}

void ec2_request_id(struct sim *s, struct sim_reply *r)
{
    char hex[33];
    sim_random_hex(s, hex, 32);
    snprintf(r->id, sizeof r->id, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16,
             hex + 20);
    sim_reply_header(r, "x-amzn-requestid", r->id);
}

void ec2_error_body(struct sim_reply *r, bool sts, unsigned status, const char *code,
                    const char *message)
{
    r->status = status ? status : ec2_error_status(code);
    r->type = "text/xml;charset=UTF-8";
    snprintf(r->code, sizeof r->code, "%s", code);
    sim_text_clear(&r->body);
    if (sts)
        sim_text_fmt(&r->body,
                     "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n"
                     "  <Error>\n    <Type>%s</Type>\n",
                     r->status < 500 ? "Sender" : "Receiver");
    else
        SIM_LIT(&r->body, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors><Error>");
    sim_elem(&r->body, "Code", code);
    sim_elem(&r->body, "Message", message);
    sim_text_puts(&r->body, sts ? "\n  </Error>\n  " : "</Error></Errors>");
    sim_elem(&r->body, sts ? "RequestId" : "RequestID", r->id);
    sim_text_puts(&r->body, sts ? "\n</ErrorResponse>\n" : "</Response>");
}

bool ec2_fail(struct ec2_call *c, const char *code, const char *format, ...)
{
    char message[2048];
    va_list ap;
    va_start(ap, format);
    vsnprintf(message, sizeof message, format, ap);
    va_end(ap);
    c->failed = true;
    ec2_error_body(c->r, c->sts, 0, code, message);
    return false;
}

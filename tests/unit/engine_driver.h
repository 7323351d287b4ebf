/* A driver made for tests of the engine: every kind of flow once, against tests/support/faultd.py.
 *
 * Provider "engine". Options: endpoint, key, secret. AUTH is POST /token with a form; its reply is
 * {"token": T} and may have {"expires": unix ms}. T goes into X-Auth-Token. Errors are
 * {"error": {"message": M, "code": C}}; the code "expired" asks for a new login, "busy" for
 * another try, and either counts inside a 200 too.
 *
 *   node list           GET /servers?marker=M: {"servers": [{id, name, state, password, ip}],
 * "next": M} node get            GET /servers/ID; extra value "now": the time as the core corrected
 * it node create         POST /servers, POST /servers/ID/start, GET /servers/ID. Arguments: name,
 *                       image, password (secret), and yes/no: token (an idempotency token goes
 *                       along), pull (POST /servers/ID/pull, a stream of values, before the start),
 *                       settle (GET every 50 ms until the state is ACTIVE)
 *   node destroy        DELETE /servers/ID
 *   node start, stop    POST /servers/ID/start, /stop
 *   node suspend        fails before anything is sent
 *   node console        GET /servers/ID/console: whole lines only go out, in upper case
 *   node probe          reads the file `file` and runs `program` with the argument `word`: extra
 *                       values "file", "output" and "status"
 *   image list          GET /images/own and GET /images/public at once; extra value "nth" of
 *                       an image: how many there were; status of the result: the replies
 *   node action reset   POST /servers/ID/reset
 *   node action both    GET /servers/ID and POST /servers/ID/reset at once, with a secret
 *                       that is not told as one in a header of each
 *   node action send    POST to the absolute URL `to`
 *   node action spoil   fails at once, with two undos that fail at once
 *   image action pull   POST /images/ID/pull: a stream of {"status", "current", "total", "error"}
 */
#ifndef NUBE_TESTS_ENGINE_DRIVER_H
#define NUBE_TESTS_ENGINE_DRIVER_H

#include <nube/driver/driver.h>

extern const struct nube_driver engine_driver;

#endif

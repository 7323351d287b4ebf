/* provider list: the catalogue over all installed drivers. */
#include "cmd.h"

int cmd_provider_list(struct app *app)
{
    struct nube_error err = NUBE_ERROR_INIT;
    struct out out;
    const char *cells[3];
    int status = app_open(app);
    if (!status)
        status = out_open_verb(&out, app);
    if (status)
        return status;
    int count = nube_provider_count(app->lib, &err);
    if (count < 0)
        app_error(app, &err);
    for (int i = 0; i < count; i++)
        if (nube_provider_at(app->lib, i, &cells[0], &cells[1], &cells[2]))
            out_record(&out, cells);
    out_close(&out);
    return app_status(app);
}

/*
 * A pool of FastCGI workers: processes of a few threads each behind one unix socket.
 *
 * Connections that nginx keeps open wait at no thread. A request runs on one thread from its first
 * byte to its last; one that waits for news (HTTP_PARK) holds none until there are some.
 */
#ifndef HALL_WEB_FCGI_H
#define HALL_WEB_FCGI_H

#include "web/http.h"

/* What the program lends the pool. Each thread has a struct op of its own. */
struct fcgi_hooks {
    /* Once per thread: sets db, kv, vault, providers; they live as long as the process. */
    void (*open)(struct op *op);
    /* How many bytes a body may have; NULL: conf->max_body for all. */
    size_t (*body_limit)(const char *method, const char *path);
    /*
     * NULL where nobody waits. Called again and again on a thread of its own: waits up to wait_ms
     * for the next topic announced, NULL when there was none. *gap is set when topics may have
     * been missed since the last call: everybody who waits then looks again.
     */
    enum err (*news)(struct op *op, int wait_ms, const char **topic, bool *gap);
};

/*
 * Serves conf->listen, a path that may be relative. SIGINT: ends when what was begun is finished.
 * SIGTERM: returns at once while the processes serve on for some seconds, so that a successor
 * started now takes over the socket without losing a request. Returns the exit status of the
 * program. Call with a single thread.
 */
int fcgi_serve(const struct conf *conf, http_handler *handler, const struct fcgi_hooks *hooks);

#endif
